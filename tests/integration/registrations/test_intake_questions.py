"""What a partner, a person and the organiser are told of people, proposals and programmes; and partners' own ids."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.authority import person_actor
from shared.contract.commands.intake import (
    AskData,
    AskPersonState,
    AskProgramme,
    AskProposal,
    DataKind,
    PersonShown,
    ProgrammeShown,
    ProposalShown,
)
from shared.contract.commands.registrations import AcceptProposal, StateInterest, SubmitProposal
from shared.contract.externals import TO_BE_FOUND
from shared.contract.results import Rejection, RejectionCode
from shared.contract.structured import STRUCTURED
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.commands.exporting import exported_rows
from teachmeet.local.broker import Broker
from tests.outbox import results

EVE = {"external_id": "Staff 4711", "name": "Eve Nash", "address": "eve@lakeside.example", "school": "Lakeside"}
WINDOW = {"kind": "dated", "answer": "no", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}
BEES = SubmitProposal.model_validate(SubmitProposal.example)


@pytest.fixture
async def partner(organiser: Requester, broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("timetables")) as bus:
        yield bus


@pytest.fixture
async def web(organiser: Requester, broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("web")) as bus:
        yield bus


async def send(bus: Bus, verb: str, body: dict[str, Any], id: str) -> None:
    await bus.js.publish(f"tm.northgate.inbox.v1.timetables.{verb}", json.dumps(body).encode(), headers={"ce-id": id})


async def send_structured(bus: Bus, verb: str, body: dict[str, Any], id: str) -> None:
    event = {
        "specversion": "1.0",
        "id": id,
        "source": "/timetables",
        "type": f"org.teachmeet.registrations.{verb}.v1",
        "data": body,
    }
    headers = {"content-type": STRUCTURED}
    await bus.js.publish(f"tm.northgate.inbox.v1.timetables.{verb}", json.dumps(event).encode(), headers=headers)


async def test_a_partner_works_with_its_own_ids_in_either_mode_and_in_order(partner: Bus) -> None:
    stated = {"external_id": "Staff 4711", "windows": [WINDOW]}
    await send_structured(partner, "availability.state", stated, "too-early")
    await send_structured(partner, "person.register", EVE, "new")
    await send(partner, "person.register", EVE | {"name": "Eve Adu"}, "renamed")
    await send(partner, "availability.state", stated, "stated")
    await send_structured(partner, "person.register", EVE | {"zone": "Mars"}, "wrong")
    found = await results(partner, 5)
    assert found["too-early"]["code"] == "unknown"
    assert {found[each]["status"] for each in ("new", "renamed", "stated")} == {"accepted"}
    assert len({found[each]["id"] for each in ("new", "renamed", "stated")}) == 1
    assert [error["field"] for error in found["wrong"]["errors"]] == ["zone"]
    asking = Requester(partner, "northgate")
    question = AskPersonState(person=TO_BE_FOUND, external_id="Staff 4711")
    shown = await asking.ask_raw(
        Service.REGISTRATIONS, "person", "show", question.model_dump_json(exclude={"person"}).encode(), id="q-1"
    )
    person = PersonShown.read(shown)
    assert (person.name, person.origin) == ("Eve Adu", "timetables")
    assert [(source.source, source.windows) for source in person.sources] == [("timetables", 1)]


async def test_a_message_that_comes_twice_is_answered_once_and_changes_nothing(
    partner: Bus, provision_bus: Bus
) -> None:
    for _ in range(3):
        await send(partner, "person.register", EVE, "again")
    await send(partner, "person.register", EVE | {"name": "Eve Adu"}, "last")
    found = await results(partner, 2)
    assert {each["status"] for each in found.values()} == {"accepted"}
    assert (await provision_bus.js.stream_info("OUTBOX")).state.messages == 2


async def test_a_partner_is_not_told_of_people_whom_it_did_not_bring(organiser: Requester, partner: Bus) -> None:
    with pytest.raises(Rejection) as refused:
        await Requester(partner, "northgate").ask(Service.REGISTRATIONS, AskPersonState(person="p-001"), PersonShown)
    with pytest.raises(Rejection) as of_nobody:
        await Requester(partner, "northgate").ask(Service.REGISTRATIONS, AskPersonState(person="nobody"), PersonShown)
    assert refused.value.reply() == of_nobody.value.reply()


async def test_a_person_sees_their_own_interests_and_nobody_elses(organiser: Requester, web: Bus) -> None:
    await organiser.command(Service.REGISTRATIONS, BEES)
    coming = StateInterest(person="p-002", session=BEES.proposal, level=InterestLevel.COMING)
    await organiser.command(Service.REGISTRATIONS, coming)
    ben = Requester(web, "northgate", person_actor("p-002"))
    shown = await ben.ask(Service.REGISTRATIONS, AskPersonState(person="p-002"), PersonShown)
    assert [(each.session, each.level) for each in shown.interests] == [(BEES.proposal, "coming")]
    with pytest.raises(Rejection) as refused:
        await ben.ask(Service.REGISTRATIONS, AskPersonState(person="p-001"), PersonShown)
    assert refused.value.code is RejectionCode.NOT_ALLOWED


async def test_a_proposal_is_shown_whole_to_its_presenters_and_in_part_once_it_is_accepted(
    organiser: Requester, web: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, BEES)
    question = AskProposal(proposal=BEES.proposal)
    amara, ben, anyone = (
        Requester(web, "northgate", who) for who in (person_actor("p-001"), person_actor("p-002"), None)
    )
    assert (await amara.ask(Service.REGISTRATIONS, question, ProposalShown)).whole is not None
    for stranger in (ben, anyone):
        with pytest.raises(Rejection):
            await stranger.ask(Service.REGISTRATIONS, question, ProposalShown)
    await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal=BEES.proposal))
    shown = await anyone.ask(Service.REGISTRATIONS, question, ProposalShown)
    assert (shown.title, shown.whole) == (BEES.title, None)


async def test_a_programme_tells_where_it_stands_and_counts_only_for_the_organiser(
    organiser: Requester, partner: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, BEES)
    question = AskProgramme(programme="spring-2027")
    shown = await organiser.ask(Service.REGISTRATIONS, question, ProgrammeShown)
    assert (shown.takes_proposals, shown.release, shown.proposals) == (True, None, {"submitted": 1})
    told = await Requester(partner, "northgate").ask(Service.REGISTRATIONS, question, ProgrammeShown)
    assert told.proposals == {}


async def test_all_data_are_for_the_organiser_alone(organiser: Requester, partner: Bus) -> None:
    rows = await exported_rows(organiser, DataKind.PEOPLE)
    assert [row["address"] for row in rows] == ["p-001@hillside.example", "p-002@hillside.example"]
    with pytest.raises(Rejection) as refused:
        await Requester(partner, "northgate").ask_raw(
            Service.REGISTRATIONS, "data", "export", AskData(kind=DataKind.PEOPLE).model_dump_json().encode(), id="q"
        )
    assert refused.value.code is RejectionCode.NOT_ALLOWED
