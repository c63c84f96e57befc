"""A release as the public may read it: what every export is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.time.zones import zone


@dataclass(frozen=True)
class Host:
    """The community that the programme belongs to. ``mailbox`` is its public mailbox, ``domain`` makes ids."""

    name: str
    domain: str
    organiser: str
    mailbox: str


@dataclass(frozen=True, order=True)
class Venue:
    """A room. It never has a join link, which is for people with a seat. ``capacity`` is in people, if known."""

    id: str
    name: str
    site: str
    capacity: int | None = None

    @property
    def line(self) -> str:
        """``Library, Hillside School``."""
        return f"{self.name}, {self.site}" if self.site else self.name


@dataclass(frozen=True)
class Presenter:
    """Somebody whose name the programme may show."""

    id: str
    name: str


@dataclass(frozen=True)
class EditionSession:
    """A session with its place. ``start`` is a UTC instant; ``part`` is its number and how many there are."""

    id: str
    proposal: str
    title: str
    abstract: str
    format: str
    start: datetime
    minutes: int
    venue: Venue
    part: tuple[int, int] | None = None
    presenters: tuple[Presenter, ...] = ()

    @property
    def end(self) -> datetime:
        """The UTC instant at which it ends."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def full_title(self) -> str:
        """``Title (part 1 of 2)``, as invitations call it."""
        return titled(self.title, self.part)


@dataclass(frozen=True)
class Edition:
    """One release of a programme. Sessions are in order of start, room and id; ``zone`` is an IANA name.

    ``url`` is the page that shows the programme, if there is one; ``published_at`` is a UTC instant, unknown for
    releases from before it was kept.
    """

    host: Host
    programme: str
    title: str
    zone: str
    first_day: date
    grid_minutes: int
    number: int
    sessions: tuple[EditionSession, ...]
    published_at: datetime | None = None
    note: str | None = None
    url: str | None = None

    @property
    def local(self) -> ZoneInfo:
        return zone(self.zone)

    @property
    def venues(self) -> tuple[Venue, ...]:
        """The rooms that are used, in order of their ids."""
        return tuple(sorted({each.venue for each in self.sessions}))

    @property
    def presenters(self) -> tuple[Presenter, ...]:
        """Everybody who is named, in order of their ids."""
        named = {each.id: each for session in self.sessions for each in session.presenters}
        return tuple(named[person] for person in sorted(named))

    def link(self, session: EditionSession) -> str | None:
        """Where the page shows that session."""
        return f"{self.url}#session-{session.id}" if self.url is not None else None


def in_order(sessions: Iterable[EditionSession]) -> tuple[EditionSession, ...]:
    """Sessions as an edition has them."""
    return tuple(sorted(sessions, key=lambda each: (each.start, each.venue.id, each.id)))


def titled(title: str, part: tuple[int, int] | None) -> str:
    """``Title``, or ``Title (part 1 of 2)``."""
    return title if part is None else f"{title} (part {part[0]} of {part[1]})"
