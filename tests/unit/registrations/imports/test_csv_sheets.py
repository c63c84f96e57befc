from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.registrations.imports.drafts import Import
from services.registrations.imports.reading import read_import
from shared.contract.commands.registrations import RegisterPerson, StateAvailability, StateInterest, SubmitProposal

PROPOSALS = "proposal,programme,title,format,minutes,presenters,parts,part_gap_days,needs,seats\n"
AVAILABILITY = "person,answer,weekdays,start,end,zone,first,last,except_dates\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(text: str) -> Import:
        path = tmp_path / "import.csv"
        path.write_text(text, encoding="utf-8")
        return read_import(path)

    return read


def test_a_row_of_people_registers_a_person(read: Any) -> None:
    [command] = read("person,name,address,school,name_public\np-001,Amara Osei,a@h.example,Hillside,Yes\n").commands

    assert (command.entity, command.verb, command.line) == ("person", "register", 2)
    assert RegisterPerson.model_validate(command.payload).name_public is True


def test_a_row_of_people_may_name_a_language(read: Any) -> None:
    header = "person,name,address,school,language\n"
    found = [
        read(f"{header}p-001,Amara Osei,a@h.example,Hillside,{language}\n").commands[0].payload
        for language in ("de", "")
    ]
    assert [RegisterPerson.model_validate(payload).language for payload in found] == ["de", None]


def test_a_row_of_proposals_submits_one_with_numbers_and_lists(read: Any) -> None:
    [command] = read(
        PROPOSALS + "enquiry,spring-2027,Enquiry,workshop,60,p-1|p-2,2,84 105,tables; step-free,16\n"
    ).commands

    proposal = SubmitProposal.model_validate(command.payload)
    assert (command.entity, command.verb) == ("proposal", "submit")
    assert (proposal.minutes, proposal.parts, proposal.part_gap_days, proposal.seats) == (60, 2, (84, 105), 16)
    assert (proposal.presenters, proposal.needs) == (("p-1", "p-2"), ("tables", "step-free"))


def test_a_row_of_proposals_may_be_a_weekly_series(read: Any) -> None:
    header = "programme,title,presenters,parts,weekly\n"
    found = [read(f"{header}spring-2027,Bees,p-1,{cells}\n").commands[0].payload for cells in ("6,yes", "6,no", "6,")]
    assert [each.get("weekly") for each in found] == [True, False, None]
    assert SubmitProposal.model_validate(found[0] | {"format": "workshop"}).weekly


def test_sessions_that_are_called_off_are_so_after_the_proposal_is_accepted(read: Any) -> None:
    header = "proposal,programme,title,presenters,parts,status,called_off\n"
    found = read(f"{header}bees,spring-2027,Bees,p-1,3,accepted,bees-part-2|bees-part-3\n").commands
    assert [each.verb for each in found] == ["submit", "accept", "call-off", "call-off"]
    assert [each.payload["session"] for each in found[2:]] == ["bees-part-2", "bees-part-3"]
    wrong = read(f"{header}bees,spring-2027,Bees,p-1,3,submitted,bees-part-2\n")
    assert [each.field for each in wrong.problems] == ["called_off"]


def test_a_value_that_cannot_be_converted_is_passed_on_as_it_is(read: Any) -> None:
    [command] = read(PROPOSALS + "bees,spring-2027,,workshop,abc,p-1,,,,\n").commands

    assert command.payload["minutes"] == "abc"
    assert "title" not in command.payload


def test_a_row_of_interests_states_one(read: Any) -> None:
    [command] = read("person,session,level\np-1,enquiry,coming\n").commands

    assert (command.entity, command.verb) == ("interest", "state")
    assert StateInterest.model_validate(command.payload).level == "coming"


def test_all_availability_of_a_person_is_one_command(read: Any) -> None:
    text = (
        AVAILABILITY
        + "p-1,no,Monday|tue,9:00,12:30,Europe/London,2027-01-05,2027-04-30,2027-02-02\n"
        + "p-2,yes,fri,00:00,00:00,Asia/Dubai,2027-01-05,2027-04-30,\n"
        + "p-1,if-need-be,,2027-01-18T09:00:00Z,2027-01-18T10:00:00Z,,,,\n"
    )
    first, second = read(text).commands

    stated = StateAvailability.model_validate(first.payload)
    assert (first.entity, first.verb, first.line, second.line) == ("availability", "state", 2, 3)
    assert [window.kind for window in stated.windows] == ["weekly", "dated"]
    assert first.payload["windows"][0]["weekdays"] == ["mon", "tue"]
    assert first.payload["windows"][0]["start"] == "09:00"
    assert StateAvailability.model_validate(second.payload).person == "p-2"


def test_a_window_of_nobody_is_reported_and_the_others_are_kept(read: Any) -> None:
    imported = read(AVAILABILITY + ",no,mon,09:00,10:00,,,,\np-1,no,mon,09:00,10:00,,,,\n")

    assert [(problem.line, problem.field) for problem in imported.problems] == [(2, "person")]
    assert [command.payload["person"] for command in imported.commands] == ["p-1"]


def test_a_missing_and_an_unknown_column_are_both_named(read: Any) -> None:
    imported = read("person,name,adress,school\np-001,Amara Osei,a@h.example,Hillside\n")

    [problem] = imported.problems
    assert imported.commands == ()
    assert "lacks address" in problem.problem
    assert "'adress'" in problem.problem
    assert "people: address, school" in problem.allowed


def test_a_header_that_fits_nothing_is_told_what_would_fit(read: Any) -> None:
    [problem] = read("a,b,c\n1,2,3\n").problems

    assert "people: address, school" in problem.allowed
    assert "interests: person, session, level" in problem.allowed
