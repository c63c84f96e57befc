"""The harness that every rule goes through: its two implementations are held against each other.

A *sample* is a rule and a way to make small random problems in which it binds. Samples live in ``samples_*.py`` beside
this file, one file for each family of rules, each with ``SAMPLES: dict[str, Sample]``; keys are kinds, with a space
and a few words after the kind where one has several samples. ``test_rules_agree`` and ``test_rules_are_checked`` find
them by themselves.

For each sample, at each of its levels, on hundreds of random schedules (also partial ones, also ones that break it):

- the weight times the amounts of ``judge`` is what the rule costs in the tables (``kernel.plan_cost``), and a move's
  difference is that of the two plans; at level *must*, ``judge`` finds something exactly when the tables do;
- the CP-SAT model with the same picks fixed has the same objective, or no solution exactly when the rule is broken;
- at level *ignore* nothing of it is left.

Mutation check, for every sample: with the rule's statement on the tables and the model replaced by one that states
nothing, and with its ``judge`` replaced by one that finds nothing, the comparison above has to fail.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import numpy as np
from ortools.sat.python import cp_model
from rule_problems import Dice

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, compile_problem, tables_of
from services.scheduler.entities import Session
from services.scheduler.finished import FinishedPlan
from services.scheduler.kernel import move_cost, plan_cost
from services.scheduler.problem import Problem
from services.scheduler.rules.base import GroupRule, Level, PairRule, Rule, SumRule, UnaryRule
from services.scheduler.rules.catalogue import STANDARD, AnyRule
from services.scheduler.rules.conflicts import RoomConflict
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.session_fits_timeslot import SessionFitsTimeslot
from services.scheduler.scoring import Score, score
from services.scheduler.search import build_model
from shared.contract.facts.scheduler import Placement
from shared.time.zones import zone

SCHEDULES = 40
FIXED_SOLVES = 10
"""Schedules of each random problem, and how many of them the CP-SAT model is asked about."""
MOST_STARTS = 12

Spot = tuple[int, int]
"""A start (seconds since the epoch) and the number of a room."""


@dataclass(frozen=True)
class Sample:
    """A rule and random problems in which it binds. Leave out the levels at which it makes no sense."""

    rule: Rule
    problem: Callable[[Dice], Problem]
    levels: tuple[Level, ...] = (Level.WARN, Level.MUST)
    keep_published: bool = False

    @property
    def kind(self) -> str:
        return kind_of(self.rule)


def kind_of(rule: Rule | type[Rule]) -> str:
    of = rule if isinstance(rule, type) else type(rule)
    return str(of.model_fields["kind"].default)


def kinds() -> set[str]:
    """Every kind of rule that a policy may state."""
    return {kind_of(rule) for rule in get_args(get_args(AnyRule)[0])}


def gathered() -> dict[str, Sample]:
    """The samples of all files beside this one."""
    found: dict[str, Sample] = {}
    for path in sorted(Path(__file__).parent.glob("samples_*.py")):
        for name, sample in import_module(path.stem).SAMPLES.items():
            if name in found:
                raise ValueError(f"{path.name}: there is a sample {name!r} already; say what is special about this one")
            if name.split(" ")[0] != sample.kind:
                raise ValueError(f"{path.name}: the sample {name!r} is of the kind {sample.kind!r}; begin with that")
            found[name] = sample
    return found


def alone(rule: Rule) -> Policy:
    """A policy in which nothing but this rule, and what plans are built around, is in force."""
    apart = {kind_of(rule), kind_of(RoomConflict), kind_of(SessionFitsTimeslot)}
    ignored = [one.model_copy(update={"level": Level.IGNORE}) for one in STANDARD if kind_of(one) not in apart]
    return Policy.model_validate({"pack": "alone", "version": 1, "rules": [rule, *ignored]})


@dataclass(frozen=True)
class Drawn:
    """A random schedule: by session that has a place, where."""

    spots: Mapping[str, Spot]
    placements: tuple[Placement, ...]


class Trial:
    """One random problem of a sample at one level."""

    def __init__(self, sample: Sample, level: Level, seed: int) -> None:
        self.dice = random.Random(f"{sample.kind} {seed}")
        self.rule = sample.rule.model_copy(update={"level": level})
        self.keep_published = sample.keep_published
        made = sample.problem(self.dice)
        self.problem = Problem.model_validate(made.model_dump() | {"policy": alone(self.rule).model_dump()})
        self._rooms = [room.id for room in self.problem.rooms]

    @cached_property
    def compiled(self) -> Compiled:
        return compile_problem(self.problem, keep_published=self.keep_published)

    @cached_property
    def starts(self) -> list[int]:
        """A few starts that sessions are drawn from: mostly office hours, some that touch one another, some odd."""
        every = self.compiled.board.grid.starts.tolist()
        local = zone(self.problem.zone)
        office = [one for one in every if 9 <= datetime.fromtimestamp(one, UTC).astimezone(local).hour < 16]
        told = [one.published.start for one in self.problem.sessions if one.published]
        told += [one.pinned.start for one in self.problem.sessions if one.pinned and one.pinned.start]
        pool = {int(one.timestamp()) for one in told} & set(every)
        pool |= set(self.dice.sample(every, min(2, len(every))))
        for begin in self.dice.sample(office, min(4, len(office))):
            position = every.index(begin)
            pool |= set(every[position : position + 3])
        return sorted(self.dice.sample(sorted(pool), min(MOST_STARTS, len(pool))))

    @cached_property
    def choices(self) -> dict[str, Choices]:
        """The choices of the problem as far as they are drawn from."""
        return {name: one.only(np.isin(one.start, self.starts)) for name, one in self.compiled.choices.items()}

    def draw(self) -> Drawn:
        """Most sessions have a place and most rooms hold one session at a time, but neither always."""
        careless = 0.6 if isinstance(self.rule, RoomConflict) else 0.1
        careful, share = self.dice.random() >= careless, self.dice.choice((1.0, 1.0, 0.9, 0.6))
        spots: dict[str, Spot] = {}
        for session in self.dice.sample(self.problem.sessions, len(self.problem.sessions)):
            for _ in range(6):
                spot = self.dice.choice(self.starts), self.dice.randrange(len(self._rooms))
                allowed = self._fits(session, spot[0]) and not (careful and self._taken(session, spot, spots))
                if allowed and self.dice.random() < share:
                    spots[session.id] = spot
                    break
        return Drawn(spots, tuple(self._placement(name, spot) for name, spot in sorted(spots.items())))

    def _fits(self, session: Session, start: int) -> bool:
        if not self.problem.timeslots or isinstance(self.rule, SessionFitsTimeslot):
            return True
        grid = self.compiled.board.grid.starts
        return bool(self.compiled.board.timeslot_at(session)[int(np.searchsorted(grid, start))] >= 0)

    def _taken(self, session: Session, spot: Spot, spots: Mapping[str, Spot]) -> bool:
        length = self.compiled.board.sessions
        return any(
            room == spot[1] and start < spot[0] + 60 * session.minutes and spot[0] < start + 60 * length[name].minutes
            for name, (start, room) in spots.items()
        )

    def _placement(self, name: str, spot: Spot) -> Placement:
        session = self.compiled.board.sessions[name]
        start = datetime.fromtimestamp(spot[0], UTC)
        room = self._rooms[spot[1]]
        return Placement(session=name, proposal=session.proposal, room=room, start=start, minutes=session.minutes)

    def scored(self, drawn: Drawn) -> Score:
        return score(self.problem, drawn.placements, keep_published=self.keep_published)

    def finished(self, drawn: Drawn) -> FinishedPlan:
        return FinishedPlan(self.problem, drawn.placements, keep_published=self.keep_published)

    def number(self, name: str, spot: Spot) -> int | None:
        """The number of the choice of a session that is this spot; None where a rule that must hold forbids it."""
        one = self.choices[name]
        found = np.flatnonzero((one.start == spot[0]) & (one.room == spot[1]))
        return int(found[0]) if len(found) else None


def check_agreement(sample: Sample, level: Level, seed: int) -> None:
    """Judge, tables and model say the same of random schedules. Raises ``AssertionError``."""
    trial = Trial(sample, level, seed)
    fixed = FixedModel(trial)
    tables = tables_of(trial.compiled, trial.choices)
    for round_ in range(SCHEDULES):
        drawn = trial.draw()
        scored = trial.scored(drawn)
        broken = trial.rule.id in scored.violations and not isinstance(trial.rule, RoomConflict)
        expected = None if broken else -scored.objective(trial.compiled.unplaced)
        check_plan(trial, tables, fixed if round_ % (SCHEDULES // FIXED_SOLVES) == 0 else None, drawn, expected)


def check_plan(trial: Trial, tables: Any, fixed: FixedModel | None, drawn: Drawn, expected: int | None) -> None:
    """One schedule is worth ``expected`` (None: it breaks what must hold) in tables and model.

    Room conflicts, which every problem forbids, are counted by ``judge`` and taken off. Raises ``AssertionError``.
    """
    numbers = {name: trial.number(name, spot) for name, spot in drawn.spots.items()}
    if None in numbers.values():
        assert expected is None, f"no candidate for {drawn.placements}, but judge finds nothing against it"
        return
    plan = {name: number for name, number in numbers.items() if number is not None}
    conflicts = sum(1 for _ in RoomConflict().judge(trial.finished(drawn)))
    at = _rows(trial, tables, plan)
    cost = plan_cost(tables, at) - conflicts * trial.compiled.too_much
    if expected is None:
        assert cost > trial.compiled.too_much // 2, f"judge finds {drawn.placements} broken, the tables do not"
    else:
        assert cost == expected, f"tables {cost}, judge {expected}: {drawn.placements}"
    _check_move(trial, tables, at)
    if fixed:
        worth = fixed.cost(plan)
        assert worth == (None if conflicts else expected), f"model {worth}, judge {expected}: {drawn.placements}"


def _rows(trial: Trial, tables: Any, plan: Mapping[str, int]) -> np.ndarray:
    at = np.full(len(trial.problem.sessions), -1, dtype=np.int64)
    for name, number in plan.items():
        row = trial.compiled.number[name]
        at[row] = tables.first[row] + number
    return at


def _check_move(trial: Trial, tables: Any, at: np.ndarray) -> None:
    row = trial.dice.randrange(len(at))
    moved, first = at.copy(), int(tables.first[row])
    moved[row] = trial.dice.choice([-1, *range(first, int(tables.first[row + 1]))])
    before = at.copy()
    difference = move_cost(tables, at, row, int(moved[row]))
    assert difference == plan_cost(tables, moved) - plan_cost(tables, at), f"move of {row} from {at} to {moved}"
    assert (at == before).all()


class FixedModel:
    """The CP-SAT model of a trial, asked what it costs when its picks are fixed."""

    def __init__(self, trial: Trial) -> None:
        self._model = build_model(trial.compiled, trial.choices)
        self._solver = cp_model.CpSolver()
        self._solver.parameters.num_workers = 1
        self._solver.parameters.cp_model_probing_level = 0
        self._solver.parameters.symmetry_level = 0
        self._solver.parameters.fix_variables_to_their_hinted_value = True

    def cost(self, plan: Mapping[str, int]) -> int | None:
        """None when the model has no such plan."""
        self._model.cp.clear_hints()
        for name, literals in self._model.picks.items():
            for number, literal in enumerate(literals):
                self._model.cp.add_hint(literal, plan.get(name) == number)
            self._model.cp.add_hint(self._model.placed[name], name in plan)
        status = self._solver.solve(self._model.cp)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL, self._solver.status_name()
        return self._model.floor + round(self._solver.objective_value)


def check_it_binds(sample: Sample) -> None:
    """Of random schedules, some are worth something else by this rule than others. Raises ``AssertionError``."""
    amounts = set()
    for seed in range(4):
        trial = Trial(sample, sample.levels[0], seed)
        for _ in range(SCHEDULES):
            judged = next(one for one in trial.scored(trial.draw()).judgements if one.rule == trial.rule)
            amounts.add(sum(finding.amount for finding in judged.findings))
    assert len(amounts) > 1, f"every schedule is worth {amounts} by {sample.kind}; make a sample in which it binds"


def check_it_can_be_switched_off(sample: Sample) -> None:
    """At level *ignore* it is not judged, not in the tables, and forbids nothing. Raises ``AssertionError``."""
    trial = Trial(sample, Level.IGNORE, 0)
    assert trial.rule.id not in {one.id for one in trial.problem.policy.in_force()}
    assert not trial.compiled.pairs
    assert not trial.compiled.groups
    assert not trial.compiled.sums.terms
    assert all((one.cost == 0).all() for one in trial.compiled.choices.values())
    for _ in range(10):
        assert trial.rule.id not in {one.rule.id for one in trial.scored(trial.draw()).judgements}


STATEMENTS = {UnaryRule: "amounts", PairRule: "pairs", GroupRule: "groups", SumRule: "sums"}


def statement_of(rule: Rule) -> str | None:
    """The method by which a rule states itself on the tables; None for what search and model are built around."""
    return next((method for base, method in STATEMENTS.items() if isinstance(rule, base)), None)


def nothing_stated(rule: Rule) -> Callable[..., Any]:
    """A statement of the same form that says nothing."""
    if isinstance(rule, UnaryRule):
        return lambda *_: np.zeros((1, 1), dtype=np.int64)
    return lambda *_: iter(())
