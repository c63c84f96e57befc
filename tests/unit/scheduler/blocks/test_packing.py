"""The first plan of given blocks keeps to them, and no two of its sessions are in one room at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from block_programmes import block_programme

from services.scheduler.blocks.completing import blocks_of
from services.scheduler.blocks.packing import packed
from services.scheduler.blocks.programme import in_blocks
from services.scheduler.compiling import compile_problem
from services.scheduler.placing import choices_at, placements_of
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits, Placement


@pytest.mark.parametrize("seed", range(6))
def test_sessions_lie_one_after_another_in_the_cells_of_their_track(seed: int) -> None:
    problem = block_programme(seed)
    compiled = compile_problem(problem, keep_published=False)
    programme = in_blocks(compiled)
    assert programme is not None
    best = solve(problem, Limits(seconds=None, deterministic=1.0)).placements
    blocks = blocks_of(programme, choices_at(compiled, best))
    plan = packed(programme, blocks)
    assert len(plan) == len(best), "blocks that hold everybody once hold everybody again"
    assert blocks_of(programme, plan).timeslot == blocks.timeslot
    for one, other in combinations(placements_of(compiled, plan), 2):
        apart = one.start >= _end(other) or other.start >= _end(one)
        assert apart or one.room != other.room


def _end(placement: Placement) -> datetime:
    return placement.start + timedelta(minutes=placement.minutes)
