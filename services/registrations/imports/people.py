"""People as CSV: one row, one person."""

from __future__ import annotations

from services.registrations.imports.cells import truth
from services.registrations.imports.sheets import Sheet, one_command_per_row

PEOPLE = Sheet(
    name="people",
    required=("person", "name", "address", "school"),
    optional=("zone", "language", "name_public", "department", "pattern"),
    convert={"name_public": truth},
    read=one_command_per_row("person", "register"),
)
