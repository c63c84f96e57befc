"""The commands of ``teachmeet``, by who uses them."""
