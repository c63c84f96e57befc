"""What planning takes from the replies of one person about one session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.contract.facts.replies import PartStat

Key = tuple[str, str]
"""A person's id, and that of a session or of a series."""


@dataclass(frozen=True)
class Answer:
    """The last answer that counts, and what was asked besides.

    ``partstat`` is None for somebody who only asked something. ``at`` is when we took the answer in, and
    ``sequence`` the SEQUENCE of the invitation that it answers. ``declined_in_calendar`` is the
    same of the last no that their calendar itself gave and so shows, if it has given no other answer since; a link in
    the mail tells only us. ``refresh_asked_at`` is the last REFRESH (RFC 5546, 3.2.6), ``counter_declined_at`` when the
    organiser last refused a COUNTER of theirs (3.2.8).
    """

    partstat: PartStat | None
    at: datetime
    sequence: int
    declined_in_calendar: int | None = None
    refresh_asked_at: datetime | None = None
    counter_declined_at: datetime | None = None
