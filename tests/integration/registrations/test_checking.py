"""Would this command be accepted? The same decision by the same code, and nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.catalogue import ENDPOINTS
from shared.contract.commands.checking import Checked, Effect
from shared.contract.commands.registrations import (
    ImportPeople,
    PeopleImported,
    RegisterPerson,
    StateInterest,
    SubmitProposal,
)
from shared.contract.message import Command
from shared.contract.results import Accepted, Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.local.broker import Broker

EVE = RegisterPerson(person="p-050", name="Eve Nash", address="eve@lakeside.example", school="Lakeside")
BEES = SubmitProposal.model_validate(SubmitProposal.example)


@pytest.fixture
def checking(organiser: Requester) -> Requester:
    return replace(organiser, dry_run=True)


@pytest.fixture
async def partner(organiser: Requester, broker: Broker) -> AsyncIterator[Requester]:
    async with connect(broker.settings("timetables")) as bus:
        yield Requester(bus, "northgate")


async def checked(requester: Requester, command: Command) -> Checked:
    return await replace(requester, dry_run=True).ask(Service.REGISTRATIONS, command, Checked)


async def messages(bus: Bus) -> int:
    return int((await bus.js.stream_info("REGISTRATIONS")).state.messages)


async def test_a_check_tells_new_changed_and_unchanged_and_writes_nothing(
    organiser: Requester, provision_bus: Bus
) -> None:
    before = await messages(provision_bus)
    assert (await checked(organiser, EVE)).effect is Effect.NEW
    assert await messages(provision_bus) == before
    await organiser.command(Service.REGISTRATIONS, EVE)
    stored = await messages(provision_bus)
    assert (await checked(organiser, EVE)).effect is Effect.UNCHANGED
    changed = await checked(organiser, EVE.model_copy(update={"department": "Art", "name_public": True}))
    assert (changed.effect, set(changed.fields)) == (Effect.CHANGED, {"department", "name_public"})
    assert await messages(provision_bus) == stored


async def test_a_check_is_refused_as_the_command_would_be(organiser: Requester) -> None:
    twin = EVE.model_copy(update={"address": "p-001@hillside.example"})
    with pytest.raises(Rejection) as of_check:
        await checked(organiser, twin)
    with pytest.raises(Rejection) as of_command:
        await organiser.command(Service.REGISTRATIONS, twin)
    assert of_check.value.reply() == of_command.value.reply()


async def test_rows_of_an_import_are_checked_one_by_one(checking: Requester, provision_bus: Bus) -> None:
    before = await messages(provision_bus)
    rows = ({"name": "Eve", "address": "eve@lakeside.example", "school": "L"}, {"person": "P 1"})
    told = await checking.ask(Service.REGISTRATIONS, ImportPeople(people=rows), PeopleImported)
    assert [(row.status, row.effect) for row in told.rows] == [("accepted", Effect.NEW), ("rejected", None)]
    assert await messages(provision_bus) == before


async def test_a_partner_learns_nothing_by_checking_that_it_may_not_ask(
    organiser: Requester, partner: Requester
) -> None:
    await organiser.command(Service.REGISTRATIONS, BEES)
    coming = StateInterest(person="p-002", session=BEES.proposal, level=InterestLevel.COMING)
    await organiser.command(Service.REGISTRATIONS, coming)
    told = [await checked(partner, coming.model_copy(update={"level": level})) for level in InterestLevel]
    assert len({each.model_dump_json() for each in told}) == 1
    await partner.command(Service.REGISTRATIONS, EVE)
    assert (await checked(partner, EVE.model_copy(update={"name": "Eve Adu"}))).effect is Effect.CHANGED


async def test_no_command_of_registrations_writes_anything_when_it_is_only_checked(
    organiser: Requester, provision_bus: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, BEES)
    checking = replace(organiser, dry_run=True)
    before = await messages(provision_bus)
    answered = 0
    for each in ENDPOINTS:
        if each.service is not Service.REGISTRATIONS or not issubclass(each.reply, Accepted):
            continue
        try:
            await checking.ask_raw(
                each.service,
                each.entity,
                each.verb,
                each.command.model_validate(each.command.example).model_dump_json(exclude_none=True).encode(),
                id=f"check-{each.type}",
            )
        except Rejection as rejection:
            assert rejection.code is not RejectionCode.BUSY, each.type  # noqa: PT017
        answered += 1
    assert answered > 10
    assert await messages(provision_bus) == before
