"""The CP-SAT model: a literal for each session, start and room, and one for each session and start.

Whatever one session breaks by itself is no choice in the first place (``candidates``); the model holds what sessions
do to one another (``conflicts``) and what a plan is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from services.scheduler.choices import Choices, best_worth
from services.scheduler.clashes import clash_costs
from services.scheduler.problem import Problem, Session
from services.scheduler.weights import unplaced_weight

Literal = cp_model.IntVar


@dataclass(frozen=True)
class Pick:
    """A session at a start (seconds since the epoch) in a room (its number in the problem)."""

    session: str
    start: int
    room: int


@dataclass
class PlanningModel:
    """The model under construction, and the way back from its literals to a plan.

    ``going`` holds a literal for sets of starts of one session: true when the session begins at one of them.
    ``ceiling`` less the model's objective is the worth of a plan in person-minutes.
    """

    problem: Problem
    choices: Mapping[str, Choices]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    picks: dict[Pick, Literal] = field(default_factory=dict)
    placed: dict[str, Literal] = field(default_factory=dict)
    going: dict[tuple[str, tuple[int, ...]], Literal] = field(default_factory=dict)
    clashes: dict[tuple[str, str], Literal] = field(default_factory=dict)
    ceiling: int = 0

    def at(self, session: str, start: int) -> Literal:
        return self.going[session, (start,)]

    def starts(self, session: str) -> list[int]:
        """The starts that the session may take, in order."""
        return sorted(set(self.choices[session].start.tolist()))

    def any_of(self, session: str, starts: Iterable[int]) -> Literal:
        """The literal that says that the session begins at one of these starts."""
        key = session, tuple(starts)
        if key not in self.going:
            self.going[key] = self._one_of([self.at(session, start) for start in key[1]])
        return self.going[key]

    def add_session(self, session: Session) -> None:
        """Literals for each choice of a session, of which it takes one or stays unplaced."""
        choices = self.choices[session.id]
        rooms_at: dict[int, list[Literal]] = {}
        for start, room in zip(choices.start.tolist(), choices.room.tolist(), strict=True):
            literal = self.cp.new_bool_var("")
            self.picks[Pick(session.id, start, room)] = literal
            rooms_at.setdefault(start, []).append(literal)
        for start, literals in rooms_at.items():
            self.going[session.id, (start,)] = self._one_of(literals)
        self.placed[session.id] = self._one_of([literal for literals in rooms_at.values() for literal in literals])

    def _one_of(self, literals: list[Literal]) -> Literal:
        """A literal that is true when one of these is; never are two."""
        if len(literals) == 1:
            return literals[0]
        chosen = self.cp.new_bool_var("")
        self.cp.add_exactly_one(*literals, ~chosen)
        return chosen

    def hint(self, plan: Iterable[Pick]) -> None:
        """Begin the search from this plan. Every literal gets its value: a search does not complete a partial hint."""
        picks = set(plan)
        begun = {(pick.session, pick.start) for pick in picks}
        overlap = _overlapping(self.problem, begun)
        values = {literal.index: session in dict(begun) for session, literal in self.placed.items()}
        for (session, starts), literal in self.going.items():
            values[literal.index] = any((session, start) in begun for start in starts)
        values |= {literal.index: pick in picks for pick, literal in self.picks.items()}
        values |= {literal.index: overlap(*pair) for pair, literal in self.clashes.items()}
        for index, value in values.items():
            self.cp.add_hint(self.cp.get_bool_var_from_proto_index(index), value)


def _overlapping(problem: Problem, begun: Iterable[tuple[str, int]]) -> Callable[[str, str], bool]:
    start = dict(begun)
    end = {session.id: start[session.id] + 60 * session.minutes for session in problem.sessions if session.id in start}

    def overlap(one: str, other: str) -> bool:
        both = one in start and other in start
        return both and start[one] < end[other] and start[other] < end[one]

    return overlap


def set_aim(model: PlanningModel, *, keep_published: bool) -> None:
    """Minimise what a plan falls short of the best choice of every session; a search knows its bound at once."""
    unplaced = unplaced_weight(model.problem, keep_published=keep_published)
    shortfalls: list[tuple[cp_model.LiteralT, int]] = []
    for session, choices in model.choices.items():
        best = best_worth(choices)
        model.ceiling += best
        shortfalls.append((~model.placed[session], best + unplaced))
        for start, room, worth in zip(choices.start, choices.room, choices.worth, strict=True):
            shortfalls.append((model.picks[Pick(session, int(start), int(room))], best - int(worth)))
    shortfalls += [(model.clashes[pair], cost) for pair, cost in clash_costs(model.problem).items()]
    literals, costs = zip(*(shortfall for shortfall in shortfalls if shortfall[1]), strict=True)
    model.cp.minimize(cp_model.LinearExpr.weighted_sum(literals, costs))
