"""Terms with several weekly series among many other sessions: every series is found whole."""

from __future__ import annotations

from datetime import date

import pytest
from random_problems import random_problem

from services.scheduler.entities import Weekly
from services.scheduler.problem import Problem
from services.scheduler.scoring import score
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits
from shared.contract.values import DateSpan

HALF_TERM = DateSpan(first=date(2027, 2, 15), last=date(2027, 2, 19), reason="half-term")


def with_series(seed: int, *, sessions: int, lengths: tuple[int, ...]) -> Problem:
    """A random term of twelve weeks with half-term, of whose sessions the first ones are weekly series."""
    made = random_problem(seed, sessions=sessions, people=80, rooms=3, weeks=12, grid=30)
    first, of = 0, []
    for length in lengths:
        head = made.sessions[first]
        for number in range(1, length + 1):
            update = {
                "weekly": Weekly(series=head.id, number=number),
                "after": None,
                "minutes": head.minutes,
                "format": head.format,
                "presenters": head.presenters,
                "seats": head.seats,
            }
            of.append(made.sessions[first + number - 1].model_copy(update=update))
        first += length
    rest = [one.model_copy(update={"after": None}) for one in made.sessions[first:]]
    changes = {"sessions": [one.model_dump() for one in (*of, *rest)], "closures": [HALF_TERM.model_dump()]}
    return Problem.model_validate(made.model_dump() | changes)


@pytest.mark.parametrize("seed", range(3))
def test_a_term_with_three_series_is_planned_whole(seed: int) -> None:
    made = with_series(seed, sessions=40, lengths=(6, 6, 5))
    solution = solve(made, Limits(deterministic=0.1, workers=1))
    assert solution.unplaced == ()
    assert score(made, solution.placements, keep_published=False).violations == {}
