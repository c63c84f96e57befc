"""Proposals as CSV: one row, one proposal that is submitted to a programme's call."""

from __future__ import annotations

from services.registrations.imports.cells import several, whole_number, whole_numbers
from services.registrations.imports.sheets import Sheet, one_command_per_row

PROPOSALS = Sheet(
    name="proposals",
    required=("proposal", "programme", "title", "format", "minutes", "presenters"),
    optional=("abstract", "parts", "part_gap_days", "needs", "seats"),
    convert={
        "minutes": whole_number,
        "presenters": several,
        "parts": whole_number,
        "part_gap_days": whole_numbers,
        "needs": several,
        "seats": whole_number,
    },
    read=one_command_per_row("proposal", "submit"),
)
