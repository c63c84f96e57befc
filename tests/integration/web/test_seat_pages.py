"""Seats by links: waiting with an explanation, an offer that is taken, a seat that is released, an enrolment left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from running_desk import Desk

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import ENROLMENT, SEATING
from shared.contract.commands.enrolment import SetEnrolmentRule
from shared.contract.facts.enrolment import Enrolment
from shared.contract.facts.registrations import Community, Contact, Interest, Programme, Proposal, Room, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.groups import Group
from shared.contract.subjects import Service
from shared.links import LinkClaims, LinkKey, LinkScope
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import eventually
from tests.written_facts import history, publish

Link = Callable[..., str]
SESSION = "retrieval-practice"
START = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)


@pytest.fixture
async def full_session(desk: Desk, registrations: Child, provision_bus: Bus) -> None:
    """Amara presents, Ben has the only other seat; Cleo has none."""
    people = {"p-001": "Amara Osei", "p-002": "Ben Ito", "p-003": "Cleo Adler"}
    contacts = (
        Contact(person=person, name=name, address=f"{person}@hillside.example", zone="Europe/London")
        for person, name in people.items()
    )
    input_seq = await publish(
        provision_bus,
        Community.model_validate(Community.example),
        Programme.model_validate(Programme.example),
        Room.model_validate(Room.example | {"capacity": 2}),
        Proposal.model_validate(Proposal.example),
        Interest(person="p-002", session=SESSION, level="coming"),
        *contacts,
    )
    # Whoever seats this release reads all of the above first.
    await publish(provision_bus, Release.model_validate(Release.example | {"input_seq": input_seq}))
    await eventually(lambda: seated(provision_bus, "p-001", "p-002"))
    await desk.until("/northgate", lambda each: "Retrieval practice" in each.text)


async def seating(bus: Bus) -> Seating | None:
    facts = [state for _, state in await history(bus, SEATING, Seating)]
    return facts[-1] if facts else None


async def seated(bus: Bus, *people: str) -> bool:
    last = await seating(bus)
    return last is not None and last.people == people


def scoped(folder: DataFolder, person: str, scope: LinkScope, about: str, *, hours: int = 10) -> str:
    claims = LinkClaims(
        community="northgate",
        person=person,
        scope=scope,
        expires=CLOCK.now() + timedelta(hours=hours),
        generation=1,
        session=about,
    )
    return f"/me/{LinkKey.read(folder.link_key).sign(claims)}"


async def press(desk: Desk, address: str, act: str) -> httpx.Response:
    return await desk.post(address, data={"act": act}, follow_redirects=True)


@pytest.mark.usefixtures("full_session")
async def test_a_seat_passes_from_who_releases_it_to_who_waits_and_takes_the_offer(
    desk: Desk, provision_bus: Bus, link: Link, folder: DataFolder
) -> None:
    cleo, ben = f"{link('p-003')}/seats/{SESSION}", f"{link('p-002')}/seats/{SESSION}"
    shown = await desk.get(cleo)
    assert "You have no seat." in shown.text
    waiting = await press(desk, cleo, "take")
    assert "You are waiting for a seat." in waiting.text
    assert "1st of 1" in waiting.text
    own = await desk.until(
        link("p-003"), lambda each: "You are waiting for a seat" in each.text and "1st of 1" in each.text
    )
    assert f"/seats/{SESSION}" in own.text

    await desk.until(link("p-002"), lambda each: "Release my seat" in each.text)
    given_back = await press(desk, ben, "release")
    assert "You have no seat." in given_back.text

    async def offered() -> bool:
        last = await seating(provision_bus)
        return last is not None and [each.person for each in last.offers] == ["p-003"]

    await eventually(offered)
    offer = f"{scoped(folder, 'p-003', LinkScope.OFFER, SESSION)}/offer/accept"
    shown = await desk.until(offer, lambda each: "A seat is held for you." in each.text)
    assert "It is held until" in shown.text
    assert 'value="accept" autofocus' in shown.text
    own = await desk.until(link("p-003"), lambda each: "Held for you" in each.text)
    assert (await press(desk, offer, "release")).status_code == 400
    taken = await press(desk, offer, "accept")
    assert "You have a seat." in taken.text
    assert await seated(provision_bus, "p-001", "p-003")
    late = await press(desk, offer, "decline")
    assert late.status_code in {200, 409}
    assert await seated(provision_bus, "p-001", "p-003")


@pytest.mark.usefixtures("full_session")
async def test_links_do_what_they_are_for_and_nothing_else(
    desk: Desk, provision_bus: Bus, link: Link, folder: DataFolder
) -> None:
    offer = scoped(folder, "p-002", LinkScope.OFFER, SESSION)
    bad = (
        f"{offer}/seats/{SESSION}",
        f"{link('p-002')}/offer",
        f"{scoped(folder, 'p-002', LinkScope.CONFIRM, SESSION)}/offer",
        f"{scoped(folder, 'p-002', LinkScope.OFFER, SESSION, hours=-1)}/offer",
        f"{link('p-002', generation=2)}/seats/{SESSION}",
        f"{link('p-002')}/leave",
        f"{link('p-002')}/confirm",
        f"{link('p-002')}/proposal",
    )
    for address in bad:
        assert (await desk.get(address)).status_code == 403, address
        assert (await press(desk, address, "release")).status_code == 403, address
    assert (await desk.get(f"{link('p-002')}/seats/nothing")).status_code == 404
    assert (await press(desk, f"{link('p-002')}/seats/{SESSION}", "fly")).status_code == 400
    assert await seated(provision_bus, "p-001", "p-002")
    await desk.child.stop()
    assert "/me/" not in desk.log()


async def test_who_was_enrolled_leaves_by_one_click_and_stays_out(
    desk: Desk, organiser: Requester, provision_bus: Bus, folder: DataFolder
) -> None:
    rule = SetEnrolmentRule(rule="hillside", programme="spring-2027", group=Group(school="Hillside School"))
    await organiser.command(Service.REGISTRATIONS, rule)

    async def states(person: str) -> list[Enrolment]:
        facts = [state for _, state in await history(provision_bus, ENROLMENT, Enrolment)]
        return [each for each in facts if each.person == person]

    await eventually(lambda: states("p-001"))
    await eventually(lambda: states("p-002"))
    way_out = f"{scoped(folder, 'p-002', LinkScope.ENROLMENT, 'spring-2027')}/leave"
    shown = await desk.until(way_out, lambda each: "Leave Spring term 2027?" in each.text)
    assert 'method="post"' in shown.text
    assert [each.rules for each in await states("p-002")] == [("hillside",)]
    for _ in range(2):
        answer = await desk.post(way_out, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
        assert (answer.status_code, "You have left" in answer.text) == (200, True)
    last = (await states("p-002"))[-1]
    assert (last.rules, last.left) == ((), ("hillside",))
    assert [each.rules for each in await states("p-001")] == [("hillside",)]
