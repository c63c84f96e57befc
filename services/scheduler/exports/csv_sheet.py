"""CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, which is how they know the encoding."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

from services.scheduler.exports.edition import Edition, EditionSession
from shared.cells import harmless

_BYTE_ORDER_MARK = "\ufeff"
COLUMNS = (
    "release",
    "session",
    "title",
    "part",
    "format",
    "day",
    "start",
    "end",
    "zone",
    "starts_at",
    "ends_at",
    "minutes",
    "room",
    "site",
    "presenters",
    "abstract",
)


def csv_sheet(edition: Edition) -> str:
    """The edition as CSV, one session a row. Equal editions give equal text."""
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in _row(edition, session)] for session in edition.sessions)
    return _BYTE_ORDER_MARK + sheet.getvalue()


def _row(edition: Edition, session: EditionSession) -> tuple[str, ...]:
    start, end = _local(edition, session.start), _local(edition, session.end)
    return (
        str(edition.number),
        session.id,
        session.title,
        "{} of {}".format(*session.part) if session.part is not None else "",
        session.format,
        start.date().isoformat(),
        f"{start:%H:%M}",
        f"{end:%H:%M}",
        edition.zone,
        start.isoformat(),
        end.isoformat(),
        str(session.minutes),
        session.venue.name,
        session.venue.site,
        ", ".join(each.name for each in session.presenters),
        session.abstract,
    )


def _local(edition: Edition, instant: datetime) -> datetime:
    return instant.astimezone(edition.local)
