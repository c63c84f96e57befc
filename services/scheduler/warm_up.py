"""Compiles the inner loops ahead of the first solve: ``python -m services.scheduler.warm_up``.

Numba keeps what it compiled beside the sources (or in the user's cache folder where they are read-only), so that this
is done once for each version of the code.
"""

from __future__ import annotations

from typing import Any

from services.scheduler.blocks.programme import in_blocks
from services.scheduler.blocks.search import BlockSearch
from services.scheduler.compiling import compile_problem
from services.scheduler.incumbent import LocalSearch, counted
from services.scheduler.loops import forget_older
from services.scheduler.problem import EXAMPLE, Problem
from services.scheduler.search import build_model
from services.scheduler.settling import settled
from shared.contract.facts.scheduler import Limits


def warm_up() -> None:
    """Use every compiled loop once: on two small sessions of which one follows the other, and on a weekly series."""
    first = EXAMPLE["sessions"][0]
    _warm_up_on(first, first | {"id": "next", "prerequisites": [first["id"]]})
    _warm_up_on(*(first | {"id": f"part-{n}", "weekly": {"series": "parts", "number": n}} for n in (1, 2)))
    _warm_up_blocks()


def _warm_up_on(*sessions: dict[str, Any]) -> None:
    compiled = compile_problem(Problem.model_validate(EXAMPLE | {"sessions": sessions}), keep_published=False)
    local = LocalSearch(compiled, compiled.choices, seed=1)
    local.reinsert(1, 1, lambda _: False)
    local.anneal(counted(1), lambda _: False)
    local.descend()
    build_model(compiled, compiled.choices)
    settled(compiled, compiled.choices, local.plan())


def _warm_up_blocks() -> None:
    """The same session in a programme in blocks: a timeslot with steps, and one track to a room."""
    timeslot = {"id": "first", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z", "step_minutes": 30}
    policy = {"pack": "blocks", "version": 1, "rules": [{"kind": "track-cell"}]}
    problem = Problem.model_validate(EXAMPLE | {"timeslots": [timeslot], "policy": policy})
    programme = in_blocks(compile_problem(problem, keep_published=False))
    if programme is not None:
        BlockSearch(programme, Limits(seconds=None, deterministic=0.01)).run()


if __name__ == "__main__":
    forget_older()
    warm_up()
