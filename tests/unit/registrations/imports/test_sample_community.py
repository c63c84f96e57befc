"""The sample community reads as its README says: every row counts, and only the bad ones are bad."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from services.registrations.imports.drafts import DraftCommand, Import
from services.registrations.imports.reading import horizon_of, read_import
from shared.contract.catalogue import endpoint
from shared.contract.commands.registrations import RegisterPerson, SubmitProposal
from shared.contract.subjects import Service

SAMPLE = Path(__file__).parents[4] / "deploy" / "samples" / "northgate"


@cache
def sample() -> dict[str, Import]:
    horizon = horizon_of([read_import(SAMPLE / "community.yaml")])
    files = [file for kind in ("*.yaml", "*.csv", "timetables/*.ics") for file in sorted(SAMPLE.glob(kind))]
    return {file.name: read_import(file, horizon=horizon) for file in files}


def commands() -> list[DraftCommand]:
    return [command for name, read in sample().items() if name != "act-two.yaml" for command in read.commands]


def wrong_fields(command: DraftCommand) -> set[str]:
    known = endpoint(Service.REGISTRATIONS, command.entity, command.verb)
    assert known is not None
    try:
        known.command.model_validate(command.payload)
    except ValidationError as error:
        return {str(each["loc"][0]) for each in error.errors()}
    return set()


def people() -> list[RegisterPerson]:
    registered = [command for command in commands() if command.entity == "person"]
    return [RegisterPerson.model_validate(each.payload) for each in registered if not wrong_fields(each)]


def proposals() -> list[SubmitProposal]:
    submitted = [command for command in commands() if command.entity == "proposal"]
    return [SubmitProposal.model_validate(each.payload) for each in submitted if not wrong_fields(each)]


def test_every_row_of_every_file_becomes_a_command() -> None:
    assert Counter(f"{command.entity}.{command.verb}" for command in commands()) == {
        "community.establish": 1,
        "programme.announce": 1,
        "room.add": 4,
        "person.register": 64,
        "proposal.submit": 17,
        "interest.state": 311,
        "availability.state": 43 + 50,
    }


def test_only_the_broken_entry_of_one_timetable_is_a_problem_of_reading() -> None:
    problems = [problem for read in sample().values() for problem in read.problems]

    assert [(problem.file, problem.field) for problem in problems] == [("p-023.ics", "DTSTART")]


def test_exactly_the_bad_rows_break_the_contract() -> None:
    wrong = {(each.file, each.line): wrong_fields(each) for each in commands() if wrong_fields(each)}

    assert wrong == {
        ("people.csv", 16): {"address"},
        ("people.csv", 31): {"zone"},
        ("people.csv", 46): {"person"},
        ("proposals.csv", 6): {"minutes"},
        ("proposals.csv", 17): {"title"},
    }


def test_one_address_belongs_to_two_people() -> None:
    addresses = Counter(person.address.lower() for person in people())
    doubles = [person.person for person in people() if addresses[person.address.lower()] > 1]

    assert doubles == ["p-004", "p-064"]
    assert len(people()) == 60 + 1


def test_one_proposal_names_a_presenter_who_is_nobody() -> None:
    known = {person.person for person in people()}
    strangers = [proposal.proposal for proposal in proposals() if not known.issuperset(proposal.presenters)]

    assert strangers == ["choir-at-noon"]
    assert len(proposals()) == 14 + 1


def test_interests_and_availability_are_of_people_and_proposals_that_exist() -> None:
    known = {person.person for person in people()}
    offered = {proposal.proposal for proposal in proposals()}
    stated = [each.payload for each in commands() if each.entity in ("interest", "availability")]

    assert {payload["person"] for payload in stated} <= known
    assert {payload["session"] for payload in stated if "session" in payload} == offered - {"choir-at-noon"}


def test_people_come_from_six_schools_and_proposals_in_five_formats() -> None:
    assert len({person.school for person in people()}) == 6
    assert len({proposal.format for proposal in proposals()}) == 5


def test_every_address_is_in_a_domain_that_nobody_owns() -> None:
    assert all(person.address.endswith(".example") for person in people())


def test_act_two_loses_a_room_that_exists_and_changes_a_presenter() -> None:
    withdrawn, stated = sample()["act-two.yaml"].commands
    rooms = {command.payload["room"] for command in commands() if command.entity == "room"}

    assert (wrong_fields(withdrawn), wrong_fields(stated)) == (set(), set())
    assert withdrawn.payload["room"] in rooms
    assert any(stated.payload["person"] in proposal.presenters for proposal in proposals())
