"""Pure decisions: what a command changes, given the facts. No I/O."""
