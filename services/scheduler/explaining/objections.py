"""What stands against a session at every start and in every room: rules, people, rooms and other sessions.

Finer than ``candidates``: one objection for each rule and presenter, rule and room, or other session, so that an
explanation can name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.scheduler.board import Board
from services.scheduler.entities import Session
from services.scheduler.explaining.situation import Integers, Situation, place_of, places_on_grid
from services.scheduler.explaining.standing_groups import broken_groups
from services.scheduler.relating import Places, relation_matrix
from services.scheduler.rules.base import Amounts, UnaryRule
from services.scheduler.rules.names import MustHold
from services.scheduler.rules.pinned import PinnedAssignment
from services.scheduler.rules.presenter_unavailable import PresenterUnavailable
from services.scheduler.rules.rooms import RoomUnavailable
from services.scheduler.terms import Relation
from services.scheduler.timeline import Flags, Standing
from shared.contract.commands.explaining import Objection


@dataclass(frozen=True)
class Spots:
    """Starts (numbers in the grid) and rooms (numbers) that are asked about, as parallel arrays."""

    at: Integers
    room: Integers

    def __len__(self) -> int:
        return len(self.at)

    def only(self, kept: Flags | Integers) -> Spots:
        return Spots(self.at[kept], self.room[kept])


@dataclass(frozen=True)
class Against:
    """By objection (row) and spot (column), whether it stands against the session there."""

    session: Session
    spots: Spots
    objections: tuple[Objection, ...]
    matrix: NDArray[np.bool_]

    def at_spot(self, column: int) -> tuple[Objection, ...]:
        return tuple(self.objections[row] for row in np.flatnonzero(self.matrix[:, column]))


def all_spots(board: Board) -> Spots:
    """Every start of the grid in every room."""
    rooms, starts = len(board.problem.rooms), len(board.grid.starts)
    room, at = np.divmod(np.arange(rooms * starts, dtype=np.int64), max(1, starts))
    return Spots(at, room)


def against_alone(situation: Situation, session: Session, spots: Spots) -> Against:
    """What stands against a session wherever the others are: rules about one session by itself."""
    return _against(session, spots, _by_itself(situation, session, spots))


def against_all(situation: Situation, session: Session, spots: Spots) -> Against:
    """What stands against a session while all others keep their places."""
    found = [*_by_itself(situation, session, spots), *_by_others(situation, session, spots)]
    return _against(session, spots, iter(found))


def _against(session: Session, spots: Spots, found: Iterator[tuple[Objection, Flags]]) -> Against:
    standing: dict[Objection, Flags] = {}
    for one, flags in found:
        if flags.any():
            standing[one] = standing[one] | flags if one in standing else flags
    matrix = np.array([*standing.values()], dtype=np.bool_).reshape(len(standing), len(spots))
    return Against(session, spots, tuple(standing), matrix)


def _by_itself(situation: Situation, session: Session, spots: Spots) -> Iterator[tuple[Objection, Flags]]:
    for rule in situation.compiled.candidates.rules:
        if not rule.scope.covers(session):
            continue
        if isinstance(rule, PresenterUnavailable):
            for presenter in session.presenters:
                said_no = situation.board.standing(presenter, session.minutes, spots.at) == Standing.NO
                yield Objection(rule=rule.id, people=(presenter,)), said_no
        else:
            yield from _by_rule(situation.board, rule, session, spots)


def _by_rule(board: Board, rule: UnaryRule, session: Session, spots: Spots) -> Iterator[tuple[Objection, Flags]]:
    used, column = np.unique(spots.at, return_inverse=True)
    amounts, shape = rule.amounts(session, used, board), (len(board.problem.rooms), len(used))
    broken = np.broadcast_to(amounts > 0, shape)[spots.room, column]
    if not _is_about_single_rooms(rule, amounts):
        yield Objection(rule=rule.id), broken
        return
    for number, room in enumerate(board.problem.rooms):
        yield Objection(rule=rule.id, rooms=(room.id,)), broken & (spots.room == number)


def _is_about_single_rooms(rule: UnaryRule, amounts: Amounts) -> bool:
    """Whether each room is to blame for itself: one that is taken or does not suit, not one where others are wanted."""
    at_any_time = amounts.shape[1] == 1
    return isinstance(rule, RoomUnavailable) or (
        rule.about_rooms and at_any_time and not isinstance(rule, PinnedAssignment)
    )


def _by_others(situation: Situation, session: Session, spots: Spots) -> Iterator[tuple[Objection, Flags]]:
    own = places_on_grid(situation.board, session, spots.at, spots.room)
    yield from _in_the_room(situation, session, own)
    yield from _by_pairs(situation, session, own)
    for rule, members, flags in broken_groups(situation, session.id, own):
        yield Objection(rule=rule, sessions=members), flags


def _in_the_room(situation: Situation, session: Session, own: Places) -> Iterator[tuple[Objection, Flags]]:
    for name, placement in situation.placed.items():
        if name != session.id:
            begins = int(placement.start.timestamp()) // 60
            shares = (own.start < begins + placement.minutes) & (begins < own.end)
            taken = shares & (own.room == situation.room_number(placement.room))
            yield Objection(rule=MustHold.ROOM_CONFLICT.value, rooms=(placement.room,), sessions=(name,)), taken


def _by_pairs(situation: Situation, session: Session, own: Places) -> Iterator[tuple[Objection, Flags]]:
    board = situation.board
    for stated in situation.compiled.pairs:
        term = stated.term
        if not stated.must or session.id not in (term.one, term.other):
            continue
        first = term.one == session.id
        name = term.other if first else term.one
        both = set(session.presenters) & set(board.sessions[name].presenters)
        people = tuple(sorted(both)) if term.relation is Relation.OVERLAP else ()
        objection = Objection(rule=stated.rule, people=people, sessions=(name,))
        if placement := situation.placed.get(name):
            place = place_of(board, board.sessions[name], placement, situation.room_number(placement.room))
            sides = (own, place) if first else (place, own)
            related = relation_matrix(int(term.relation), term.parameter, *sides) > 0
            yield objection, np.asarray(related.reshape(-1))
        elif term.requires and not first:
            yield objection, np.ones(len(own.start), dtype=np.bool_)
