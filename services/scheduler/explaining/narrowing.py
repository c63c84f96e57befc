"""A part of a plan that may change while the rest stays: small problems for CP-SAT, however large the plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled
from services.scheduler.explaining.objections import Spots, against_all
from services.scheduler.explaining.situation import Situation
from services.scheduler.summing import Sums
from services.scheduler.terms import Relation

NONE = np.zeros(0, dtype=np.int64)
NO_SUMS = Sums((), (), {}, {})


def only_what_must_hold(compiled: Compiled) -> Compiled:
    """The same problem without the rules that are merely weighed."""
    pairs = tuple(stated for stated in compiled.pairs if stated.must)
    groups = tuple(stated for stated in compiled.groups if stated.must)
    return replace(compiled, pairs=pairs, groups=groups, sums=NO_SUMS)


def narrowed(situation: Situation, free: Collection[str]) -> dict[str, Choices]:
    """The choices of a problem in which only these sessions may move. Each of them keeps those that nobody else bars.

    A session that does not move and has no place, or one that no rule allows, has no choice.
    """
    return {
        name: _open(situation, name, free) if name in free else as_it_is(situation, name, one)
        for name, one in situation.compiled.choices.items()
    }


def as_it_is(situation: Situation, name: str, choices: Choices) -> Choices:
    """The one choice of a session that stays; none when it has no place."""
    placement = situation.placed.get(name)
    number = situation.choice(placement) if placement is not None else None
    return choices.only(NONE if number is None else np.array([number], dtype=np.int64))


def _open(situation: Situation, name: str, free: Collection[str]) -> Choices:
    """What the sessions outside leave; of that as many starts as those inside cannot all take, and where it is now."""
    own = situation.compiled.choices[name]
    if not len(own):
        return own
    outside = {one: placement for one, placement in situation.placed.items() if one not in free}
    beside = replace(situation, placed=outside)
    # Whoever may move, or has no place now, is left to the model.
    against = against_all(beside, own.session, Spots(own.grid, own.room))
    rows = [set(one.sessions) <= outside.keys() for one in against.objections]
    barred = against.matrix[np.array(rows, dtype=np.bool_)].any(axis=0)
    return _enough(situation, own.only(np.flatnonzero(~barred)), free)


def _enough(situation: Situation, own: Choices, free: Collection[str]) -> Choices:
    """The cheapest starts, so many that the others who may move cannot touch them all; and the present one."""
    name = own.session.id
    if not len(own) or _is_entangled(situation.compiled, name, free):
        return own
    grid = 60 * situation.problem.grid_minutes
    if situation.problem.timeslots:
        return own
    sessions = situation.board.sessions
    touched = sum(-(-60 * (own.session.minutes + sessions[one].minutes) // grid) for one in free if one != name)
    starts, at = np.unique(own.start, return_inverse=True)
    least = np.full(len(starts), np.iinfo(np.int64).max)
    np.minimum.at(least, at, own.cost)
    kept = np.zeros(len(starts), dtype=np.bool_)
    kept[np.argsort(least, kind="stable")[: 1 + touched]] = True
    if placement := situation.placed.get(name):
        kept |= starts == int(placement.start.timestamp())
    return own.only(kept[at])


def _is_entangled(compiled: Compiled, name: str, free: Collection[str]) -> bool:
    """Whether a rule that must hold binds it to another that may move, otherwise than by not overlapping it."""
    for stated in compiled.pairs:
        term = stated.term
        bound = name in (term.one, term.other) and {term.one, term.other} <= set(free)
        if stated.must and bound and term.relation is not Relation.OVERLAP:
            return True
    return any(stated.must and name in stated.term.members for stated in compiled.groups)


def in_the_way_of(situation: Situation, names: Collection[str]) -> set[str]:
    """The placed sessions that stand against one of these at a place where nothing else does."""
    found: set[str] = set()
    for name in names:
        own = situation.compiled.choices[name]
        if len(own):
            against = against_all(situation, own.session, Spots(own.grid, own.room))
            found.update(one for objection in against.objections for one in objection.sessions)
    return found & situation.placed.keys() - set(names)


def tied_to(compiled: Compiled, name: str) -> set[str]:
    """The sessions that a rule which must hold binds to this one, pair by pair, such as those of its presenters."""
    pairs = [{stated.term.one, stated.term.other} for stated in compiled.pairs if stated.must]
    return set().union(*(pair for pair in pairs if name in pair)) - {name}
