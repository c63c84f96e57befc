"""Somebody begins a proposal without an account, and is registered by others before they have followed their link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.authority import person_actor
from shared.contract.catalogue import CONTACT, ERASED, NOTIFIER_RECEIPT, PROPOSAL, SCHEDULER_RECEIPT
from shared.contract.commands.calls import BeginProposal, InvitePresenter, Noted, ProposalSaved
from shared.contract.commands.intake import AskPersonState, PersonShown
from shared.contract.commands.privacy import AskErasures, Erasures
from shared.contract.commands.registrations import (
    AnnounceProgramme,
    ImportPeople,
    PeopleImported,
    RegisterPerson,
    SubmitProposal,
)
from shared.contract.facts.privacy import Receipt
from shared.contract.facts.registrations import Proposal
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from tests.faults.traces import traces
from tests.processes import eventually, serving
from tests.written_facts import history

ADDRESS = "cleo.adu@lakeside.example"
ROW = {"person": "p-007", "name": "Cleo Adu", "address": ADDRESS, "school": "Lakeside School"}


@pytest.fixture
async def web(broker: Broker, organiser: Requester) -> AsyncIterator[Bus]:
    """The front desk, while a call is open."""
    now = organiser.bus.clock.now()
    call = {"opens": now - timedelta(days=2), "closes": now + timedelta(days=2)}
    body = AnnounceProgramme.example | {"call": call}
    await organiser.command(Service.REGISTRATIONS, AnnounceProgramme.model_validate(body))
    async with connect(broker.settings("web")) as bus:
        yield bus


async def begin(web: Bus, title: str, name: str = "Cleo Adu") -> None:
    stated = {"programme": "spring-2027", "name": name, "address": ADDRESS, "title": title, "format": "workshop"}
    command = BeginProposal.model_validate(stated | {"minutes": 60})
    await Requester(web, "northgate", patience=120.0).ask(Service.REGISTRATIONS, command, Noted)


async def imported(organiser: Requester) -> str:
    command = ImportPeople(people=(ROW,))
    outcome = await organiser.ask(Service.REGISTRATIONS, command, PeopleImported)
    return outcome.rows[0].status


async def drafts(bus: Bus) -> dict[str, Proposal]:
    """The proposals as they are now, by title."""
    last = {state.proposal: state for _, state in await history(bus, PROPOSAL, Proposal)}
    return {state.title: state for state in last.values()}


async def presenters(bus: Bus) -> set[str]:
    return {person for each in (await drafts(bus)).values() for person in each.presenters}


async def swept(bus: Bus, stranger: str) -> None:
    """What the other services write once they have destroyed what they held on the stranger."""
    receipt = Receipt.model_validate(Receipt.example | {"person": stranger})
    for kind in (NOTIFIER_RECEIPT, SCHEDULER_RECEIPT):
        await bus.js.publish(kind.ref("northgate", stranger).fact("swept"), receipt.model_dump_json().encode())


async def test_an_import_gets_the_address_the_draft_and_a_link_and_the_stranger_is_gone(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await begin(web, "Quizzes")
    (begun,) = (await drafts(provision_bus)).values()
    (stranger,) = begun.presenters
    assert await imported(organiser) == "accepted"
    (draft,) = (await drafts(provision_bus)).values()
    assert (draft.presenters, draft.title, draft.links_wanted) == (("p-007",), "Quizzes", 2)
    shown = await organiser.ask(Service.REGISTRATIONS, AskPersonState(person="p-007"), PersonShown)
    assert (shown.address, shown.proposals) == (ADDRESS, (draft.proposal,))
    with pytest.raises(Rejection):
        await organiser.ask(Service.REGISTRATIONS, AskPersonState(person=stranger), PersonShown)
    fields = {name: getattr(draft, name) for name in SubmitProposal.model_fields if name != "access_code"}
    owner = Requester(web, "northgate", person_actor("p-007"), patience=120.0)
    await owner.ask(Service.REGISTRATIONS, SubmitProposal.model_validate(fields), ProposalSaved)
    await begin(web, "Another")
    assert await presenters(provision_bus) == {"p-007"}


async def test_two_strangers_of_one_proposal_are_registered_by_one_import(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await begin(web, "Quizzes")
    (begun,) = (await drafts(provision_bus)).values()
    other = "dee.lam@lakeside.example"
    invitation = InvitePresenter(proposal=begun.proposal, name="Dee Lam", address=other)
    await organiser.ask(Service.REGISTRATIONS, invitation, Noted)
    rows = (ROW, ROW | {"person": "p-008", "name": "Dee Lam", "address": other})
    outcome = await organiser.ask(Service.REGISTRATIONS, ImportPeople(people=rows), PeopleImported)
    assert [each.status for each in outcome.rows] == ["accepted", "accepted"]
    (draft,) = (await drafts(provision_bus)).values()
    assert draft.presenters == ("p-007", "p-008")


async def test_importing_them_again_changes_nothing_and_another_id_is_refused(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await begin(web, "Quizzes")
    assert [await imported(organiser) for _ in range(2)] == ["accepted", "accepted"]
    assert [what for what, _ in await history(provision_bus, PROPOSAL, Proposal)] == ["drafted", "drafted"]
    with pytest.raises(Rejection, match="belongs to another person"):
        await organiser.command(Service.REGISTRATIONS, RegisterPerson.model_validate(ROW | {"person": "p-008"}))


async def test_whatever_is_begun_meanwhile_by_whichever_process_ends_up_with_the_registered_person(
    organiser: Requester, web: Bus, provision_bus: Bus, broker: Broker, folder: DataFolder
) -> None:
    await begin(web, "First")
    (stranger,) = await presenters(provision_bus)
    async with serving("registrations", broker, folder, TEACHMEET_PEOPLE_KEY_FILE=str(folder.people_key)):
        await asyncio.gather(*(begin(web, f"Title {number}") for number in range(6)), imported(organiser))
        await swept(provision_bus, stranger)

        async def theirs() -> bool:
            return await presenters(provision_bus) == {"p-007"}

        await eventually(theirs)
    assert "First" in await drafts(provision_bus)
    assert "Withdrawn" not in await drafts(provision_bus)


async def test_what_the_stranger_said_of_themselves_is_destroyed_and_what_is_the_registered_persons_stays(
    organiser: Requester, web: Bus, provision_bus: Bus, folder: DataFolder
) -> None:
    await begin(web, "Quizzes by Mandragora Quill", name="Mandragora Quill")
    (stranger,) = await presenters(provision_bus)
    assert traces(folder.path, ("Mandragora",))
    await imported(organiser)
    await swept(provision_bus, stranger)

    async def erased() -> bool:
        found = await organiser.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
        return [(each.person, each.done) for each in found.people] == [(stranger, True)]

    await eventually(erased)
    subject = CONTACT.ref("northgate", stranger).fact(ERASED)
    assert (await provision_bus.js.get_last_msg("REGISTRATIONS", subject)).subject == subject
    # What they called their session is theirs to say; who they said they were is gone.
    assert [*await drafts(provision_bus)] == ["Quizzes by Mandragora Quill"]
    shown = await organiser.ask(Service.REGISTRATIONS, AskPersonState(person="p-007"), PersonShown)
    assert (shown.name, shown.address) == ("Cleo Adu", ADDRESS)
