"""What a person is shown of what is held on them: all that is theirs, and nothing of anybody else's."""

from __future__ import annotations

import json

import pytest

from services.registrations.privacy.exporting import exported
from shared.contract.catalogue import FACTS
from shared.contract.commands.privacy import ExportPerson, PersonExport
from shared.contract.facts.privacy import Erasure
from shared.contract.facts.registrations import Availability, Interest, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.message import Fact
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from tests.unit.registrations.known_facts import Known, community, contact, programme, proposal

PEOPLE = ("p-001", "p-002", "p-003")


def known(*others: Fact) -> Known:
    seated = Seating.model_validate(Seating.example | {"people": ["p-001", "p-002"]})
    return Known(
        community(),
        programme(),
        *(contact(each, name=f"Name of {each}") for each in PEOPLE),
        proposal(presenters=["p-001", "p-003"]),
        seated,
        Release.model_validate(Release.example),
        Availability.model_validate(Availability.example),
        *(Interest(person=each, session="retrieval-practice", level="coming") for each in PEOPLE),
        *others,
    )


def asked(stored: Known, after: int = 0) -> PersonExport:
    return exported(stored.facts, "northgate", ExportPerson(person="p-001", after=after))


def test_everything_of_theirs_is_there_and_nothing_of_others() -> None:
    told = asked(known())
    text = told.model_dump_json()
    assert {each.entity for each in told.facts} == {"contact", "availability", "interest", "proposal", "seating"}
    assert "Name of p-001" in text
    for other in PEOPLE[1:]:
        assert other not in text
    assert [(each.session, each.presenting) for each in told.sessions] == [("retrieval-practice", True)]
    assert len(told.windows) == 1


def test_every_kind_of_fact_about_people_is_exported() -> None:
    ours = [
        kind
        for kind in FACTS
        if kind.service is Service.REGISTRATIONS and kind.is_about_a_person and kind.model is not Erasure
    ]
    states = [kind.model.model_validate(kind.model.example | {"person": "p-001"}) for kind in ours]
    told = asked(Known(*states))
    assert {each.entity for each in told.facts} == {kind.entity for kind in ours}
    assert all("applied" not in each.state and "sealed" not in each.state for each in told.facts)


def test_large_data_come_in_parts_that_together_are_everything() -> None:
    many = [Interest(person="p-001", session=f"s-{number:05d}", level="coming") for number in range(3000)]
    stored = known(*many)
    found, after, parts = [], 0, 0
    while True:
        part = asked(stored, after)
        assert len(part.model_dump_json()) < 600_000
        found += part.facts
        parts += 1
        if part.next is None:
            break
        after = part.next
    assert parts > 1
    assert len({(each.entity, each.ids) for each in found}) == len(found) == 3000 + 5


def test_nobody_has_data_of_somebody_unknown() -> None:
    with pytest.raises(Rejection):
        exported(known().facts, "northgate", ExportPerson(person="p-404"))


def test_the_answer_can_be_sent() -> None:
    assert PersonExport.read(json.dumps(asked(known()).model_dump(mode="json"))) == asked(known())
