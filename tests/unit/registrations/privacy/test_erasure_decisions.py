"""Erasing somebody: who may, what is written, and that the id is never used again."""

from __future__ import annotations

import pytest

from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import ERASED
from shared.contract.commands.privacy import ErasePerson
from shared.contract.commands.registrations import (
    DraftProposal,
    RegisterPerson,
    StateAvailability,
    StateInterest,
)
from shared.contract.facts.privacy import Erased, Erasure
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode
from tests.unit.registrations.known_facts import BEN, NOW, PARTNER, Known, community, contact, programme, proposal

ERASE = ErasePerson(person="p-001")


def known() -> Known:
    return Known(community(), programme(), contact("p-001"), contact("p-002"), proposal())


def test_the_tombstone_and_what_others_may_know_are_one_batch_without_personal_data() -> None:
    writes = known().decided(ERASE)
    assert [(each.ref.entity, each.what, each.state) for each in writes] == [
        ("contact", ERASED, Erased(person="p-001", at=NOW)),
        ("erasure", "begun", Erasure(person="p-001", at=NOW)),
    ]
    assert writes[0].expected_seq > 0


def test_erasing_somebody_again_changes_nothing() -> None:
    stored = known()
    stored.done(ERASE)
    assert stored.decided(ERASE) == []


def test_somebody_who_erases_themselves_is_not_made_a_verified_contact_again() -> None:
    stored = Known(community(), contact("p-002", verified=False))
    assert [each.ref.entity for each in stored.decided(ErasePerson(person="p-002"), BEN)] == ["contact", "erasure"]


def test_an_unknown_id_is_taken_only_when_that_is_meant() -> None:
    with pytest.raises(Rejection) as rejection:
        known().decided(ErasePerson(person="p-404"))
    assert rejection.value.code is RejectionCode.UNKNOWN
    assert len(known().decided(ErasePerson(person="p-404", even_unknown=True))) == 2


@pytest.mark.parametrize("actor", [PARTNER, BEN])
def test_only_the_organiser_takes_an_id_that_nobody_has(actor: Actor) -> None:
    with pytest.raises(Rejection) as rejection:
        known().decided(ErasePerson(person="p-404", even_unknown=True), actor)
    assert rejection.value.code is RejectionCode.UNKNOWN


def test_a_partner_erases_only_whom_it_brought() -> None:
    with pytest.raises(Rejection) as rejection:
        known().decided(ERASE, PARTNER)
    assert rejection.value.code is RejectionCode.NOT_ALLOWED
    brought = Known(community(), contact("p-001", origin="timetables"))
    assert len(brought.decided(ERASE, PARTNER)) == 2
    with pytest.raises(Rejection):
        brought.decided(ERASE, Actor(ActorKind.PARTNER, "rooms"))


@pytest.mark.parametrize(
    "command",
    [
        RegisterPerson.model_validate(RegisterPerson.example),
        StateAvailability.model_validate(StateAvailability.example),
        StateInterest.model_validate(StateInterest.example | {"person": "p-001"}),
        DraftProposal.model_validate(DraftProposal.example | {"proposal": "new"}),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_comes_late_about_an_erased_person_is_refused_and_names_the_field(command: Command) -> None:
    stored = known()
    stored.done(ERASE)
    with pytest.raises(Rejection) as rejection:
        stored.decided(command)
    assert {error.field for error in rejection.value.errors} <= {"person", "presenters.0"}


def test_the_address_may_be_registered_under_a_new_id() -> None:
    stored = known()
    example = RegisterPerson.example | {"address": "p-001@hillside.example"}
    stored.done(RegisterPerson.model_validate(example))
    stored.done(ERASE)
    again = stored.decided(RegisterPerson.model_validate(example | {"person": "p-new"}))
    assert [each.ref.entity for each in again] == ["person-key", "contact", "affiliation"]
