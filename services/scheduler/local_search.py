"""A good plan quickly: insert every session where it is worth most, then take some out and try again.

The plan gives the CP-SAT search its start, and its worth tells which choices can be left out of the model: no plan
that takes a choice so far below its session's best can be better (``pruning.without_hopeless``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.scheduler.choices import Choices
from services.scheduler.clashes import clash_costs
from services.scheduler.problem import Problem, Session
from services.scheduler.timeline import scattered

IMPOSSIBLE = np.iinfo(np.int64).min // 4

Plan = dict[str, int]
"""By session, the number of the choice it takes."""


@dataclass
class Neighbourhood:
    """What moving one session would be worth while all others stay."""

    problem: Problem
    choices: Mapping[str, Choices]
    unplaced: int
    _clash: dict[tuple[str, str], int] = field(init=False)
    _sessions: dict[str, Session] = field(init=False)
    _following: dict[str, list[Session]] = field(init=False)
    _capacity: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self._capacity = np.array([room.capacity for room in self.problem.rooms], dtype=np.int64)
        costs = clash_costs(self.problem)
        self._clash = costs | {(other, one): cost for (one, other), cost in costs.items()}
        self._sessions = {session.id: session for session in self.problem.sessions}
        self._following = {}
        for session in self.problem.sessions:
            if session.after:
                self._following.setdefault(session.after.session, []).append(session)

    def best(self, name: str, plan: Plan) -> int | None:
        """The choice that is worth most to the whole plan; ``None`` when there is none left.

        Of equals, one on a day, then in a week, with few other sessions, wherever in the programme; and the smallest
        room. Earlier is not better.
        """
        worth = self.worths(name, plan)
        if not len(worth) or worth.max() < IMPOSSIBLE // 2:
            return None
        equals = np.flatnonzero(worth == worth.max())
        if len(equals) == 1:
            return int(equals[0])
        own = self.choices[name]
        day = own.day[equals]
        taken = np.array([self._day(other, plan) for other in plan if other != name], dtype=np.int64)
        same_day = np.bincount(taken, minlength=int(day.max()) + 1)[day]
        same_week = np.bincount(taken // 7, minlength=int(day.max()) // 7 + 1)[day // 7]
        order = np.lexsort((self._capacity[own.room[equals]], scattered(own.start[equals]), same_week, same_day))
        return int(equals[order[0]])

    def worths(self, name: str, plan: Plan) -> NDArray[np.int64]:
        session, own = self._sessions[name], self.choices[name]
        worth = own.worth.copy()
        for other, choice in plan.items():
            if other != name:
                self._beside(worth, session, self._sessions[other], choice)
        self._in_order(worth, session, plan)
        return worth

    def _beside(self, worth: NDArray[np.int64], session: Session, other: Session, choice: int) -> None:
        """Take off what it costs to overlap the other session. Choices are in order of start."""
        own, theirs = self.choices[session.id], self.choices[other.id]
        begin = int(theirs.start[choice])
        first = np.searchsorted(own.start, begin - 60 * session.minutes, side="right")
        last = np.searchsorted(own.start, begin + 60 * other.minutes, side="left")
        beside = slice(int(first), int(last))
        if set(session.presenters) & set(other.presenters):
            worth[beside] = IMPOSSIBLE
            return
        worth[beside] -= self._clash.get((session.id, other.id), 0)
        worth[beside][own.room[beside] == theirs.room[choice]] = IMPOSSIBLE

    def _in_order(self, worth: NDArray[np.int64], session: Session, plan: Plan) -> None:
        day = self.choices[session.id].day
        if session.after:
            if session.after.session not in plan:
                worth[:] = IMPOSSIBLE
                return
            gap = day - self._day(session.after.session, plan)
            worth[(gap < session.after.fewest_days) | (gap > session.after.most_days)] = IMPOSSIBLE
        for later in self._following.get(session.id, ()):
            if later.id in plan and later.after:
                gap = self._day(later.id, plan) - day
                worth[(gap < later.after.fewest_days) | (gap > later.after.most_days)] = IMPOSSIBLE

    def _day(self, name: str, plan: Plan) -> int:
        return int(self.choices[name].day[plan[name]])

    def value(self, plan: Plan) -> int:
        """The plan's worth as a whole."""
        worth = sum(int(self.choices[name].worth[choice]) for name, choice in plan.items())
        worth -= self.unplaced * (len(self.choices) - len(plan))
        return worth - sum(cost for pair, cost in self._clash.items() if pair[0] < pair[1] and self._meet(*pair, plan))

    def _meet(self, one: str, other: str, plan: Plan) -> bool:
        if one not in plan or other not in plan:
            return False
        begin = int(self.choices[one].start[plan[one]]), int(self.choices[other].start[plan[other]])
        lengths = 60 * self._sessions[one].minutes, 60 * self._sessions[other].minutes
        return begin[0] < begin[1] + lengths[1] and begin[1] < begin[0] + lengths[0]

    def series_of(self, names: Iterable[str]) -> list[str]:
        """Those sessions and all that follow them, each after the one it follows."""
        ordered: list[str] = []
        for name in names:
            if name not in ordered:
                ordered.append(name)
                ordered.extend(later for later in self.series_of(s.id for s in self._following.get(name, ())))
        return list(dict.fromkeys(ordered))


def good_plan(neighbourhood: Neighbourhood, *, seed: int, enough: Callable[[Plan, int], bool]) -> Plan:
    """Improve a first plan until its worth, asked after every round, is ``enough``; for one seed, always the same."""
    dice = random.Random(seed)  # noqa: S311 -- a search, not a secret
    firsts = [session.id for session in neighbourhood.problem.sessions if not session.after]
    plan = reinserted(neighbourhood, {}, sorted(firsts, key=lambda name: len(neighbourhood.choices[name])))
    value = neighbourhood.value(plan)
    while not enough(plan, value):
        trial = reinserted(neighbourhood, plan, dice.sample(firsts, min(len(firsts), dice.randint(1, 4))))
        trial_value = neighbourhood.value(trial)
        if trial_value >= value:
            plan, value = trial, trial_value
    return plan


def settled(neighbourhood: Neighbourhood, plan: Plan) -> Plan:
    """The plan with each session where it is worth most and, of equals, where there is least beside it."""
    settled_plan = dict(plan)
    for name in plan:
        best = neighbourhood.best(name, settled_plan)
        if best is not None:
            settled_plan[name] = best
    return settled_plan


def reinserted(neighbourhood: Neighbourhood, plan: Plan, names: Iterable[str]) -> Plan:
    """The plan after taking these sessions and all that follow them out and putting back what still fits."""
    moved = neighbourhood.series_of(names)
    trial = {name: choice for name, choice in plan.items() if name not in moved}
    absent = [name for name in neighbourhood.choices if name not in plan and name not in moved]
    for name in dict.fromkeys((*moved, *neighbourhood.series_of(absent))):
        if name not in trial:
            best = neighbourhood.best(name, trial)
            if best is not None:
                trial[name] = best
    return trial
