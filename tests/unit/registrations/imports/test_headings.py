"""Which field a heading means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.registrations.imports.drafts import Import
from services.registrations.imports.headings import fields_of
from services.registrations.imports.hints import Hints
from services.registrations.imports.reading import read_import
from shared.contract.commands.registrations import AddRoom, SubmitProposal

PEOPLE = ("person", "name", "address", "school", "department")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("E-Mail", "address"),
        ("Full_Name", "name"),
        ("ORGANISATION", "school"),
        ("Dept.", "department"),
    ],
)
def test_usual_headings_are_known_in_any_spelling(heading: str, field: str) -> None:
    assert fields_of([heading], PEOPLE, {}) == ({heading: field}, [])


def test_a_fields_own_name_counts_before_what_a_heading_usually_means() -> None:
    assert fields_of(["organisation", "school"], PEOPLE, {}) == ({"school": "school"}, ["organisation"])


def test_what_is_stated_counts_before_everything_and_may_switch_a_column_off() -> None:
    used, unused = fields_of(["school", "org", "notes"], PEOPLE, {"org": "school", "notes": ""})
    assert used == {"org": "school"}
    assert unused == ["school"]


def read(folder: Path, text: str, **hints: Any) -> Import:
    path = folder / "list.csv"
    path.write_text(text)
    return read_import(path, hints=Hints(**hints))


def test_the_reader_tells_how_it_understood_the_columns(tmp_path: Path) -> None:
    found = read(tmp_path, "First name,Surname,Email,Organisation,Shoe size\nAmara,Osei,a@h.example,Hillside,39\n")
    assert found.commands[0].payload == {"name": "Amara Osei", "address": "a@h.example", "school": "Hillside"}
    (note,) = (each for each in found.notes if "not used" in each)
    assert "'email' as address" in note
    assert "not used: 'shoe size'" in note


def test_values_that_a_file_lacks_may_be_stated_for_all_rows(tmp_path: Path) -> None:
    found = read(
        tmp_path, "name,mail,school\nAmara,a@h.example,\nBen,b@h.example,Lakeside\n", values={"school": "Hillside"}
    )
    assert [each.payload["school"] for each in found.commands] == ["Hillside", "Lakeside"]


def test_a_table_of_proposals_with_the_headings_of_others_is_understood(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "ID;Proposal title;Session type;Duration;Speaker names;Proposal state;Track\n"
        "ABC;Bees;Light Lunch;00:45;Amara Osei, Ben Ito;confirmed;Early Years\n"
        "DEF;Ants;Nano;2 min;Amara Osei;rejected;\n",
        values={"programme": "spring-2027"},
    )
    assert [each.name for each in found.commands] == ["proposal.submit", "proposal.accept"]
    payload = found.commands[0].payload | {"presenters": ["p-1"], "proposal": "abc"}
    proposal = SubmitProposal.model_validate(payload)
    assert (proposal.minutes, proposal.format, proposal.tags) == (45, "light-lunch", ("early-years",))
    assert found.commands[0].payload["presenters"] == ["Amara Osei", "Ben Ito"]
    assert found.commands[1].payload == {"proposal": "ABC", "ask": False}


def test_proposals_and_rooms_without_ids_get_the_same_each_time(tmp_path: Path) -> None:
    text = "programme,title,presenters,format\nspring-2027,Bees & Trees,p-1,workshop\n"
    first, again = (read(tmp_path, text).commands[0].payload["proposal"] for _ in range(2))
    assert first == again
    assert first.startswith("bees-trees-")
    room = read(tmp_path, "Room name,Building,Places\nLibrary,Hillside School,24\n", columns={"Room name": "name"})
    assert AddRoom.model_validate(room.commands[0].payload).room == "hillside-school-library"


def test_a_status_that_nobody_knows_costs_its_row_and_is_told(tmp_path: Path) -> None:
    text = "programme,title,presenters,status\ns,A,p-1,undead\ns,B,p-1,accepted\n"
    found = read(tmp_path, text)
    assert [(each.line, each.field) for each in found.problems] == [(2, "status")]
    assert [each.name for each in found.commands] == ["proposal.submit", "proposal.accept"]
