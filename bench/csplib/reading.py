"""Reads a CSPLib workbook into an `Instance`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.csplib.instance import Hours, Instance, Matrix, Names, Session, Submission, Term, Track, ZoneRules
from bench.csplib.workbook import Cell, Place, Row, Sheet, Workbook, as_clock, as_text, as_whole, open_workbook
from bench.peers.errors import FormatError

_ZONE = re.compile(r"(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?(\d\d))?)?", re.IGNORECASE)


def read(path: Path) -> Instance:
    """Raises FormatError, which names sheet, row and column, for what cannot be read."""
    book = open_workbook(path)
    zones = _zone_rules(book.sheet("parameters"))
    names = _Names.of(book)
    return Instance(
        name=path.stem,
        sessions=tuple(_session(row) for row in book.sheet("sessions").rows()),
        rooms=tuple(names.rooms),
        tracks=tuple(Track(row.text("Tracks"), row.names("Chairs")) for row in book.sheet("tracks").rows()),
        submissions=tuple(_submission(row, names, zones.local) for row in book.sheet("submissions").rows()),
        track_session=_matrix(book.sheet("tracks_sessions|penalty"), names.tracks, names.sessions),
        track_room=_matrix(book.sheet("tracks_rooms|penalty"), names.tracks, names.rooms),
        session_room=_matrix(book.sheet("sessions_rooms|penalty"), names.sessions, names.rooms),
        similar_tracks=_similar(book.sheet("similar tracks"), names.tracks),
        weights=_weights(book.sheet("parameters")),
        zones=zones,
    )


@dataclass(frozen=True)
class _Names:
    sessions: list[str]
    rooms: list[str]
    tracks: list[str]

    @classmethod
    def of(cls, book: Workbook) -> _Names:
        return cls(*(_column(book, sheet) for sheet in ("Sessions", "Rooms", "Tracks")))


def _column(book: Workbook, name: str) -> list[str]:
    """The first column of an entity's sheet, which is called what the sheet is called."""
    return [row.text(name) for row in book.sheet(name.lower()).rows()]


def _session(row: Row) -> Session:
    return Session(
        name=row.text("Sessions"),
        slots=_positive(row, "Max Number of Timeslots"),
        day=row.day("Date"),
        start=row.clock("Start Time"),
        end=row.clock("End Time"),
    )


def _submission(row: Row, names: _Names, local: int) -> Submission:
    track = Names(names.tracks).position(row.text("Track"))
    if track is None:
        raise row.place("Track").refuse(row.text("Track"), "a track of sheet 'tracks'")
    return Submission(
        reference=row.text("Reference"),
        track=track,
        slots=_positive(row, "Required Timeslots"),
        order=row.whole("Order"),
        zone=_zone(row.text("Time Zone"), row.place("Time Zone"), blank=local),
        presenters=row.names("Presenters"),
        attendees=row.names("Attendees"),
        session_penalties=tuple(row.whole(session) for session in names.sessions),
        room_penalties=tuple(row.whole(room) for room in names.rooms),
    )


def _positive(row: Row, column: str) -> int:
    number = row.whole(column)
    if number < 1:
        raise row.place(column).refuse(number, "a whole number from 1")
    return number


def _zone(text: str, place: Place, *, blank: int) -> int:
    """Minutes east of Greenwich."""
    if not text.strip():
        return blank
    match = _ZONE.fullmatch("".join(text.split()))
    if match is None:
        raise place.refuse(text, "a time zone such as GMT+2")
    sign, hours, minutes = match.groups(default="0")
    return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes))


def _matrix(sheet: Sheet, rows: list[str], columns: list[str]) -> Matrix:
    found = {position: row for row in sheet.rows() if (position := Names(rows).position(row.name)) is not None}
    missing = [name for position, name in enumerate(rows) if position not in found]
    if missing:
        raise FormatError(f"sheet '{sheet.name}' has no row '{missing[0]}'")
    return tuple(tuple(found[position].whole(column) for column in columns) for position in range(len(rows)))


def _similar(sheet: Sheet, tracks: list[str]) -> Matrix:
    """What stands above the diagonal rules for both directions, as in the library's own reader, which takes the columns
    to be in the order of the rows."""
    names, numbers = sheet.square()
    found = {Names(tracks).position(name): at for at, name in enumerate(names)}
    missing = [name for position, name in enumerate(tracks) if position not in found]
    if missing:
        raise FormatError(f"sheet '{sheet.name}' has no row '{missing[0]}'")
    places = [found[position] for position in range(len(tracks))]
    return tuple(
        tuple(0 if one == other else numbers[min(one, other)][max(one, other)] for other in places) for one in places
    )


def _labelled(sheet: Sheet) -> Iterator[tuple[str, Cell]]:
    """Every text of a sheet, without colon and case, with what stands at its right."""
    for cells in sheet.cells:
        for label, value in zip(cells, (*cells[1:], None), strict=True):
            if isinstance(label, str):
                yield _label(label), value


def _label(text: str) -> str:
    return text.strip().removesuffix(":").strip().casefold()


def _weights(sheet: Sheet) -> dict[Term, int]:
    found = dict(_labelled(sheet))
    return {term: as_whole(_entry(found, sheet, term), Place(sheet.name, term, "Weights")) for term in Term}


def _entry(found: dict[str, Cell], sheet: Sheet, label: str) -> Cell:
    if _label(label) not in found:
        raise FormatError(f"sheet '{sheet.name}' has no entry '{label}'")
    return found[_label(label)]


def _zone_rules(sheet: Sheet) -> ZoneRules:
    entries = _blocks(sheet)

    def hours(block: str) -> Hours:
        first, last = (f"{block}, {edge}" for edge in ("From", "To"))
        return Hours(
            as_clock(_entry(entries, sheet, first), Place(sheet.name, first, "Sessions")),
            as_clock(_entry(entries, sheet, last), Place(sheet.name, last, "Sessions")),
        )

    def penalty(block: str) -> int:
        label = f"{block}, Penalty"
        return as_whole(_entry(entries, sheet, label), Place(sheet.name, label, "Sessions"))

    local = "Local time zone"
    return ZoneRules(
        local=_zone(as_text(_entry(entries, sheet, local)), Place(sheet.name, local, "Sessions"), blank=0),
        suitable=hours("Suitable scheduling times"),
        less_suitable=hours("Less suitable scheduling times"),
        less_suitable_penalty=penalty("Less suitable scheduling times"),
        unsuitable_penalty=penalty("Unsuitable scheduling times"),
    )


def _blocks(sheet: Sheet) -> dict[str, Cell]:
    """`From`, `To` and `Penalty` stand under the heading of their block; they are entered as '<heading>, From'."""
    entries: dict[str, Cell] = {}
    heading = ""
    for label, value in _labelled(sheet):
        if label.endswith("scheduling times"):
            heading = label
        elif label in {"from", "to", "penalty"}:
            entries[f"{heading}, {label}"] = value
        else:
            entries[label] = value
    return entries
