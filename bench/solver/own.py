"""Programmes of our own: a term, a TeachMeet evening, an unconference."""

from __future__ import annotations

from collections.abc import Iterator

from bench import programmes
from bench.peers.recorded import recorded
from bench.solver.runs import Run, alone, measured
from bench.solver_report import Bar, Row, Sense

TERM, EVENING, UNCONFERENCE = "term", "TeachMeet evening", "unconference"
MIB_ALLOWED = 4096.0


def term(seed: int) -> Iterator[Row]:
    """40 sessions, 10 weeks, 15-minute grid, 4 rooms, 500 people."""
    run = alone(_term, seed)
    instance = "40 sessions, 10 weeks"
    yield _draft(TERM, instance, seed, run, sessions=40, floor=2, goal=2)
    yield _plan(TERM, instance, seed, run, floor=Bar(gap=0.02, seconds=31), goal=Bar(gap=0.01, seconds=21))


def evening(seed: int) -> Iterator[Row]:
    """30 talks and a break in 2.5 hours, 2 rooms."""
    run = alone(_evening, seed)
    yield _plan(EVENING, "30 talks", seed, run, floor=Bar(proven=True, seconds=2), goal=Bar(proven=True, seconds=0.5))


def unconference(seed: int) -> Iterator[Row]:
    """400 sessions, 20 rooms, 3 days, 5,000 people; and a draft of 2,000 sessions."""
    instance = f"400 sessions, seed {seed}"
    run = alone(_unconference, seed)
    yield _draft(UNCONFERENCE, instance, seed, run, sessions=400, floor=20, goal=20)
    known = recorded(UNCONFERENCE, instance)
    value = run.solution.totals.objective
    best = max(value, known.best_known) if known else None
    goal = Bar(value=0.97 * best) if best else None
    yield Row(
        work=f"{UNCONFERENCE} at 60 s",
        instance=instance,
        seed=seed,
        seconds=run.seconds,
        value=value,
        sense=Sense.MOST,
        bound=run.solution.totals.bound,
        best_known=best,
        floor=None,
        goal=goal,
    )
    yield Row(
        work=f"{UNCONFERENCE}: peak MiB",
        instance=instance,
        seed=seed,
        seconds=run.seconds,
        value=round(run.peak_mib),
        sense=Sense.LEAST,
        floor=Bar(value=MIB_ALLOWED),
    )


def large_unconference(seed: int) -> Iterator[Row]:
    """2,000 sessions in 80 rooms still get a full draft in two minutes."""
    run = alone(_large_unconference, seed)
    yield _draft(UNCONFERENCE, "2,000 sessions", seed, run, sessions=2000, floor=120, goal=120)


def _term(seed: int) -> Run:
    return measured(programmes.term(seed=seed), seconds=20, seed=seed)


def _evening(seed: int) -> Run:
    return measured(programmes.evening(seed=seed), seconds=10, seed=seed)


def _unconference(seed: int) -> Run:
    return measured(programmes.unconference(seed=seed), seconds=60, seed=seed)


def _large_unconference(seed: int) -> Run:
    return measured(programmes.unconference(sessions=2000, rooms=80, seed=seed), seconds=100, seed=seed)


def _draft(work: str, instance: str, seed: int, run: Run, *, sessions: int, floor: float, goal: float) -> Row:
    """How soon every session had a place."""
    placed = run.solution.totals.placed
    return Row(
        work=f"{work}: first full draft",
        instance=instance,
        seed=seed,
        seconds=run.first_full if run.first_full is not None else run.seconds,
        value=placed,
        sense=Sense.MOST,
        bound=sessions,
        floor=Bar(value=sessions, seconds=floor),
        goal=Bar(value=sessions, seconds=goal),
    )


def _plan(work: str, instance: str, seed: int, run: Run, *, floor: Bar, goal: Bar) -> Row:
    totals = run.solution.totals
    return Row(
        work=work,
        instance=instance,
        seed=seed,
        seconds=run.seconds,
        value=totals.objective,
        sense=Sense.MOST,
        bound=totals.bound,
        floor=floor,
        goal=goal,
    )
