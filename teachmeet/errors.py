"""What the command line says no with."""

from __future__ import annotations


class CannotError(Exception):
    """Something that was asked for cannot be done; the message says why, in a sentence for people."""
