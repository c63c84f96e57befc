"""The scorer: what a finished plan is worth, worked out anew, one session at a time, from the problem alone.

It shares the definitions (``weights``, ``clashes``, ``rules``) with the model, but none of its tables: reported
totals come from here, never from the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations

from services.scheduler.clashes import clash_costs
from services.scheduler.problem import Person, Problem, Room, Session, Span
from services.scheduler.rules import MIDNIGHT, MustHold, RequiredTimes, closed_days
from services.scheduler.timeline import Standing
from services.scheduler.weights import (
    MOVED_ROOM,
    MOVED_TIME,
    PRESENTER_IF_NEED_BE,
    WHOLE,
    attendee_share,
    disturbed_people,
    seats_for_attendees,
    unplaced_weight,
)
from shared.contract.facts.scheduler import Placement
from shared.time.intervals import Interval, local_interval, merged
from shared.time.zones import zone


@dataclass(frozen=True)
class Score:
    """Figures of a plan, in person-minutes but for ``placed``, ``unplaced`` and ``moves``, which count sessions."""

    placed: int
    unplaced: int
    attendance: int
    interest_clashes: int
    if_need_be: int
    moves: int
    disturbance: int
    objective: int
    violations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By rule that must hold, the sessions that break it. Empty for every plan that may be released."""


def score(problem: Problem, placements: Iterable[Placement], *, keep_published: bool) -> Score:
    """What these placements are worth. With ``keep_published``, moves count as in few-moves mode."""
    placed = {placement.session: placement for placement in placements}
    scorer = _Scorer(problem, placed)
    unplaced = len(problem.sessions) - len(placed)
    attendance, clashes = scorer.attendance(), scorer.interest_clashes()
    if_need_be, disturbance = scorer.if_need_be(), scorer.disturbance() if keep_published else 0
    return Score(
        placed=len(placed),
        unplaced=unplaced,
        attendance=attendance,
        interest_clashes=clashes,
        if_need_be=if_need_be,
        moves=scorer.moves(),
        disturbance=disturbance,
        objective=attendance
        - clashes
        - if_need_be
        - disturbance
        - unplaced * unplaced_weight(problem, keep_published=keep_published),
        violations=scorer.violations(),
    )


def standing(person: Person, interval: Interval) -> Standing:
    """What a person's availability says of that time; the most cautious answer holds."""
    if _overlaps(person.no, interval):
        return Standing.NO
    if _overlaps(person.if_need_be, interval):
        return Standing.IF_NEED_BE
    if any(free.contains(interval) for free in merged(span.interval() for span in person.yes)):
        return Standing.YES
    return Standing.UNKNOWN


def _overlaps(spans: Iterable[Span], interval: Interval) -> bool:
    return any(span.start < interval.end and interval.start < span.end for span in spans)


