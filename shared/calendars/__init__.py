"""What every calendar object of ours has in common: UIDs, and the clocks by which times are told."""
