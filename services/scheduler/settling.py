"""Between places that cost the same, the kinder one: days and weeks with little beside it, small rooms, all rooms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, Integers, tables_of
from services.scheduler.kernel import place_costs
from services.scheduler.timeline import scattered


def settled(compiled: Compiled, choices: Mapping[str, Choices], plan: Mapping[str, int]) -> dict[str, int]:
    """The plan with each session where it costs least and, of equals, where there is least beside it.

    Of equals, one on a day, then in a week, with few other sessions, wherever in the programme; the smallest room; and
    of rooms of one size the one that is used least, so that losing it would move few. Earlier is not better.
    """
    tables = tables_of(compiled, choices)
    at = np.full(len(compiled.number), -1, dtype=np.int64)
    for name, number in plan.items():
        at[compiled.number[name]] = tables.first[compiled.number[name]] + number
    taken = _Taken(compiled, choices)
    for name, number in plan.items():
        taken.change(choices[name], number, 1)
    kinder = dict(plan)
    for name, number in plan.items():
        row, own = compiled.number[name], choices[name]
        taken.change(own, number, -1)
        costs = place_costs(tables, at, row)
        kinder[name] = taken.kindest(own, np.flatnonzero(costs == costs.min()))
        taken.change(own, kinder[name], 1)
        at[row] = tables.first[row] + kinder[name]
    return kinder


class _Taken:
    """How many sessions lie on each day, in each week and in each room."""

    def __init__(self, compiled: Compiled, choices: Mapping[str, Choices]) -> None:
        self._capacities = compiled.board.capacities
        days = [int(edge) for one in choices.values() if len(one) for edge in (one.day.min(), one.day.max())]
        self._first = min(days, default=0) // 7 * 7
        self._on_day = np.zeros(max(days, default=0) - self._first + 1, dtype=np.int64)
        self._in_week = np.zeros(len(self._on_day) // 7 + 1, dtype=np.int64)
        self._in_room = np.zeros(len(self._capacities), dtype=np.int64)

    def change(self, choices: Choices, number: int, by: int) -> None:
        day = int(choices.day[number]) - self._first
        self._on_day[day] += by
        self._in_week[day // 7] += by
        self._in_room[choices.room[number]] += by

    def kindest(self, choices: Choices, equals: Integers) -> int:
        """Of these choices, the one with the least beside it."""
        day, room = choices.day[equals] - self._first, choices.room[equals]
        spread = scattered(choices.start[equals])
        keys = (self._in_room[room], self._capacities[room], spread, self._in_week[day // 7], self._on_day[day])
        return int(equals[np.lexsort(keys)[0]])
