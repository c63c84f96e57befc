from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bench.csplib.conflicts import attendee_conflicts, presenter_conflicts
from bench.csplib.instance import Instance, Names, Term
from bench.csplib.objective import score
from bench.csplib.reading import read
from bench.csplib.schedule import Placement
from bench.peers.errors import FormatError

DATA = Path(__file__).parents[3] / "bench/data/csplib"
Change = Callable[[Workbook], object]


def size(name: str) -> tuple[int, ...]:
    """Submissions, tracks, sessions, rooms, slots of a room, pairs with presenter and with attendee conflicts."""
    instance = read(DATA / f"{name}.xlsx")
    sizes = (len(part) for part in (instance.submissions, instance.tracks, instance.sessions, instance.rooms))
    pairs = (len(presenter_conflicts(instance)), len(attendee_conflicts(instance)))
    return (*sizes, instance.slots_per_room, *pairs)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("N2OR", (35, 8, 4, 4, 9, 0, 1)),
        ("GECCO19", (202, 29, 13, 10, 45, 144, 0)),
        ("GECCO21", (138, 27, 6, 8, 24, 37, 0)),
        ("OR60F", (279, 45, 8, 23, 24, 70, 0)),
        ("ISF22", (311, 49, 11, 10, 36, 27, 156)),
        ("GECCO22Workshop", (138, 59, 8, 10, 80, 42, 0)),
    ],
)
def test_the_committed_instances_have_the_sizes_that_are_published(name: str, sizes: tuple[int, ...]) -> None:
    assert size(name) == sizes


def test_weights_times_and_zones_are_read() -> None:
    instance = read(DATA / "GECCO21.xlsx")

    assert instance.weights[Term.CONSECUTIVE_TRACKS] == 10
    assert instance.weights[Term.SESSION_ROOM] == 0
    assert instance.zones.local == 120
    assert (instance.zones.less_suitable_penalty, instance.zones.unsuitable_penalty) == (1, 10)
    assert str(instance.sessions[0].start) == "12:20:00"
    assert instance.submissions[0].zone == 480


def test_similar_tracks_are_similar_in_both_directions_although_one_is_written() -> None:
    instance = read(DATA / "ISF22.xlsx")
    tracks = range(len(instance.tracks))

    assert any(map(any, instance.similar_tracks))
    assert all(
        instance.similar_tracks[one][other] == instance.similar_tracks[other][one] for one in tracks for other in tracks
    )
    assert not any(instance.similar_tracks[one][one] for one in tracks)


def test_a_reference_keeps_its_blank_and_is_found_without_it() -> None:
    instance = read(DATA / "N2OR.xlsx")
    references = [submission.reference for submission in instance.submissions]

    assert "NEW19A3731 " in references
    assert Names(references).position("NEW19A3731") == references.index("NEW19A3731 ")
    place = Placement("NEW19A3731", instance.sessions[0].name, instance.rooms[0], 1)
    assert "NEW19A3731  is not scheduled" not in score(instance, [place]).violations


def test_names_that_differ_only_in_a_blank_are_told_apart() -> None:
    names = Names(["x", "x ", "y "])

    assert [names.position(name) for name in ("x", "x ", "y", " x", "z")] == [0, 1, 2, None, None]


def changed(tmp_path: Path, change: Change) -> Instance:
    book = load_workbook(DATA / "N2OR.xlsx")
    change(book)
    path = tmp_path / "changed.xlsx"
    book.save(path)
    return read(path)


def put(sheet: str, cell: str, value: object) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda book: book.remove(book["rooms"]), ["no sheet 'rooms'"]),
        (put("sessions", "B1", "Slots"), ["sheet 'sessions'", "'Max Number of Timeslots'"]),
        (
            put("sessions", "B2", 0),
            ["sheet 'sessions'", "row 'Wed1'", "'Max Number of Timeslots'", "whole number from 1"],
        ),
        (put("sessions", "D2", "noon"), ["sheet 'sessions'", "row 'Wed1'", "'Start Time'", "09:30"]),
        (put("submissions", "B2", "Astrology"), ["sheet 'submissions'", "'Track'", "'Astrology'"]),
        (put("submissions", "C2", "two"), ["row 'NEW19A3729'", "'Required Timeslots'", "whole number"]),
        (put("submissions", "E2", "Mars"), ["'Time Zone'", "'Mars'", "GMT+2"]),
        (put("submissions", "H1", None), ["sheet 'submissions'", "no column 'Wed1'"]),
        (put("submissions", "I1", "Wed1"), ["sheet 'submissions'", "two columns 'wed1'"]),
        (put("tracks_rooms|penalty", "B2", 0.5), ["sheet 'tracks_rooms|penalty'", "row 'Education'", "0.5"]),
        (put("tracks_rooms|penalty", "A2", "Astrology"), ["sheet 'tracks_rooms|penalty'", "no row 'Education'"]),
        (put("similar tracks", "A2", "Astrology"), ["sheet 'similar tracks'", "no row 'Education'"]),
        (put("parameters", "D6", "Something"), ["sheet 'parameters'", "'Number of Rooms per Track'"]),
        (put("parameters", "B2", "local"), ["sheet 'parameters'", "Local time zone"]),
        (put("parameters", "A8", "Until"), ["sheet 'parameters'", "Less suitable scheduling times, To"]),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, change: Change, words: list[str]) -> None:
    with pytest.raises(FormatError) as error:
        changed(tmp_path, change)

    assert all(word in str(error.value) for word in words), str(error.value)


def test_blank_rows_and_columns_and_other_spellings_of_a_cell_do_not_matter(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["submissions"].insert_rows(5)
        book["rooms"]["C9"] = "  "
        book["sessions"]["D2"] = "9:30"
        book["submissions"]["C2"] = 1.0
        book["submissions"]["E2"] = None
        book["tracks"]["A2"] = "Education "

    read_again = changed(tmp_path, change)
    assert read_again.submissions == read(DATA / "N2OR.xlsx").submissions
    assert read_again.sessions == read(DATA / "N2OR.xlsx").sessions


def test_a_file_that_is_no_workbook_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_text("not a workbook")

    with pytest.raises(FormatError, match=r"notes\.xlsx cannot be read"):
        read(path)
