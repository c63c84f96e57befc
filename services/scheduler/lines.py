"""Where the placed parts of a weekly series hold those that have no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from services.scheduler import wording
from services.scheduler.board import Board
from services.scheduler.cadence import cadence, grid_cadence
from services.scheduler.candidates import Candidates
from services.scheduler.entities import Session
from services.scheduler.problem import Problem
from services.scheduler.rules.names import MustHold
from services.scheduler.rules.weekly_series import WeeklySeries, keeps_room, keeps_time, parts_of
from services.scheduler.timeline import Flags
from shared.contract.facts.scheduler import Placement
from shared.time.zones import zone

PINNING = "Pin it to hold it elsewhere, or call it off."
_RULE = (MustHold.WEEKLY_SERIES.value,)


@dataclass(frozen=True)
class Line:
    """The time of the week and the room that most of a series' placed parts have, and one of those parts there."""

    cadence: int
    room: str
    part: Placement

    def starts(self, board: Board, session: Session) -> Flags:
        """For every start of the grid, whether a part that begins then is on this line."""
        return np.asarray(grid_cadence(board, session) == self.cadence)

    def told(self, problem: Problem) -> str:
        """``on Tuesdays at 15:30 in room library``."""
        local = self.part.start.astimezone(zone(problem.zone))
        return f"on {wording.weekdays((local.weekday(),))} at {local:%H:%M} in room {self.room}"


def is_bound(problem: Problem, session: Session) -> bool:
    """Whether it must be in step with its series in this problem."""
    rules = (rule for rule in problem.policy.in_force() if isinstance(rule, WeeklySeries) and rule.must_hold())
    bound = any(rule.scope.covers(session) for rule in rules)
    return session.weekly is not None and keeps_time(session) and bound


def line_of(board: Board, session: Session, placed: Mapping[str, Placement]) -> Line | None:
    """The line of a part's series, as the others that have a place and are not pinned lie; None while none has one."""
    if session.weekly is None or not is_bound(board.problem, session):
        return None
    parts = parts_of(board.problem.sessions, session.weekly.series)
    others = [one for one in parts if one.id != session.id and one.id in placed and keeps_room(one)]
    if not others:
        return None
    lines = [Line(_cadence_at(board, one, placed[one.id]), placed[one.id].room, placed[one.id]) for one in others]
    counted = Counter((line.cadence, line.room) for line in lines)
    return max(lines, key=lambda line: counted[line.cadence, line.room])


def out_of_line(candidates: Candidates, session: Session, line: Line) -> tuple[str, tuple[str, ...]]:
    """Why a part has no place on the line of its series, in a sentence, and the rules behind it."""
    problem, told = candidates.problem, line.told(candidates.problem)
    turn = np.flatnonzero(line.starts(candidates.board, session))
    if not len(turn):
        return f"Its series is {told}, and its turn there is not within the programme's days. {PINNING}", _RULE
    begins = datetime.fromtimestamp(int(candidates.board.grid.starts[turn[0]]), UTC)
    options = candidates.options(session.id)
    room = next(number for number, one in enumerate(problem.rooms) if one.id == line.room)
    rules = candidates.named(int(options.against_time[turn[0]] | options.against_room[room, turn[0]]))
    sentences = (wording.clause(rule.sentence) for rule in problem.policy.in_force() if rule.id in rules)
    day = wording.day(begins.astimezone(zone(problem.zone)).date())
    return f"Its series is {told}; on {day}, its turn, that would break a rule: {'; '.join(sentences)}. {PINNING}", (
        *_RULE,
        *rules,
    )


def _cadence_at(board: Board, session: Session, placement: Placement) -> int:
    start = np.array([int(placement.start.timestamp())], dtype=np.int64)
    return int(cadence(board, session, start, np.array([_day(board.problem, placement)], dtype=np.int64))[0])


def _day(problem: Problem, placement: Placement) -> int:
    day: date = placement.start.astimezone(zone(problem.zone)).date()
    return (day - problem.first_day) // timedelta(days=1)
