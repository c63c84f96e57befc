"""Sample of equity: demand against the seats of the room, where it is worst."""

from __future__ import annotations

from rule_checks import Sample
from rule_problems import Dice, small_problem

from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.largest_overflow import LargestOverflow


def _demanded(dice: Dice) -> Problem:
    return small_problem(dice, session=lambda _: {"popularity": dice.choice((None, 1, 8, 30))})


SAMPLES = {
    "largest-overflow": Sample(LargestOverflow(), _demanded, levels=(Level.WARN,)),
}
