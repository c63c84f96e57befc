"""Time zones of online presenters: nobody presents in the middle of their night."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level, UnaryRule
from services.scheduler.timeline import Timeline
from shared.contract.values import Id, Line, Zone
from shared.time.intervals import Interval, days, local_interval
from shared.time.zones import zone

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan, Placed

ONE_DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)


class PresenterLocalHours(UnaryRule):
    """Counts the minutes at which presenters in another zone present at local hours that suit them less.

    Suitable are ``suitable_from`` to ``suitable_until`` where the presenter is; less suitable, what else lies between
    ``possible_from`` and ``possible_until``; each minute outside of those counts ``unsuitable`` times.
    """

    kind: Literal["presenter-local-hours"] = "presenter-local-hours"
    id: Id = "presenter-local-hours"
    sentence: Line = "Presenters in other time zones present at a suitable local hour"
    level: Level = Level.WARN
    suitable_from: time = time(9)
    suitable_until: time = time(18)
    possible_from: time = time(7)
    possible_until: time = time(22)
    unsuitable: int = Field(default=4, ge=1, le=1000)

    @model_validator(mode="after")
    def _hours_in_order(self) -> PresenterLocalHours:
        hours = (self.possible_from, self.suitable_from, self.suitable_until, self.possible_until)
        if list(hours) != sorted(set(hours)):
            raise ValueError("possible_from, suitable_from, suitable_until, possible_until must follow one another")
        return self

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        presenters = [board.people[name] for name in session.presenters if name in board.people]
        zones = [person.zone for person in presenters if person.zone]
        wrong = NOTHING
        for name in zones:
            wrong = wrong + self._wrong_everywhere(name, session.minutes, board)[None, at]
        return wrong

    def _wrong_everywhere(self, name: Zone, minutes: int, board: Board) -> Amounts:
        return board.remembered((self.id, name, minutes), lambda: self._wrong(name, minutes, board))

    def _wrong(self, name: Zone, minutes: int, board: Board) -> Amounts:
        first, last = board.problem.first_day - ONE_DAY, board.problem.last_day + TWO_DAYS
        suitable = Timeline.of(_daily(first, last, self.suitable_from, self.suitable_until, name))
        possible = Timeline.of(_daily(first, last, self.possible_from, self.possible_until, name))
        starts = board.grid.starts
        not_suitable = minutes - suitable.shared_minutes(starts, minutes)
        return not_suitable + (self.unsuitable - 1) * (minutes - possible.shared_minutes(starts, minutes))

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            for presenter in placed.session.presenters:
                there = plan.people[presenter].zone
                if there and (wrong := self._wrong_minutes(placed, there)):
                    local = placed.when.start.astimezone(zone(there))
                    clause = f"{placed.session.id} begins at {local:%H:%M} where {presenter} is"
                    yield Finding((placed.session.id,), wrong, clause, (presenter,))

    def _wrong_minutes(self, placed: Placed, there: Zone) -> int:
        minutes = placed.session.minutes
        possible = _inside(placed.when, self.possible_from, self.possible_until, there)
        suitable = _inside(placed.when, self.suitable_from, self.suitable_until, there)
        return (possible - suitable) + self.unsuitable * (minutes - possible)


def _daily(first: date, last: date, start: time, end: time, name: Zone) -> Iterator[Interval]:
    local = zone(name)
    return (local_interval(day, start, end, local) for day in days(first, last))


def _inside(when: Interval, start: time, end: time, name: Zone) -> int:
    """The minutes of that time that lie between these local times, on whatever day it is there."""
    day = when.start.date()
    hours = _daily(day - TWO_DAYS, day + TWO_DAYS, start, end, name)
    shared = (min(one.end, when.end) - max(one.start, when.start) for one in hours)
    return sum(max(0, math.ceil(one.total_seconds() / 60)) for one in shared)
