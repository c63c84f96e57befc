"""Times as somebody types them on the command line."""

from __future__ import annotations

from datetime import datetime

import typer

from shared.time.zones import zone


def local_instant(text: str | None, zone_name: str, option: str) -> datetime | None:
    """A time in that zone, unless it names an offset. Raises typer.BadParameter for what is no time."""
    if text is None:
        return None
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("give a date and time such as 2027-01-12T10:00", param_hint=option) from None
    return stated if stated.tzinfo else stated.replace(tzinfo=zone(zone_name))
