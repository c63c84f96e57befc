"""What stands against a session at a spot is what the rules themselves have against the plan with it there."""

from __future__ import annotations

import random

import numpy as np
import pytest
from random_problems import policy, random_problem
from situations import of_problem

from services.scheduler.entities import Session, TagDemand
from services.scheduler.explaining.breaches import breaches
from services.scheduler.explaining.objections import against_all, all_spots
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.pause import ConsecutiveSessionsPause
from services.scheduler.rules.presenter_load import PresenterLoad
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits

SPOTS = 60


def strict(seed: int) -> Problem:
    """A problem whose weighed rules about presenters must hold, with rooms of two sites and rooms that suit few."""
    made = random_problem(seed, sessions=9, people=5, rooms=3, weeks=1, grid=30, published=0.3)
    rules = (
        *policy().rules,
        PresenterLoad(level=Level.MUST, most=2),
        ConsecutiveSessionsPause(level=Level.MUST, minutes=30, minutes_between_sites=60),
    )
    rooms = tuple(
        one.model_copy(update={"site": "east" if number else "west", "features": ("piano",) if number else ()})
        for number, one in enumerate(made.rooms)
    )
    sessions = tuple(_demanding(number, one) for number, one in enumerate(made.sessions))
    given = {"rooms": rooms, "sessions": sessions, "policy": made.policy.model_copy(update={"rules": rules})}
    return made.model_copy(update=given)


def _demanding(number: int, one: Session) -> Session:
    more = {
        0: {"needs": ("piano",)},
        1: {"room_tags": TagDemand(prohibited=("piano",))},
        2: {"exclusive": ("loud",)},
        3: {"exclusive": ("loud",)},
    }
    return one.model_copy(update=more.get(number, {}))


@pytest.mark.parametrize("seed", range(6))
def test_at_random_spots_objections_and_judges_agree(seed: int) -> None:
    made = strict(seed)
    asked = of_problem(made, *solve(made, Limits(deterministic=0.01, workers=1)).placements)
    dice = random.Random(seed)
    for session in made.sessions:
        spots = all_spots(asked.board)
        spots = spots.only(np.array(dice.sample(range(len(spots)), SPOTS)))
        against = against_all(asked, session, spots)
        others = tuple(one for one in asked.plan_with() if one.session != session.id)
        without = breaches(made, others)
        for column in range(len(spots)):
            start = int(asked.board.grid.starts[spots.at[column]])
            there = asked.placement(session.id, start, int(spots.room[column]))
            # Whoever comes after it breaks that rule without it, and may break it still.
            judged = breaches(made, (*others, there))
            broken = {one[0] for one in judged if one not in without or one[0] == "prerequisite"}
            objecting = {one.rule for one in against.at_spot(column)}
            assert objecting == broken, (session.id, there, objecting, broken)
