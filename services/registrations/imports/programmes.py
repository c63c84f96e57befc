"""Programmes as a table, as our own exports write them: one row, one programme."""

from __future__ import annotations

from services.registrations.imports.cells import nested, several, whole_number
from services.registrations.imports.sheets import Sheet, one_command_per_row

PROGRAMMES = Sheet(
    name="programmes",
    required=("programme", "title", "first_day", "last_day"),
    optional=(
        "zone",
        "closures",
        "nation",
        "policy_pack",
        "policy_layers",
        "weekend",
        "grid_minutes",
        "call",
        "template",
        "formats",
        "seats",
    ),
    convert={
        "closures": nested,
        "policy_layers": several,
        "weekend": several,
        "grid_minutes": whole_number,
        "call": nested,
        "formats": nested,
        "seats": nested,
    },
    read=one_command_per_row("programme", "announce"),
)
