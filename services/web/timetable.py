"""Sessions day by day, in words: what both pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from services.web.released import ReleasedSession
from services.web.times import WrittenTime, local_day, long_day, same_clocks, written_time, zone_title
from shared.time.intervals import Interval


class Stage(StrEnum):
    """Where a session stands as seen from now."""

    PAST = "past"
    ON = "on now"
    TO_COME = "to come"


@dataclass(frozen=True)
class OtherTime:
    """The same time by other clocks."""

    zone: str
    time: WrittenTime


@dataclass(frozen=True)
class SessionView:
    """One session, ready to render. ``join_url`` is there for a person with a seat only."""

    id: str
    title: str
    kind: str
    about: str
    presenters: str | None
    time: WrittenTime
    other: OtherTime | None
    place: str | None
    stage: Stage
    join_url: str | None = None
    presents: bool = False


@dataclass(frozen=True)
class DayView:
    """A day with its sessions in order."""

    day: str
    date: str
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True)
class Reading:
    """Who reads, as far as it changes the words: by which clocks, whose names, and when."""

    zone: str
    other_zone: str | None
    names: Mapping[str, str]
    now: datetime


def session_view(session: ReleasedSession, reading: Reading) -> SessionView:
    """A session as a stranger may see it: without its join link."""
    day = local_day(session.time.start, reading.zone)
    return SessionView(
        id=session.id,
        title=session.title,
        kind=_kind(session),
        about=session.about,
        presenters=_listed(session.presenters, reading.names),
        time=written_time(session.time, reading.zone, day),
        other=_other(session.time, reading, day),
        place=f"{session.place.name}, {session.place.site}" if session.place is not None else None,
        stage=stage(session.time, reading.now),
    )


def by_day(views: Iterable[tuple[date, SessionView]]) -> tuple[DayView, ...]:
    """Views that are in order of time, under the days on which they start."""
    return tuple(
        DayView(long_day(day), day.isoformat(), tuple(view for _, view in group))
        for day, group in groupby(views, key=lambda each: each[0])
    )


def stage(time: Interval, now: datetime) -> Stage:
    if time.end <= now:
        return Stage.PAST
    return Stage.ON if time.start <= now else Stage.TO_COME


def next_session(days: Iterable[DayView]) -> str | None:
    """The first session that is not over, when others are: where a reader will want to go on."""
    sessions = [each for day in days for each in day.sessions]
    ahead = [each.id for each in sessions if each.stage is not Stage.PAST]
    return ahead[0] if ahead and len(ahead) < len(sessions) else None


def _other(time: Interval, reading: Reading, day: date) -> OtherTime | None:
    other = reading.other_zone
    if other is None or same_clocks(time, reading.zone, other):
        return None
    return OtherTime(zone_title(other), written_time(time, other, day))


def _kind(session: ReleasedSession) -> str:
    minutes = int((session.time.end - session.time.start).total_seconds()) // 60
    words = [f"{minutes} minutes"]
    if session.format is not None:
        words.insert(0, session.format.replace("-", " ").capitalize())
    if session.part is not None:
        words.append(f"part {session.part.number} of {session.part.of}")
    return ", ".join(words)


def _listed(people: tuple[str, ...], names: Mapping[str, str]) -> str | None:
    """The names that may be shown, and how many more there are; None when none may be."""
    shown = [names[person] for person in people if person in names]
    if not shown:
        return None
    if len(shown) < len(people):
        shown.append(f"{len(people) - len(shown)} more")
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last
