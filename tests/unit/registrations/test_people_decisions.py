"""Who is registered, and who holds which address."""

from __future__ import annotations

from typing import Any

import pytest
from known_facts import AMARA, KEYS, Known, community, contact

from shared.contract.commands.registrations import RegisterPerson
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection, RejectionCode


def register(person: str = "p-001", **other: Any) -> RegisterPerson:
    fields = {"person": person, "name": "Amara Osei", "address": "amara@hillside.example", "school": "Hillside School"}
    return RegisterPerson.model_validate(fields | other)


def refused_fields(found: Known, command: RegisterPerson) -> list[str]:
    with pytest.raises(Rejection) as refused:
        found.decided(command)
    assert refused.value.code is RejectionCode.CONFLICT
    return [error.field for error in refused.value.errors]


def test_a_person_is_registered_in_one_go_with_the_claim_on_their_address() -> None:
    writes = Known(community()).decided(register())
    assert [write.ref.entity for write in writes] == ["person-key", "contact", "affiliation"]
    assert {write.expected_seq for write in writes} == {0}


@pytest.mark.parametrize("language", ["de", "en-GB", None])
def test_a_person_may_say_in_which_language_they_are_written_to(language: str | None) -> None:
    [_, written, _] = Known(community()).decided(register(language=language))
    assert isinstance(written.state, Contact)
    assert written.state.language == language


def test_the_claim_shows_no_address_and_differs_between_communities() -> None:
    [claim, *_] = Known(community()).decided(register())
    assert claim.ref.ids == (KEYS.digest("northgate", "amara@hillside.example"),)
    assert KEYS.digest("northgate", "a@b.example") != KEYS.digest("southgate", "a@b.example")


@pytest.mark.parametrize("address", ["amara@hillside.example", "AMARA@Hillside.Example", " amara@hillside.example "])
def test_an_address_belongs_to_one_person_however_it_is_written(address: str) -> None:
    found = Known(community())
    found.done(register())
    assert refused_fields(found, register("p-002", address=address)) == ["address"]


def test_a_person_keeps_their_old_address_when_they_take_a_new_one() -> None:
    found = Known(community())
    found.done(register())
    changed = found.done(register(address="amara@new.example"))
    assert [write.ref.entity for write in changed] == ["person-key", "contact"]
    assert refused_fields(found, register("p-002")) == ["address"]
    assert [write.ref.entity for write in found.decided(register())] == ["contact"]


def test_where_somebody_is_counts_only_when_it_was_stated() -> None:
    *_, silent = Known(community()).decided(register())
    *_, stated = Known(community()).decided(register(zone="Asia/Dubai", pattern="part-time"))
    assert (silent.state.zone, silent.state.pattern) == (None, None)
    assert (stated.state.zone, stated.state.pattern) == ("Asia/Dubai", "part-time")


def test_registering_the_same_details_again_is_no_write() -> None:
    found = Known(community())
    found.done(register())
    assert found.decided(register(), AMARA) == []


def test_new_details_revoke_no_link() -> None:
    links = Known(community(), contact(link_generation=4))
    [*_, write, _] = links.decided(register(name="Amara Mensah"))
    assert isinstance(write.state, Contact)
    assert (write.state.name, write.state.link_generation) == ("Amara Mensah", 4)


@pytest.mark.parametrize("address", ["sessions@northgate.example", "Sessions@Northgate.example"])
def test_nobody_registers_the_mailbox_that_invitations_come_from(address: str) -> None:
    assert refused_fields(Known(community()), register(address=address)) == ["address"]
