"""What a person was invited to, as their calendar was told last: the state that an answer must be about.

An answer about a series is one about each of its dates on which the person has a seat; registrations knows single
sessions. One about a date alone says nothing of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.notifier.planning.book import Book
from services.notifier.planning.correspondence import Correspondence, cancels_all
from services.notifier.planning.series import shown_dates
from shared.contract.facts.notifier import CancelKind, Invite, Occurrence


@dataclass(frozen=True)
class Invited:
    """One entry, or one date of a series; then ``original`` names it. ``dates`` are those of a series.

    ``sequence`` is what the calendar has for it: a message about one date leaves the others what they were.
    """

    person: str
    session: str
    sequence: int
    start: datetime
    original: datetime | None = None
    given_back: bool = False
    dates: tuple[Invited, ...] = ()

    @classmethod
    def by(cls, past: Correspondence) -> Invited:
        told = past.told
        dates = (
            cls.on(past, session, date)
            for date in map(told.entry.occurrence, told.entry.dates)
            if (session := told.entry.session_on(date.original)) and (not date.cancelled or date.given_back)
        )
        return cls(told.person, told.session, past.whole, told.entry.start, dates=tuple(dates))

    @classmethod
    def on(cls, past: Correspondence, session: str, date: Occurrence) -> Invited:
        """One date of a series."""
        sequence = past.sequence_on(date.original)
        return cls(past.last.person, session, sequence, date.start, date.original, date.given_back)

    def of(self, person: str) -> Invited:
        """The same of another person, who may come to every date that this one knows of."""
        return replace(self, person=person, given_back=False, dates=tuple(each.of(person) for each in self.dates))

    @property
    def held(self) -> tuple[Invited, ...]:
        """The dates of a series on which the person has a seat."""
        return tuple(each for each in self.dates if not each.given_back)

    def meant(self, recurrence: datetime | None) -> Invited:
        """What an answer is about that names this occurrence, if any; itself where it names none of the dates."""
        return next((each for each in self.dates if each.original == recurrence), self)

    def is_about(self, recurrence: datetime | None) -> bool:
        """Whether an answer that names this occurrence is about it."""
        if recurrence is None:
            return self.original is None
        return recurrence == (self.original or self.start) and not self.dates


@dataclass(frozen=True)
class Invitation:
    """What was told, and what of it a session is: all, or one date of a series."""

    told: Invite
    invited: Invited
    date: Occurrence | None = None

    @classmethod
    def to(cls, book: Book, community: str, person: str, session: str) -> Invitation | None:
        """What that person was told last of a session, or of the series that it belongs to."""
        past = book.about(community, person, session)
        if past is None:
            return None
        original = past.told.entry.date_of(session) if past.told.session != session else None
        if original is None:
            return cls(past.told, Invited.by(past))
        date = past.told.entry.occurrence(original)
        return cls(past.told, Invited.on(past, session, date), date)

    def shown(self, now: datetime) -> tuple[Occurrence, ...]:
        """What a page shows of it: the one date, or of a series those that are held, first those to come."""
        if self.date is not None:
            return (self.date,)
        return shown_dates(self.told.entry, now)

    def is_open(self, now: datetime) -> bool:
        """Whether it is still to come and was not taken off; a seat that was given back may be asked for again."""
        if cancels_all(self.told) and self.told.cancels is CancelKind.SESSION:
            return False
        if self.date is None:
            return self.told.entry.ends_at() > now
        return self.date.ends_at() > now and (not self.date.cancelled or self.date.given_back)
