"""Small plans to ask about, in the week of ``scheduling_samples``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scheduling_samples import problem

from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Session
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.situation import Situation
from services.scheduler.explaining.why_not import WhyNot
from services.scheduler.problem import Problem
from shared.contract.commands.explaining import Objection
from shared.contract.facts.scheduler import Placement

NAMES = Names("Europe/London")


def situation(sessions: Iterable[Session], *placed: Placement, **more: Any) -> Situation:
    return of_problem(problem(sessions, **more), *placed)


def of_problem(made: Problem, *placed: Placement) -> Situation:
    return Situation.of(compile_problem(made, keep_published=False), placed)


def members(found: WhyNot) -> list[set[tuple[str, str]]]:
    """Each conflict as rules with whom or what they are about."""
    return [{(one.rule, about(one)) for one in conflict.members} for conflict in found.conflicts]


def about(objection: Objection) -> str:
    return ",".join((*objection.people, *objection.rooms, *objection.sessions))
