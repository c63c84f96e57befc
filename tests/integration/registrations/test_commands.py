"""Commands by request/reply: accepted once, rejected with reasons, safe to repeat, safe to kill."""

from __future__ import annotations

import asyncio

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.commands.registrations import (
    AcceptProposal,
    AskNames,
    ImportPeople,
    Names,
    PeopleImported,
    RegisterPerson,
    StateInterest,
    SubmitProposal,
)
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.local.broker import Broker
from teachmeet.local.processes import Child

PROPOSAL = SubmitProposal.model_validate(SubmitProposal.example)


async def messages(bus: Bus) -> int:
    return int((await bus.js.stream_info("REGISTRATIONS")).state.messages)


async def test_a_command_repeated_under_its_id_takes_effect_once(organiser: Requester, provision_bus: Bus) -> None:
    first = await organiser.command(Service.REGISTRATIONS, PROPOSAL, id="c-1")
    stored = await messages(provision_bus)
    again = await organiser.command(Service.REGISTRATIONS, PROPOSAL, id="c-1")
    assert again.repeated
    assert again.seq == first.seq
    assert await messages(provision_bus) == stored


async def test_saying_what_is_known_already_writes_nothing(organiser: Requester, provision_bus: Bus) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    stored = await messages(provision_bus)
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    assert await messages(provision_bus) == stored


async def test_bad_values_are_rejected_by_field_with_what_is_allowed(organiser: Requester) -> None:
    body = (
        b'{"proposal":"X Y","programme":"spring-2027","title":"T","format":"workshop","minutes":"abc","presenters":[]}'
    )
    with pytest.raises(Rejection) as refused:
        await organiser.ask_raw(Service.REGISTRATIONS, "proposal", "submit", body, id="c-1")
    errors = {error.field: error for error in refused.value.errors}
    assert set(errors) == {"proposal", "minutes", "presenters"}
    assert "1 to 1440" in errors["minutes"].allowed
    assert "abc" not in str(refused.value.errors)


async def test_a_presenter_nobody_knows_is_rejected_by_place_in_the_list(organiser: Requester) -> None:
    command = PROPOSAL.model_copy(update={"presenters": ("p-001", "p-999")})
    with pytest.raises(Rejection) as refused:
        await organiser.command(Service.REGISTRATIONS, command)
    assert [error.field for error in refused.value.errors] == ["presenters.1"]


async def test_an_address_belongs_to_one_person(organiser: Requester) -> None:
    command = RegisterPerson(person="p-003", name="Cleo Adu", address="P-001@Hillside.example", school="Lakeside")
    with pytest.raises(Rejection) as refused:
        await organiser.command(Service.REGISTRATIONS, command)
    assert refused.value.code is RejectionCode.CONFLICT
    assert [error.field for error in refused.value.errors] == ["address"]


async def test_a_person_may_change_their_own_address(organiser: Requester) -> None:
    command = RegisterPerson(person="p-001", name="Amara Osei", address="amara@new.example", school="Hillside School")
    assert (await organiser.command(Service.REGISTRATIONS, command)).id == "p-001"


async def test_only_submitted_proposals_are_accepted(organiser: Requester) -> None:
    with pytest.raises(Rejection):
        await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal=PROPOSAL.proposal))
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal=PROPOSAL.proposal))


async def test_names_are_given_for_those_who_allow_it(organiser: Requester, broker: Broker) -> None:
    async with connect(broker.settings("web")) as bus:
        names = await Requester(bus, "northgate").ask(Service.REGISTRATIONS, AskNames(people=("p-001", "p-002")), Names)
    assert names.names == {"p-001": "Amara Osei"}


async def test_a_partner_is_never_the_organiser(organiser: Requester, broker: Broker) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    async with connect(broker.settings("timetables")) as bus:
        partner = Requester(bus, "northgate", "organiser")
        with pytest.raises(Rejection) as refused:
            await partner.command(Service.REGISTRATIONS, AcceptProposal(proposal=PROPOSAL.proposal))
    assert refused.value.code is RejectionCode.NOT_ALLOWED


async def test_an_import_keeps_the_good_rows_and_names_the_bad_ones(organiser: Requester) -> None:
    good = {"person": "p-010", "name": "Dee Lam", "address": "dee@lakeside.example", "school": "Lakeside"}
    windows = [{"kind": "dated", "answer": "no", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}]
    rows = (
        {**good, "windows": windows},
        {**good, "person": "P 11", "address": "nowhere"},
        {**good, "person": "p-012"},
    )
    result = await organiser.ask(Service.REGISTRATIONS, ImportPeople(people=rows), PeopleImported)
    assert [row.status for row in result.rows] == ["accepted", "rejected", "rejected"]
    assert {error["field"] for error in result.rows[1].errors} == {"person", "address"}
    assert {error["field"] for error in result.rows[2].errors} == {"address"}


async def test_no_accepted_command_is_lost_or_doubled_when_the_service_is_killed(
    organiser: Requester, registrations: Child, provision_bus: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    before = await messages(provision_bus)
    levels = [InterestLevel.COMING, InterestLevel.INTERESTED] * 20
    for number, level in enumerate(levels):
        if number in {10, 25}:
            registrations.kill()
        await organiser.command(
            Service.REGISTRATIONS, StateInterest(person="p-002", session=PROPOSAL.proposal, level=level)
        )
    assert await messages(provision_bus) == before + len(levels)


async def test_thirty_two_commands_in_flight_on_one_entity_all_take_effect(organiser: Requester) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    replies = await asyncio.gather(
        *(
            organiser.command(
                Service.REGISTRATIONS,
                StateInterest(person="p-002", session=PROPOSAL.proposal, level=level),
                id=f"in-flight-{number}",
            )
            for number, level in enumerate([InterestLevel.COMING, InterestLevel.NOT_ME] * 16)
        )
    )
    assert len(replies) == 32


async def test_an_import_that_is_repeated_under_its_id_leaves_later_changes_alone(organiser: Requester) -> None:
    row = {"person": "p-010", "name": "Dee Lam", "address": "dee@lakeside.example", "school": "Lakeside"}
    first = await organiser.ask(Service.REGISTRATIONS, ImportPeople(people=(row,)), PeopleImported, id="import-1")
    renamed = RegisterPerson.model_validate({**row, "name": "Dee Lam-Ito", "name_public": True})
    changed = await organiser.command(Service.REGISTRATIONS, renamed)
    again = await organiser.ask(Service.REGISTRATIONS, ImportPeople(people=(row,)), PeopleImported, id="import-1")
    anyone = Requester(organiser.bus, "northgate")
    names = await anyone.ask(Service.REGISTRATIONS, AskNames(people=("p-010",)), Names)
    assert [result.status for result in again.rows] == ["accepted"]
    assert first.seq < changed.seq <= again.seq
    assert names.names == {"p-010": "Dee Lam-Ito"}
