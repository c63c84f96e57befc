"""A finished plan as the scorer sees it: the problem and the placements, and nothing that a search made."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations

from services.scheduler.entities import Person, Room, Session, Timeslot, overlaps_any
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Scope
from services.scheduler.timeline import Standing
from shared.contract.facts.scheduler import Placement
from shared.time.intervals import Interval, merged
from shared.time.zones import zone


@dataclass(frozen=True)
class Placed:
    """One session where it lies."""

    session: Session
    room: Room
    when: Interval
    day: date
    timeslot: Timeslot | None

    def overlaps(self, other: Placed) -> bool:
        return self.when.overlaps(other.when)

    def shared_minutes(self, other: Placed) -> int:
        """The minutes that the two overlap."""
        shared = min(self.when.end, other.when.end) - max(self.when.start, other.when.start)
        return max(0, int(shared.total_seconds()) // 60)

    def timeslot_key(self) -> str | datetime:
        """Equal for two in the same timeslot. Where there are no timeslots, every start is one."""
        return self.timeslot.id if self.timeslot else self.when.start

    def same_timeslot(self, other: Placed) -> bool:
        return self.timeslot_key() == other.timeslot_key()

    def week(self) -> tuple[int, int]:
        """ISO year and week."""
        calendar = self.day.isocalendar()
        return calendar.year, calendar.week


class FinishedPlan:
    """The placements of a problem. ``keep_published``: as in a re-solve with few moves."""

    def __init__(self, problem: Problem, placements: Iterable[Placement], *, keep_published: bool) -> None:
        self.problem, self.keep_published = problem, keep_published
        self.rooms = {room.id: room for room in problem.rooms}
        self.people = {person.id: person for person in problem.people}
        self.sessions = {session.id: session for session in problem.sessions}
        self.placed = {placement.session: self._placed(placement) for placement in placements}

    def with_only(self, placement: Placement) -> FinishedPlan:
        """The same problem with nothing but that placement."""
        alone = copy.copy(self)
        alone.placed = {placement.session: self._placed(placement)}
        return alone

    def _placed(self, placement: Placement) -> Placed:
        session = self.sessions[placement.session]
        when = Interval(placement.start, placement.start + timedelta(minutes=session.minutes))
        day = placement.start.astimezone(zone(self.problem.zone)).date()
        return Placed(session, self.rooms[placement.room], when, day, self._timeslot(session, when))

    def _timeslot(self, session: Session, when: Interval) -> Timeslot | None:
        """The first in time that takes it. A timeslot without steps takes what fills it."""
        for timeslot in self._timeslots:
            span = timeslot.interval()
            if timeslot.formats and session.format not in timeslot.formats:
                continue
            if timeslot.step_minutes is None:
                fits = span == when
            else:
                late = (when.start - span.start).total_seconds()
                fits = span.contains(when) and late % (60 * timeslot.step_minutes) == 0
            if fits:
                return timeslot
        return None

    @cached_property
    def _timeslots(self) -> list[Timeslot]:
        return sorted(self.problem.timeslots, key=lambda timeslot: (timeslot.start, timeslot.end, timeslot.id))

    def within(self, scope: Scope) -> Iterator[Placed]:
        """The placed sessions that a rule of that scope looks at, in order of id."""
        for name in sorted(self.placed):
            if scope.covers(self.placed[name].session):
                yield self.placed[name]

    def pairs(self, scope: Scope) -> Iterator[tuple[Placed, Placed]]:
        """Every two placed sessions of that scope, once, in order of id."""
        return combinations(self.within(scope), 2)

    def parallel(self, scope: Scope) -> Iterator[tuple[Placed, Placed]]:
        """Every two placed sessions of that scope that share an instant, once, each pair in order of id."""
        going: list[Placed] = []
        for placed in sorted(self.within(scope), key=lambda one: (one.when.start, one.session.id)):
            going = [other for other in going if other.when.end > placed.when.start]
            for other in going:
                yield (other, placed) if other.session.id < placed.session.id else (placed, other)
            going.append(placed)

    @cached_property
    def wishes(self) -> dict[str, dict[str, str]]:
        """By proposal, the level of each person's wish."""
        wishes: dict[str, dict[str, str]] = {}
        for wish in self.problem.wishes:
            wishes.setdefault(wish.proposal, {})[wish.person] = wish.level
        return wishes

    def standing(self, person: str, when: Interval) -> Standing:
        """What somebody's availability says of that time."""
        return standing(self.people[person], when)


def standing(person: Person, interval: Interval) -> Standing:
    """What a person's availability says of that time; the most cautious answer holds."""
    if overlaps_any(person.no, interval):
        return Standing.NO
    if overlaps_any(person.if_need_be, interval):
        return Standing.IF_NEED_BE
    if any(free.contains(interval) for free in merged(span.interval() for span in person.yes)):
        return Standing.YES
    return Standing.UNKNOWN
