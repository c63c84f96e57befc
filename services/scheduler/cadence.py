"""When in the week places lie, and how many open weeks into the programme: what parts of a weekly series share."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from services.scheduler.board import Board
from services.scheduler.entities import Session
from services.scheduler.rules.open_days import date_rules
from services.scheduler.rules.weekly_series import parts_of
from services.scheduler.timeline import Flags, Seconds
from shared.time.zones import zone

Integers = NDArray[np.int64]

DAY_MINUTES = 24 * 60
MOST_TURNS = 1000
"""More than there are weeks in a programme and parts in a series together."""
MOST_PARTS = 128


def cadence(board: Board, session: Session, start: Seconds, day: Integers) -> Integers:
    """``Key.CADENCE`` of places that begin then, on these days of the horizon.

    A place on a day that is closed to the series is in step with no other: its number is below 0.
    """
    part = session.weekly
    if part is None:
        return np.zeros(len(start), dtype=np.int64)
    is_open, turns = board.remembered(("open days", part.series), lambda: _turns(board, part.series))
    weekday = (day + board.problem.first_day.weekday()) % 7
    within = (day >= 0) & (day < len(is_open))
    known = np.where(within, day, 0)
    turn = turns[known] - part.number + MOST_PARTS
    in_step = (weekday * DAY_MINUTES + _walls(board, start)) * MOST_TURNS + turn
    alone = -1 - (start // 60 * MOST_PARTS + part.number)
    return np.asarray(np.where(within & is_open[known], in_step, alone))


def grid_cadence(board: Board, session: Session) -> Integers:
    """The same, for every start of the grid."""
    grid = board.grid
    if session.weekly is None:
        return np.zeros(len(grid.starts), dtype=np.int64)
    return board.remembered(("cadence", session.id), lambda: cadence(board, session, grid.starts, grid.day))


def _turns(board: Board, series: str) -> tuple[Flags, Integers]:
    """For each day of the horizon, whether it is open to the series, and how many of its weekday before it are."""
    problem = board.problem
    is_open = np.ones((problem.last_day - problem.first_day).days + 1, dtype=np.bool_)
    for part in parts_of(problem.sessions, series):
        is_open &= _open_to(board, part, len(is_open))
    turns = np.zeros(len(is_open), dtype=np.int64)
    for weekday in range(7):
        of_weekday = is_open[weekday::7]
        turns[weekday::7] = np.cumsum(of_weekday) - of_weekday
    return is_open, turns


def _open_to(board: Board, part: Session, days: int) -> Flags:
    everywhere = np.arange(len(board.grid.starts), dtype=np.int64)
    free = np.ones(len(everywhere), dtype=np.bool_)
    for rule in date_rules(board.problem):
        if rule.scope.covers(part):
            free &= rule.amounts(part, everywhere, board)[0] == 0
    is_open = np.zeros(days, dtype=np.bool_)
    is_open[board.grid.day[free]] = True
    return is_open


def _walls(board: Board, start: Seconds) -> Integers:
    """The local time of each start, in minutes since midnight."""
    grid = board.grid.starts
    on_grid = board.remembered("local times", lambda: _local_minutes(board, grid))
    at = np.searchsorted(grid, start)
    if len(grid) and (grid[np.minimum(at, len(grid) - 1)] == start).all():
        return on_grid[at]
    return _local_minutes(board, start)


def _local_minutes(board: Board, start: Seconds) -> Integers:
    local = zone(board.problem.zone)
    walls = [datetime.fromtimestamp(one, UTC).astimezone(local) for one in start.tolist()]
    return np.array([wall.hour * 60 + wall.minute for wall in walls], dtype=np.int64)
