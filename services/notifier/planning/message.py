"""What calendars should hold, and a message that tells one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.notifier.planning.answers import Key
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Method
from shared.contract.facts.replies import PartStat


@dataclass(frozen=True)
class Calendars:
    """What every calendar should hold. A session that is neither placed nor off is not settled yet: we wait.

    A weekly series stands there once, under its proposal's id, where it is told as one entry.
    """

    entries: Mapping[Key, CalendarEntry] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()

    def is_settled(self, session: str) -> bool:
        return session in self.placed or session in self.off


@dataclass(frozen=True)
class MessageDue:
    """A message to send. ``before`` is what the calendar holds now, as far as we know; it and ``created`` may be None.

    ``created`` is when the first message of this person and session was claimed. For a cancellation, ``entry`` is
    the entry that goes. With ``occurrence``, which names one of a series, the message is about that one alone and
    ``entry`` is the series after it. ``partstat`` is the person's own answer, as far as it still stands. A message
    that tells the present state ``again`` keeps its SEQUENCE. ``asked_at`` is the last question that is answered now.
    """

    person: str
    session: str
    n: int
    method: Method
    sequence: int
    entry: CalendarEntry
    cancels: CancelKind | None = None
    before: CalendarEntry | None = None
    created: datetime | None = None
    occurrence: datetime | None = None
    partstat: PartStat | None = None
    again: bool = False
    asked_at: datetime | None = None

    @property
    def gives_back(self) -> bool:
        """Whether it takes back this person's seat alone, in the session or on one date of a series."""
        date = self.entry.occurrence(self.occurrence) if self.occurrence is not None else None
        is_seat = self.cancels is CancelKind.SEAT or (date is not None and date.given_back)
        return self.method is Method.CANCEL and is_seat
