"""What tracks cost by the cells that they take, on the block model."""

from __future__ import annotations

from ortools.sat.python import cp_model

from services.scheduler.blocks.model import BlockModel, Literal
from services.scheduler.compiling import Stated
from services.scheduler.terms import GroupTerm, Key, Measure


class TrackEncoder:
    """Writes the group terms of a programme in blocks into its block model."""

    def __init__(self, model: BlockModel) -> None:
        self._model, self._programme = model, model.programme

    def encode(self) -> None:
        for stated in self._programme.compiled.groups:
            tracks = self._programme.whole_tracks(stated.term) if stated.cost and not stated.must else None
            if tracks:
                self._encode(stated, tracks)

    def _encode(self, stated: Stated[GroupTerm], tracks: tuple[int, ...]) -> None:
        if stated.term.measure is Measure.USED:
            self._used(stated, *tracks)
        elif stated.term.measure is Measure.DISTINCT and stated.term.key is Key.ALL:
            self._rooms(stated, *tracks)
        elif stated.term.measure is Measure.DISTINCT:
            self._beside_one_another(stated, *tracks)
        elif stated.term.measure is Measure.GAPS_IN_TIMESLOTS:
            self._gaps(stated, *tracks)
        elif stated.term.measure is Measure.PARALLEL:
            self._parallel(stated, *tracks)
        elif stated.term.measure is Measure.SEQUENCE:
            self._sequence(stated, *tracks)

    def _used(self, stated: Stated[GroupTerm], track: int) -> None:
        rooms = self._programme.rooms
        for (timeslot, room), literal in self._model.cells[track].items():
            entry = {Key.TIMESLOT: timeslot, Key.ROOM: room}.get(stated.term.inner, timeslot * rooms + room)
            self._model.costs(literal, stated.cost * stated.term.table[entry])

    def _rooms(self, stated: Stated[GroupTerm], track: int) -> None:
        """One room is the track's home; every other one costs."""
        rooms = sorted({room for _, room in self._model.cells[track]})
        home = {room: self._model.literal() for room in rooms}
        away = {room: self._model.literal() for room in rooms}
        self._model.cp.add_at_most_one(home.values())
        for (_, room), literal in self._model.cells[track].items():
            self._model.cp.add_bool_or(~literal, home[room], away[room])
        for literal in away.values():
            self._model.costs(literal, stated.cost)

    def _beside_one_another(self, stated: Stated[GroupTerm], track: int) -> None:
        for timeslot, active in self._model.active[track].items():
            cells, most = self._model.in_timeslot(track, timeslot), self._model.widest(track, timeslot)
            if most > 1:
                beyond = self._model.cp.new_int_var(0, most - 1, "")
                self._model.cp.add(beyond >= cp_model.LinearExpr.sum(cells) - active)
                self._model.costs(beyond, stated.cost)

    def _gaps(self, stated: Stated[GroupTerm], track: int) -> None:
        active = self._model.active[track]
        rises = []
        for timeslot, literal in active.items():
            rise, before = self._model.literal(), active.get(timeslot - 1)
            self._model.cp.add_bool_or([rise, ~literal, *([before] if before is not None else [])])
            rises.append(rise)
        broken = self._model.literal()
        self._model.cp.add(cp_model.LinearExpr.sum(rises) <= 1).only_enforce_if(~broken)
        self._model.costs(broken, stated.cost)

    def _parallel(self, stated: Stated[GroupTerm], one: int, other: int) -> None:
        """Where both are active, n cells and m cells make at least n + m - 1 pairs, and just so many where n is 1."""
        for timeslot in self._model.active[one].keys() & self._model.active[other].keys():
            here, there = self._model.active[one][timeslot], self._model.active[other][timeslot]
            both = self._model.literal()
            self._model.cp.add_bool_or(both, ~here, ~there)
            self._model.costs(both, stated.cost)
            cells = [*self._model.in_timeslot(one, timeslot), *self._model.in_timeslot(other, timeslot)]
            most = self._model.widest(one, timeslot) + self._model.widest(other, timeslot) - 2
            if most > 0:
                more = self._model.cp.new_int_var(0, most, "")
                self._model.cp.add(more >= cp_model.LinearExpr.sum(cells) - 2).only_enforce_if(here, there)
                self._model.costs(more, stated.cost)

    def _sequence(self, stated: Stated[GroupTerm], track: int) -> None:
        """A session at its place has fewer before its timeslot than the place says, and enough until its end."""
        rows, timeslots = self._programme.tracks[track], sorted(self._model.active[track])
        until = self._counts(rows, timeslots)
        at_place: dict[int, list[Literal]] = {}
        for row, wanted in zip(rows, stated.term.table, strict=True):
            if wanted:
                misplaced = self._model.literal()
                self._model.costs(misplaced, stated.cost)
                for timeslot, lies in self._model.lies[row].items():
                    before = max((one for one in timeslots if one < timeslot), default=None)
                    self._model.cp.add(until[timeslot] >= wanted).only_enforce_if(lies, ~misplaced)
                    if before is not None:
                        self._model.cp.add(until[before] < wanted).only_enforce_if(lies, ~misplaced)
                here = self._model.literal()
                self._model.cp.add_bool_or(here, misplaced, ~self._model.placed[row])
                at_place.setdefault(wanted, []).append(here)
        for literals in at_place.values():
            self._model.cp.add_at_most_one(literals)

    def _counts(self, rows: tuple[int, ...], timeslots: list[int]) -> dict[int, Literal]:
        """By timeslot, how many of these sessions lie in it or before it."""
        until = {timeslot: self._model.cp.new_int_var(0, len(rows), "") for timeslot in timeslots}
        earlier: list[Literal] = []
        for timeslot in timeslots:
            members = [self._model.lies[row][timeslot] for row in rows if timeslot in self._model.lies[row]]
            self._model.cp.add(until[timeslot] == cp_model.LinearExpr.sum([*members, *earlier]))
            earlier = [until[timeslot]]
        return until
