"""A solve that fails by an error of ours ends as a failed plan, in words, and never stays open."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.scheduler import planning
from services.scheduler.errors import UnknownPackError
from services.scheduler.planning import Planner
from shared.bus.facts import Facts
from shared.bus.service import Runtime
from shared.contract.facts.scheduler import Plan, PlanStatus
from shared.time.clock import Clock

PLAN = Plan(programme="spring-2027", status=PlanStatus.REQUESTED, request="r-1", at_least_seq=0)


async def outcome() -> object:
    async def passed(*_: object) -> None:
        return None

    parts = {"facts": Facts(), "replay": SimpleNamespace(passed=passed), "bus": SimpleNamespace(clock=Clock())}
    runtime = cast(Runtime, SimpleNamespace(**parts))
    return await Planner(runtime, {})._outcome("northgate", PLAN, threading.Event())


def raising(error: Exception) -> Any:
    def build(*_: object, **__: object) -> None:
        raise error

    return build


async def test_an_error_of_ours_is_told_by_its_kind_and_never_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "build_problem", raising(KeyError("amara@hillside.example")))
    assert await outcome() == "the solver failed (KeyError); the scheduler's log says where"


async def test_what_a_person_can_mend_is_told_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "build_problem", raising(UnknownPackError("policy_pack 'x' is not known")))
    assert await outcome() == "policy_pack 'x' is not known"
