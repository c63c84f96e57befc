"""Between places that cost the same, the kinder one: the smallest room, and days and weeks with little beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, tables_of
from services.scheduler.kernel import place_costs
from services.scheduler.timeline import scattered


def settled(compiled: Compiled, choices: Mapping[str, Choices], plan: Mapping[str, int]) -> dict[str, int]:
    """The plan with each session where it costs least and, of equals, where there is least beside it.

    Of equals, one on a day, then in a week, with few other sessions, wherever in the programme; and the smallest
    room. Earlier is not better.
    """
    tables = tables_of(compiled, choices)
    at = np.full(len(compiled.number), -1, dtype=np.int64)
    for name, number in plan.items():
        at[compiled.number[name]] = tables.first[compiled.number[name]] + number
    days = {name: int(choices[name].day[number]) for name, number in plan.items()}
    kinder = dict(plan)
    for name in plan:
        row, own = compiled.number[name], choices[name]
        costs = place_costs(tables, at, row)
        equals = np.flatnonzero(costs == costs.min())
        if len(equals) > 1:
            others = np.array([day for other, day in days.items() if other != name], dtype=np.int64)
            day = own.day[equals]
            same_day = np.array([np.count_nonzero(others == one) for one in day])
            same_week = np.array([np.count_nonzero(others // 7 == one // 7) for one in day])
            capacity = compiled.board.capacities[own.room[equals]]
            equals = equals[np.lexsort((capacity, scattered(own.start[equals]), same_week, same_day))]
        kinder[name] = int(equals[0])
        at[row], days[name] = tables.first[row] + kinder[name], int(own.day[kinder[name]])
    return kinder
