"""Weekly series: parts of one proposal at one time of the week and in one room, in one open week after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.rules.open_days import OpenDays
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line
from shared.time.zones import zone

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan, Placed

Beat = tuple[object, ...]


class WeeklySeries(GroupRule):
    """Counts the times of the week, the numbers of open weeks between parts and the rooms that differ within a series.

    Two parts that have a place are as many open days of their weekday apart as their numbers differ. A day is open when
    the rules about dates and times leave each part a start on it. A part without a place binds nobody. A part that is
    pinned to a start is bound by nothing here, one that is pinned to a room alone by the time.
    """

    kind: Literal["weekly-series"] = "weekly-series"
    id: Id = "weekly-series"
    sentence: Line = "The parts of a weekly series are on one weekday, at one time and in one room, week after week"
    level: Level = Level.MUST
    weight: int = 60

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        series = sorted({one.weekly.series for one in board.problem.sessions if one.weekly})
        for name in series:
            parts = [one for one in parts_of(board.problem.sessions, name) if self.scope.covers(one)]
            for inner, bound in ((Key.CADENCE, keeps_time), (Key.ROOM, keeps_room)):
                members = tuple(one.id for one in parts if bound(one))
                if len(members) > 1:
                    yield GroupTerm(members, Measure.DISTINCT, Key.ALL, inner)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        by_series: dict[str, list[Placed]] = {}
        for placed in plan.within(self.scope):
            if placed.session.weekly and keeps_time(placed.session):
                by_series.setdefault(placed.session.weekly.series, []).append(placed)
        for name, members in by_series.items():
            if len(members) > 1:
                yield from _found(name, members, plan)


def parts_of(sessions: Iterable[Session], series: str) -> list[Session]:
    """The parts of a series, in order of id."""
    return [one for one in sessions if one.weekly and one.weekly.series == series]


def keeps_time(session: Session) -> bool:
    """Whether a part is bound to its series' time of the week."""
    return session.pinned is None or session.pinned.start is None


def keeps_room(session: Session) -> bool:
    """Whether a part is bound to its series' room."""
    return session.pinned is None


def _found(name: str, members: list[Placed], plan: FinishedPlan) -> Iterator[Finding]:
    beats = _beats(name, members, plan)
    rooms: dict[str, Beat] = {one.session.id: (one.room.id,) for one in members if keeps_room(one.session)}
    amount = sum(max(0, len(set(values.values())) - 1) for values in (beats, rooms))
    if amount:
        apart = tuple(sorted({*_out_of_line(beats), *_out_of_line(rooms)}))
        verb = "lies" if len(apart) == 1 else "lie"
        yield Finding(apart, amount, f"{' and '.join(apart)} {verb} apart from the other parts of the series {name}")


def _out_of_line(values: dict[str, Beat]) -> Iterator[str]:
    """Who differs from what most have; of equals, from what the first has."""
    told = list(values.values())
    usual = max(told, key=told.count) if told else None
    return (one for one, value in values.items() if value != usual)


def _beats(name: str, members: list[Placed], plan: FinishedPlan) -> dict[str, Beat]:
    """By part, its weekday and local time, and the open week, counted back by its turn; equal for parts in step."""
    parts = parts_of(plan.problem.sessions, name)
    at_once: dict[tuple[int, time], list[Placed]] = {}
    for one in sorted(members, key=lambda placed: placed.when.start):
        wall = one.when.start.astimezone(zone(plan.problem.zone)).time()
        at_once.setdefault((one.day.weekday(), wall), []).append(one)
    beats: dict[str, Beat] = {}
    for (weekday, wall), there in at_once.items():
        days, first = OpenDays(plan, parts, wall), there[0].day
        for one in there:
            turn = days.between(first, one.day) - _number(one)
            beats[one.session.id] = (weekday, wall, turn) if _counts(days, one.day, plan) else (one.session.id,)
    return beats


def _counts(days: OpenDays, day: date, plan: FinishedPlan) -> bool:
    """Whether a day has a turn at all: one that is closed, or lies outside the programme, has none."""
    return plan.problem.first_day <= day <= plan.problem.last_day and days.is_open(day)


def _number(placed: Placed) -> int:
    return placed.session.weekly.number if placed.session.weekly else 0
