"""What goes wrong when a file of a peer's is read."""

from __future__ import annotations


class FormatError(ValueError):
    """The file is not of the format it claims; the message names the place in it and what is allowed there."""
