from __future__ import annotations

import pytest

from services.registrations.imports.community_file import read_community_file
from services.registrations.imports.drafts import Import, UnreadableFileError
from shared.contract.commands.registrations import AddRoom, AnnounceProgramme

COMMUNITY = """
community: {id: northgate, name: Northgate}
programme:
  programme: spring-2027
  title: Spring
  zone: Europe/London
  first_day: 2027-01-05
  last_day: 2027-04-30
  call: {opens: 2026-11-02T09:00:00+01:00, closes: 2026-12-18T17:00:00Z}
rooms:
  - {room: hall, name: Hall, site: Hillside, capacity: 60, online: false}
  - room: studio
    name: Studio
    site: Eastgate
    capacity: 20
    unavailable:
      - {kind: dated, answer: no, start: 2027-01-11T08:00:00Z, end: 2027-01-22T15:15:00Z}
      - kind: weekly
        answer: no
        weekdays: [mon]
        start: 09:00
        end: 12:00
        zone: Europe/London
        first: 2027-01-05
        last: 2027-04-30
"""


def read(text: str) -> Import:
    return read_community_file("community.yaml", text.encode())


def test_sections_become_commands_in_the_order_of_the_file() -> None:
    commands = read(COMMUNITY).commands

    assert [f"{command.entity}.{command.verb}" for command in commands] == [
        "community.establish",
        "programme.announce",
        "room.add",
        "room.add",
    ]
    assert [command.line for command in commands] == [2, 4, 11, 12]


def test_the_community_id_is_the_imports_not_a_field_of_the_command() -> None:
    imported = read(COMMUNITY)

    assert imported.community == "northgate"
    assert imported.commands[0].payload == {"name": "Northgate"}


def test_dates_and_times_reach_the_contract_as_they_are_written() -> None:
    announced = AnnounceProgramme.model_validate(read(COMMUNITY).commands[1].payload)
    room = AddRoom.model_validate(read(COMMUNITY).commands[3].payload)

    assert announced.first_day.isoformat() == "2027-01-05"
    assert announced.call is not None
    assert announced.call.opens.isoformat() == "2026-11-02T08:00:00+00:00"
    assert [window.answer for window in room.unavailable] == ["no", "no"]


def test_json_is_read_too() -> None:
    imported = read('{\n\t"rooms": [{"room": "hall", "capacity": 60, "online": true}]\n}')

    assert imported.commands[0].payload == {"room": "hall", "capacity": 60, "online": True}


def test_any_command_of_registrations_may_be_a_section() -> None:
    [command] = read("room.withdraw:\n  room: library\n").commands

    assert (command.entity, command.verb, command.payload) == ("room", "withdraw", {"room": "library"})


def test_an_unknown_section_is_reported_with_its_line_and_the_others_are_kept() -> None:
    imported = read("speakers: []\nrooms: [{room: hall}]\n")

    assert [(problem.line, problem.field) for problem in imported.problems] == [(1, "speakers")]
    assert len(imported.commands) == 1


def test_an_entry_that_is_no_mapping_is_reported_and_the_others_are_kept() -> None:
    imported = read("rooms:\n  - hall\n  - {room: studio}\n")

    assert [problem.field for problem in imported.problems] == ["room.add"]
    assert imported.commands[0].payload == {"room": "studio"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rooms: [", "is not YAML or JSON"),
        ("just words", "is not one mapping"),
        ("", "is not one mapping"),
        ("a: &x [1]\nb: *x\n", "uses an alias"),
        ("rooms: " + "[" * 5000, "is nested too deeply"),
        ("rooms: " + "x" * 600_000, "is too large"),
        ("rooms: 1\nrooms: 2\n", "is not YAML or JSON"),
    ],
)
def test_what_is_no_community_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        read(text)


def test_the_line_of_a_mistake_in_yaml_is_told() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read("rooms:\n  - room: hall\n  name: [\n")

    assert refused.value.line >= 3
