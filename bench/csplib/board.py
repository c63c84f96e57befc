"""A schedule's slots and cells by position, and what is wrong with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from bench.csplib.conflicts import Pairs, attendee_conflicts, presenter_conflicts
from bench.csplib.instance import Instance, Names
from bench.csplib.schedule import Placement


@dataclass(frozen=True, order=True)
class Slot:
    """An occupied slot; the number counts from 1, everything else is a position in the instance."""

    session: int
    room: int
    number: int
    submission: int


@dataclass(frozen=True)
class Board:
    """The slots are in the order in which a visitor meets them: by session, room, number."""

    instance: Instance
    slots: tuple[Slot, ...]

    def track(self, slot: Slot) -> int:
        return self.instance.submissions[slot.submission].track

    @cached_property
    def cells(self) -> tuple[tuple[int, int, int], ...]:
        """Session, room and track of each used cell; a cell with two tracks is there twice."""
        return tuple(sorted({(slot.session, slot.room, self.track(slot)) for slot in self.slots}))

    @cached_property
    def parallel_tracks(self) -> tuple[tuple[int, int], ...]:
        """The tracks of each pair of used cells in one session, the lower position first."""
        sessions: dict[int, list[int]] = defaultdict(list)
        for session, _, track in self.cells:
            sessions[session].append(track)
        return tuple(pair for tracks in sessions.values() for pair in combinations(sorted(tracks), 2))

    @cached_property
    def presenter_pairs(self) -> Pairs:
        return presenter_conflicts(self.instance)

    @cached_property
    def attendee_pairs(self) -> Pairs:
        return attendee_conflicts(self.instance)


def place(instance: Instance, placements: Iterable[Placement]) -> tuple[Board, list[str]]:
    """The board, and a sentence for each placement that cannot be on it."""
    references = Names([submission.reference for submission in instance.submissions])
    sessions = Names([session.name for session in instance.sessions])
    rooms = Names(list(instance.rooms))
    slots, impossible = [], []
    for placement in placements:
        submission = references.position(placement.reference)
        session = sessions.position(placement.session)
        room = rooms.position(placement.room)
        if submission is None or session is None or room is None:
            impossible.append(f"{placement} names what the instance does not have")
        elif not 1 <= placement.slot <= instance.sessions[session].slots:
            impossible.append(f"{placement}: the session has {instance.sessions[session].slots} slots")
        else:
            slots.append(Slot(session, room, placement.slot, submission))
    return Board(instance, tuple(sorted(slots))), impossible


def violations(board: Board) -> Iterator[str]:
    """A sentence for each breach of what must hold: everything scheduled, in one piece, one track in a cell."""
    yield from _incomplete(board)
    yield from _mixed(board)
    yield from _double(board)


def _incomplete(board: Board) -> Iterator[str]:
    stays: dict[int, list[Slot]] = defaultdict(list)
    for slot in board.slots:
        stays[slot.submission].append(slot)
    for position, submission in enumerate(board.instance.submissions):
        taken = stays[position]
        if not taken:
            yield f"{submission.reference} is not scheduled"
        elif len(taken) != submission.slots:
            yield f"{submission.reference} has {len(taken)} slots and needs {submission.slots}"
        elif len({(slot.session, slot.room) for slot in taken}) > 1:
            yield f"{submission.reference} is split over cells"
        elif taken[-1].number - taken[0].number != len(taken) - 1:
            yield f"{submission.reference} is split within its cell"


def _mixed(board: Board) -> Iterator[str]:
    tracks: dict[tuple[int, int], list[str]] = defaultdict(list)
    for session, room, track in board.cells:
        tracks[session, room].append(board.instance.tracks[track].name)
    for (session, room), names in tracks.items():
        if len(names) > 1:
            yield f"{_cell(board, session, room)} has {len(names)} tracks: {', '.join(names)}"


def _double(board: Board) -> Iterator[str]:
    taken = Counter((slot.session, slot.room, slot.number) for slot in board.slots)
    for (session, room, number), count in taken.items():
        if count > 1:
            yield f"slot {number} of {_cell(board, session, room)} is taken {count} times"


def _cell(board: Board, session: int, room: int) -> str:
    return f"{board.instance.sessions[session].name} in {board.instance.rooms[room]}"
