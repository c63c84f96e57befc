"""Interests as CSV: one row says whether one person wants to come to one proposal."""

from __future__ import annotations

from services.registrations.imports.sheets import Sheet, one_command_per_row

INTERESTS = Sheet(
    name="interests",
    required=("person", "session", "level"),
    optional=(),
    read=one_command_per_row("interest", "state"),
)
