"""pretalx and Sessionize: their exports as proposals, people and rooms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.registrations.imports.directory import Directory, joined
from services.registrations.imports.drafts import DraftCommand, Import
from services.registrations.imports.duplicates import sifted
from services.registrations.imports.hints import Hints
from services.registrations.imports.reading import read_import
from shared.contract.commands.registrations import AddRoom, SubmitProposal

HINTS = Hints(values={"programme": "spring-2027", "school": "Lakeside", "capacity": "30"})
TALK = {
    "code": "ABC123",
    "title": {"de": "Bienen", "en": "Bees"},
    "abstract": "What bees\r\nteach us",
    "speakers": [{"code": "SPK1", "name": "Amara Osei", "email": "amara@h.example"}, "SPK2"],
    "submission_type": {"name": {"en": "Light Lunch"}},
    "track": {"en": "Early Years"},
    "duration": 45,
    "state": "confirmed",
    "do_not_record": True,
}
SCHEDULE = {
    "schedule": {
        "version": "1",
        "conference": {
            "title": "Northgate day",
            "rooms": [{"name": "Library", "capacity": 24}],
            "days": [
                {
                    "rooms": {
                        "Library": [
                            {
                                "url": "https://p.example/northgate/talk/ABC123/",
                                "title": "Bees",
                                "duration": "00:45",
                                "type": "Light Lunch",
                                "persons": [{"code": "SPK1", "public_name": "Amara Osei"}],
                            }
                        ]
                    }
                }
            ],
        },
    }
}
SESSIONIZE = {
    "sessions": [
        {
            "id": "101",
            "title": "Bees",
            "description": "What bees teach us",
            "speakers": ["0b1-guid"],
            "categoryItems": [7, 9],
            "isServiceSession": False,
            "isConfirmed": True,
            "status": "Accepted",
        },
        {"id": "102", "title": "Lunch", "speakers": [], "isServiceSession": True},
        {"id": "103", "title": "Ants", "speakers": ["0b1-guid"], "categoryItems": [], "status": "Decline_Queue"},
    ],
    "speakers": [{"id": "0b1-guid", "fullName": "Amara Osei"}],
    "categories": [
        {"id": 1, "title": "Session format", "items": [{"id": 7, "name": "Workshop (1 hour)"}]},
        {"id": 2, "title": "Track", "items": [{"id": 9, "name": "Early Years"}]},
    ],
    "rooms": [{"id": 5, "name": "Library"}],
}


def read(folder: Path, document: Any, hints: Hints = HINTS) -> Import:
    path = folder / "export.json"
    path.write_text(json.dumps(document))
    return read_import(path, hints=hints)


def of(found: Import, name: str) -> list[DraftCommand]:
    return [each for each in found.commands if each.name == name]


@pytest.mark.parametrize("document", [[TALK], {"count": 1, "next": None, "results": [TALK]}])
def test_submissions_of_pretalx_become_proposals_and_people(tmp_path: Path, document: Any) -> None:
    found = read(tmp_path, document)
    (person,) = (each for each in of(found, "person.register") if "address" in each.payload)
    assert person.payload == {"name": "Amara Osei", "address": "amara@h.example", "school": "Lakeside"}
    (submitted,) = of(found, "proposal.submit")
    assert submitted.payload["presenters"] == ["pretalx:SPK1", "pretalx:SPK2"]
    proposal = SubmitProposal.model_validate(submitted.payload | {"presenters": ["p-1"]})
    assert (proposal.proposal, proposal.title, proposal.abstract) == ("pretalx-abc123", "Bees", "What bees\nteach us")
    assert (proposal.format, proposal.minutes, proposal.tags, proposal.recording) == (
        "light-lunch",
        45,
        ("early-years",),
        False,
    )
    assert [each.payload for each in of(found, "proposal.accept")] == [{"proposal": "pretalx-abc123", "ask": False}]


def test_the_schedule_of_pretalx_tells_of_the_same_proposals_and_of_rooms(tmp_path: Path) -> None:
    found = read(tmp_path, SCHEDULE)
    assert of(found, "proposal.submit")[0].payload["proposal"] == "pretalx-abc123"
    assert of(found, "proposal.submit")[0].payload["minutes"] == 45
    assert AddRoom.model_validate(of(found, "room.add")[0].payload).capacity == 24


def test_sessionize_becomes_proposals_without_service_sessions_and_declined_ones(tmp_path: Path) -> None:
    found = read(tmp_path, SESSIONIZE)
    (submitted,) = of(found, "proposal.submit")
    proposal = SubmitProposal.model_validate(submitted.payload | {"presenters": ["p-1"]})
    assert (proposal.proposal, proposal.format, proposal.minutes) == ("sessionize-101", "workshop", 60)
    assert proposal.tags == ("early-years",)
    assert len(of(found, "proposal.accept")) == 1


def test_the_sessions_view_of_sessionize_is_understood_too(tmp_path: Path) -> None:
    session = {
        "id": "101",
        "title": "Bees",
        "startsAt": "2027-01-12T15:30:00",
        "endsAt": "2027-01-12T16:15:00",
        "speakers": [{"id": "0b1-guid", "name": "Amara Osei"}],
    }
    (submitted,) = of(read(tmp_path, [{"groupId": None, "groupName": "All", "sessions": [session]}]), "proposal.submit")
    assert (submitted.payload["minutes"], submitted.payload["presenters"]) == (45, ["sessionize:0b1-guid"])


def person(line: int, *, called: tuple[str, ...] = (), **payload: Any) -> DraftCommand:
    return DraftCommand("people.csv", line, "person", "register", payload, called)


def test_speakers_without_addresses_are_found_by_name_in_a_table_of_the_same_import() -> None:
    table = person(2, name="Amara  OSEI", address="amara@h.example", school="Hillside")
    speaker = person(1, called=("sessionize:1", "Amara Osei"), name="Amara Osei")
    (found,), problems = joined([speaker, table])
    assert problems == []
    directory = Directory()
    directory.learn(found, "p-7")
    assert {directory.find(each) for each in ("sessionize:1", "AMARA@h.example", "amara osei", "p-7")} == {"p-7"}


def test_a_speaker_without_an_address_anywhere_is_a_problem_once() -> None:
    speakers = [person(line, called=("pretalx:X",), name="Amara Osei") for line in (1, 5)]
    left, problems = joined(speakers)
    assert left == []
    assert [(each.line, each.field) for each in problems] == [(1, "address")]


def test_a_name_of_two_people_is_nobodys() -> None:
    directory = Directory()
    directory.learn(person(2, name="Amara Osei", address="a@h.example"), "p-1")
    directory.learn(person(3, name="Amara Osei", address="b@h.example"), "p-2")
    assert directory.find("Amara Osei") is None
    assert directory.find("b@h.example") == "p-2"


def test_rows_about_the_same_are_one_and_contradictions_are_named_with_both_lines() -> None:
    rows = [
        person(2, person="p-1", name="Amara Osei", address="a@h.example"),
        person(3, person="p-1", name="Amara Osei", address="a@h.example"),
        person(4, person="p-2", name="Ben Ito", address="A@h.example"),
        person(5, called=("pretalx:X",), name="A. Osei", address="a@h.example", school="Lakeside"),
    ]
    found = sifted(rows)
    assert [(each.line, each.field) for each in found.problems] == [(4, "address")]
    assert "line 2" in found.problems[0].problem
    (kept,) = found.drafts
    assert (kept.payload["name"], kept.payload["school"], kept.called) == ("Amara Osei", "Lakeside", ("pretalx:X",))


def test_a_proposal_with_title_and_presenter_of_another_is_noted_and_kept() -> None:
    rows = [
        DraftCommand("p.csv", line, "proposal", "submit", {"proposal": proposal, "title": title, "presenters": ["p-1"]})
        for line, proposal, title in ((2, "a", "Bees"), (3, "b", "bees "), (4, "c", "Ants"))
    ]
    found = sifted(rows)
    assert len(found.drafts) == 3
    assert [note.split(":")[0] for note in found.notes] == ["p.csv, line 3"]
