"""Partners' own ids of people: whom they mean, and whom they never do."""

from __future__ import annotations

from typing import Any

import pytest

from services.registrations.decisions.externals import with_person
from services.registrations.decisions.table import decide
from shared.bus.store import Write
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import COMMUNITY, EXTERNAL
from shared.contract.commands.registrations import PersonRow, RegisterPerson, StateAvailability
from shared.contract.externals import TO_BE_FOUND, ByExternalId
from shared.contract.facts.externals import External
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import FactSubject
from tests.unit.registrations.known_facts import AMARA, KEYS, ORGANISER, PARTNER, Known, community

OTHER = Actor(ActorKind.PARTNER, "payroll")
EVE = {"external_id": "Staff 4711/é", "name": "Eve Nash", "address": "eve@lakeside.example", "school": "Lakeside"}


class Registry(Known):
    """Commands whose person is looked up first, as the service does it."""

    def given(self, command: ByExternalId, actor: Actor = PARTNER, cause: str = "c-1") -> tuple[str, list[Write]]:
        """The id of the person who is meant, and what was written."""
        ledger = self.ledger()
        named = with_person(ledger, command, actor, KEYS, cause)
        assert isinstance(named, Command)
        decide(ledger, named, actor, KEYS)
        for write in ledger.writes:
            self._store(FactSubject(write.ref, write.what), write.state)
        return named.person, ledger.writes


def register(**other: Any) -> RegisterPerson:
    return RegisterPerson.model_validate(EVE | other)


def refusal(registry: Registry, command: ByExternalId, actor: Actor = PARTNER) -> tuple[RejectionCode, list[str]]:
    with pytest.raises(Rejection) as refused:
        registry.given(command, actor)
    return refused.value.code, [error.field for error in refused.value.errors]


def test_a_new_person_is_claimed_together_with_the_partners_own_id() -> None:
    registry = Registry(community())
    person, writes = registry.given(register())
    assert {write.ref.entity for write in writes} == {"person-key", "contact", "affiliation", "external"}
    (claim,) = (write for write in writes if write.ref.entity == "external")
    assert claim.state == External(partner="timetables", person=person)
    assert claim.expected_seq == 0
    assert "4711" not in "".join(claim.ref.ids)


def test_the_same_own_id_is_the_same_person_whatever_else_changed() -> None:
    registry = Registry(community())
    person, _ = registry.given(register())
    again, writes = registry.given(register(name="Eve Nash-Adu", address="eve@new.example"), cause="c-2")
    assert again == person
    assert "external" not in {write.ref.entity for write in writes}
    stated, _ = registry.given(StateAvailability(person=TO_BE_FOUND, external_id=EVE["external_id"]), cause="c-3")
    assert stated == person


def test_two_partners_with_the_same_own_id_mean_two_people() -> None:
    registry = Registry(community())
    one, _ = registry.given(register())
    other, _ = registry.given(register(address="other@lakeside.example"), OTHER, "c-2")
    assert one != other


def test_an_own_id_that_was_never_registered_names_nobody() -> None:
    command = StateAvailability(person=TO_BE_FOUND, external_id="nobody")
    assert refusal(Registry(community()), command) == (RejectionCode.UNKNOWN, ["external_id"])


def test_somebody_elses_person_is_never_touched_even_with_the_same_address() -> None:
    registry = Registry(community())
    registry.done(RegisterPerson.model_validate({**EVE, "person": "p-001", "external_id": None}), ORGANISER)
    assert refusal(registry, register()) == (RejectionCode.CONFLICT, ["external_id"])
    assert refusal(registry, register(person="p-001")) == (RejectionCode.NOT_ALLOWED, ["person"])


def test_a_partner_that_the_community_lets_link_means_the_same_person_and_changes_no_details() -> None:
    registry = Registry(community(linking_partners=("timetables",)))
    registry.done(RegisterPerson.model_validate({**EVE, "person": "p-001", "external_id": None}), ORGANISER)
    person, writes = registry.given(register(name="Somebody Else"))
    assert person == "p-001"
    assert [write.ref.entity for write in writes] == ["external"]
    assert refusal(registry, register(), OTHER) == (RejectionCode.CONFLICT, ["external_id"])


def test_a_link_holds_only_as_long_as_the_community_lets_the_partner_link() -> None:
    registry = Registry(community(linking_partners=("timetables",)))
    registry.done(RegisterPerson.model_validate({**EVE, "person": "p-001", "external_id": None}), ORGANISER)
    registry.given(register())
    registry._store(FactSubject(COMMUNITY.ref("northgate", "northgate"), "established"), community())
    assert refusal(registry, register()) == (RejectionCode.CONFLICT, ["external_id"])


def test_an_own_id_beside_an_id_here_must_be_that_persons() -> None:
    registry = Registry(community())
    registry.given(register(person="p-042"))
    assert refusal(registry, register(person="p-043")) == (RejectionCode.CONFLICT, ["external_id"])


@pytest.mark.parametrize("actor", [ORGANISER, AMARA])
def test_own_ids_are_for_partners(actor: Actor) -> None:
    assert refusal(Registry(community()), register(), actor) == (RejectionCode.INVALID, ["external_id"])


def test_a_row_without_any_id_is_whoever_has_the_address_or_somebody_new() -> None:
    registry = Registry(community())
    row = PersonRow.model_validate({name: value for name, value in EVE.items() if name != "external_id"})
    ledger = registry.ledger()
    fresh = with_person(ledger, row, ORGANISER, KEYS, "c-1").person
    assert fresh == with_person(ledger, row, ORGANISER, KEYS, "c-1").person
    assert fresh != with_person(ledger, row, ORGANISER, KEYS, "c-2").person
    registry.done(RegisterPerson.model_validate({**EVE, "person": "p-001", "external_id": None}), ORGANISER)
    assert with_person(registry.ledger(), row, ORGANISER, KEYS, "c-1").person == "p-001"


def test_the_key_of_an_own_id_depends_on_community_partner_and_id() -> None:
    keys = {KEYS.external(*parts) for parts in (("a", "b", "c"), ("a", "b", "d"), ("a", "x", "c"), ("y", "b", "c"))}
    assert len(keys) == 4
    assert EXTERNAL.ids == ("partner", "digest")