class _Scorer:
    def __init__(self, problem: Problem, placed: Mapping[str, Placement]) -> None:
        self._problem, self._placed = problem, placed
        self._people = {person.id: person for person in problem.people}
        self._rooms = {room.id: room for room in problem.rooms}
        self._sessions = {session.id: session for session in problem.sessions}
        self._when = {name: _interval(placement) for name, placement in placed.items()}

    def attendance(self) -> int:
        return sum(self._attending(self._sessions[name]) for name in self._placed)

    def _attending(self, session: Session) -> int:
        shares = sorted(
            (
                attendee_share(wish.level, standing(self._people[wish.person], self._when[session.id]))
                for wish in self._problem.wishes
                if wish.proposal == session.proposal and wish.person not in session.presenters
            ),
            reverse=True,
        )
        seats = seats_for_attendees(session, self._rooms[self._placed[session.id].room].capacity)
        return sum(shares[:seats]) * session.minutes // WHOLE

    def interest_clashes(self) -> int:
        return sum(cost for pair, cost in clash_costs(self._problem).items() if self._parallel(*pair))

    def _parallel(self, one: str, other: str) -> bool:
        return one in self._when and other in self._when and self._when[one].overlaps(self._when[other])

    def if_need_be(self) -> int:
        return sum(
            PRESENTER_IF_NEED_BE * self._sessions[name].minutes
            for name in self._placed
            for presenter in self._sessions[name].presenters
            if standing(self._people[presenter], self._when[name]) == Standing.IF_NEED_BE
        )

    def moves(self) -> int:
        return sum(self._inconvenience(name) > 0 for name in self._placed)

    def disturbance(self) -> int:
        disturbed = disturbed_people(self._problem)
        return sum(self._inconvenience(name) * disturbed[name] for name in self._placed)

    def _inconvenience(self, name: str) -> int:
        published, placement = self._sessions[name].published, self._placed[name]
        if published is None or (published.start, published.room) == (placement.start, placement.room):
            return 0
        return MOVED_ROOM if published.start == placement.start else MOVED_TIME

    def violations(self) -> dict[str, tuple[str, ...]]:
        broken: dict[str, set[str]] = {}
        for rule, session in (*self._alone(), *self._together()):
            broken.setdefault(rule, set()).add(session)
        return {rule: tuple(sorted(sessions)) for rule, sessions in sorted(broken.items())}

    def _alone(self) -> Iterator[tuple[str, str]]:
        for name, placement in self._placed.items():
            session, room = self._sessions[name], self._rooms[placement.room]
            for rule in (*self._broken_by_time(session), *self._broken_by_room(session, room)):
                yield rule, name

    def _broken_by_time(self, session: Session) -> Iterator[str]:
        when, problem = self._when[session.id], self._problem
        first, last = when.start.date() - timedelta(days=2), when.end.date() + timedelta(days=2)
        closed = closed_days(problem.closures, first, last, problem.zone)
        if not self._horizon().contains(when) or any(day.overlaps(when) for day in closed):
            yield MustHold.PROGRAMME_DATES
        if any(standing(self._people[presenter], when) == Standing.NO for presenter in session.presenters):
            yield MustHold.PRESENTER_UNAVAILABLE
        for rule in problem.policy.rules:
            times = merged(rule.intervals(first, last, problem.zone))
            inside = isinstance(rule, RequiredTimes)
            held = any(time.contains(when) for time in times) if inside else not any(t.overlaps(when) for t in times)
            if rule.binds(session.format) and not held:
                yield rule.id

    def _horizon(self) -> Interval:
        local, problem = zone(self._problem.zone), self._problem
        first = local_interval(problem.first_day, MIDNIGHT, MIDNIGHT, local)
        return Interval(first.start, local_interval(problem.last_day, MIDNIGHT, MIDNIGHT, local).end)

    def _broken_by_room(self, session: Session, room: Room) -> Iterator[str]:
        if room.capacity < session.seats:
            yield MustHold.ROOM_CAPACITY
        if not set(session.needs) <= set(room.features):
            yield MustHold.ROOM_FEATURES
        if _overlaps(room.unavailable, self._when[session.id]):
            yield MustHold.ROOM_UNAVAILABLE

    def _together(self) -> Iterator[tuple[str, str]]:
        for one, other in combinations(sorted(self._placed), 2):
            if self._parallel(one, other):
                if self._placed[one].room == self._placed[other].room:
                    yield from ((MustHold.ROOM_CONFLICT, name) for name in (one, other))
                if set(self._sessions[one].presenters) & set(self._sessions[other].presenters):
                    yield from ((MustHold.PRESENTER_CONFLICT, name) for name in (one, other))
        for name in self._placed:
            if not self._in_order(self._sessions[name]):
                yield MustHold.PREREQUISITE, name

    def _in_order(self, session: Session) -> bool:
        if session.after is None:
            return True
        if session.after.session not in self._placed:
            return False
        local = zone(self._problem.zone)
        day, before = (self._when[name].start.astimezone(local).date() for name in (session.id, session.after.session))
        return session.after.fewest_days <= (day - before).days <= session.after.most_days


def _interval(placement: Placement) -> Interval:
    return Interval(placement.start, placement.start + timedelta(minutes=placement.minutes))
