"""Against conference-scheduler 3.0.1, which runs in its own environment in the same run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.peers.adapter import assignment_of, problem_of
from bench.peers.conference_scheduler import PEER, installed
from bench.peers.random_instances import Assignment, draw, overflow, violations
from bench.solver.runs import alone
from bench.solver_report import Bar, PeerFigure, Row, Sense
from services.scheduler.solving import solve
from services.scheduler.warm_up import warm_up
from shared.contract.facts.scheduler import Limits

WORK = "random conference"
PEER_SECONDS = 180.0
BARRED_FROM = 50
"""Smaller conferences are over before either has begun; how many times faster says nothing there."""


@dataclass(frozen=True)
class _Ours:
    seconds: float
    assignment: Assignment | None
    bound: int


def against_peer(events: int, seed: int) -> Iterator[Row]:
    """The same optimum, and how many times faster it was found and proven."""
    conference = draw(events, seed)
    ours = alone(_solved, events, seed)
    value = overflow(conference, ours.assignment) if ours.assignment else None
    answer = installed().solve(conference, time_limit=PEER_SECONDS)
    peers = (PeerFigure(PEER, answer.overflow, recorded=False),) if answer else ()
    yield Row(
        work=f"{WORK}: largest overflow",
        instance=f"{events} events",
        seed=seed,
        seconds=ours.seconds,
        value=value,
        sense=Sense.LEAST,
        bound=ours.bound,
        peers=peers,
        floor=Bar(value=answer.overflow if answer else None),
        goal=Bar(value=answer.overflow if answer else None, proven=True),
        violations=len(list(violations(conference, ours.assignment))) if ours.assignment else 0,
    )
    if answer:
        yield Row(
            work=f"{WORK}: times faster",
            instance=f"{events} events",
            seed=seed,
            seconds=ours.seconds,
            value=answer.seconds / ours.seconds,
            sense=Sense.MOST,
            peers=(PeerFigure(f"s {PEER}", answer.seconds, recorded=False),),
            floor=Bar(value=50) if events >= BARRED_FROM else None,
            goal=Bar(value=100) if events >= BARRED_FROM else None,
        )


def alone_at(events: int, seed: int) -> Iterator[Row]:
    """A size that the peer does not finish."""
    conference = draw(events, seed)
    ours = alone(_solved, events, seed)
    yield Row(
        work=f"{WORK}: largest overflow",
        instance=f"{events} events",
        seed=seed,
        seconds=ours.seconds,
        value=overflow(conference, ours.assignment) if ours.assignment else None,
        sense=Sense.LEAST,
        bound=ours.bound,
        goal=Bar(proven=True, seconds=10),
        violations=len(list(violations(conference, ours.assignment))) if ours.assignment else 0,
    )


def _solved(events: int, seed: int) -> _Ours:
    """Building the problem counts as well, as it does for the peer."""
    warm_up()
    conference = draw(events, seed)
    begun = time.monotonic()
    solution = solve(problem_of(conference), Limits(seconds=60, workers=2, seed=seed))
    seconds = time.monotonic() - begun
    return _Ours(seconds, assignment_of(conference, solution.placements), -solution.totals.bound)
