"""Interests in bulk, through the service on a real broker."""

from __future__ import annotations

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.commands.interests import ImportInterests, InterestsImported
from shared.contract.commands.registrations import StateInterest, SubmitProposal
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.local.broker import Broker

PROPOSAL = SubmitProposal.model_validate(SubmitProposal.example)


def row(person: str, level: str = "coming", session: str = PROPOSAL.proposal) -> dict[str, str]:
    return {"person": person, "session": session, "level": level}


async def imported(organiser: Requester, *rows: dict[str, str], id: str | None = None) -> InterestsImported:
    return await organiser.ask(Service.REGISTRATIONS, ImportInterests(interests=rows), InterestsImported, id=id)


async def messages(bus: Bus) -> int:
    return (await bus.js.stream_info("REGISTRATIONS")).state.messages


async def test_good_rows_are_stored_and_bad_ones_named(organiser: Requester) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    result = await imported(
        organiser,
        row("p-001"),
        row("nobody"),
        row("p-002", level="perhaps"),
        row("p-002", session="no-such-session"),
        row("p-002", level="interested"),
    )
    assert [each.status for each in result.rows] == ["accepted", "rejected", "rejected", "rejected", "accepted"]
    assert [{error["field"] for error in each.errors} for each in result.rows[1:4]] == [
        {"person"},
        {"level"},
        {"session"},
    ]
    assert result.seq > 0


async def test_two_rows_about_the_same_interest_are_both_taken_and_the_later_one_holds(
    organiser: Requester, provision_bus: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    result = await imported(organiser, row("p-001", "coming"), row("p-002"), row("p-001", "not-me"))
    assert {each.status for each in result.rows} == {"accepted"}
    last = await provision_bus.js.get_last_msg(
        "REGISTRATIONS", f"tm.northgate.registrations.v1.evt.interest.p-001.{PROPOSAL.proposal}.*"
    )
    assert b'"level":"not-me"' in (last.data or b"")


async def test_an_import_that_says_what_is_known_writes_nothing(organiser: Requester, provision_bus: Bus) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    await imported(organiser, row("p-001"), row("p-002"))
    before = await messages(provision_bus)
    again = await imported(organiser, row("p-001"), row("p-002"))
    assert await messages(provision_bus) == before
    assert {each.status for each in again.rows} == {"accepted"}


async def test_an_import_repeated_under_its_id_leaves_later_changes_alone(
    organiser: Requester, provision_bus: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    await imported(organiser, row("p-001"), id="import-1")
    await organiser.command(
        Service.REGISTRATIONS, StateInterest(person="p-001", session=PROPOSAL.proposal, level=InterestLevel.NOT_ME)
    )
    before = await messages(provision_bus)
    await imported(organiser, row("p-001"), id="import-1")
    assert await messages(provision_bus) == before


async def test_a_partner_may_import_interests(organiser: Requester, broker: Broker) -> None:
    await organiser.command(Service.REGISTRATIONS, PROPOSAL)
    async with connect(broker.settings("timetables")) as bus:
        result = await imported(Requester(bus, "northgate"), row("p-001"))
    assert [each.status for each in result.rows] == ["accepted"]
