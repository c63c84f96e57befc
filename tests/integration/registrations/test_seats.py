"""Seats on a real broker: taken, given back, offered, passed on; beside other programmes, and by lot."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import DRAW, INTEREST, SEATING
from shared.contract.commands.registrations import AddRoom, StateInterest
from shared.contract.commands.seats import (
    AcceptSeat,
    AskSeat,
    DeclineSeat,
    PersonStands,
    ReleaseSeat,
    SeatShown,
    Standing,
    TakeSeat,
)
from shared.contract.facts.registrations import Interest, Seating
from shared.contract.facts.seats import Draws
from shared.contract.message import Command
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import ahead
from tests.integration.registrations.released_seats import held, people, programme, released, seatings, session
from tests.processes import eventually, serving
from tests.written_facts import history

THREE = ["ann", "ben", "cleo"]


async def give(organiser: Requester, *commands: Command) -> None:
    for command in commands:
        await organiser.command(Service.REGISTRATIONS, command)


async def stands(organiser: Requester, person: str, session: str = "drawing") -> PersonStands:
    shown = await organiser.ask(Service.REGISTRATIONS, AskSeat(session=session, person=person), SeatShown)
    assert shown.you is not None
    return shown.you


@asynccontextmanager
async def later(broker: Broker, folder: DataFolder, hours: float) -> AsyncIterator[Child]:
    """Another process of the service whose clock is so many hours ahead."""
    environment = {
        "TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key),
        **ahead(hours=hours),
    }
    async with serving("registrations", broker, folder, **environment) as child:
        yield child


async def drawing_lesson(organiser: Requester, bus: Bus, **seats: object) -> None:
    """One released session with two seats, one of them its presenter's; three people are known."""
    await people(organiser, THREE)
    await programme(organiser, **seats)
    await session(organiser, "drawing", capacity=2)
    await released(bus, {"drawing": 0})


async def test_a_seat_that_comes_back_is_offered_passes_on_by_itself_and_is_taken_up(
    organiser: Requester, provision_bus: Bus, broker: Broker, folder: DataFolder
) -> None:
    await drawing_lesson(organiser, provision_bus, quiet_hours="none")
    await give(organiser, *(TakeSeat(person=person, session="drawing") for person in THREE))
    assert [(await stands(organiser, person)).standing for person in THREE] == ["seated", "waiting", "waiting"]
    assert (await stands(organiser, "cleo")).why.startswith("2nd of 2: asked on ")
    await give(organiser, ReleaseSeat(person="ann", session="drawing"))
    assert (await stands(organiser, "ben")).standing is Standing.OFFERED
    async with later(broker, folder, hours=13):

        async def passed_on() -> bool:
            return [each.person for each in (await seatings(provision_bus))["drawing"].offers] == ["cleo"]

        await eventually(passed_on, within=120.0)

    async def heard_of_it() -> bool:
        return (await stands(organiser, "cleo")).standing is Standing.OFFERED

    # Another process has written it; the one that answers now may have to read it yet.
    await eventually(heard_of_it)
    await give(organiser, AcceptSeat(person="cleo", session="drawing"))
    assert (await seatings(provision_bus))["drawing"].people == ("cleo", "p-001")
    assert (await held(provision_bus)).get("cleo") == {"drawing"}
    assert "let an offer go" in (await stands(organiser, "ben")).why
    with pytest.raises(Rejection) as refused:
        await give(organiser, AcceptSeat(person="ben", session="drawing"))
    assert "seat.take" in refused.value.errors[0].allowed


async def test_who_declines_an_offer_lets_it_go_to_the_next(organiser: Requester, provision_bus: Bus) -> None:
    await drawing_lesson(organiser, provision_bus)
    await give(
        organiser,
        *(TakeSeat(person=person, session="drawing") for person in THREE),
        ReleaseSeat(person="ann", session="drawing"),
        DeclineSeat(person="ben", session="drawing"),
    )
    assert [(await stands(organiser, person)).standing for person in THREE] == ["none", "none", "offered"]


async def test_who_asks_for_a_seat_counts_as_coming_when_the_programme_is_planned_again(
    organiser: Requester, provision_bus: Bus
) -> None:
    await drawing_lesson(organiser, provision_bus)
    await give(organiser, TakeSeat(person="ann", session="drawing"))
    (stated,) = [state for _, state in await history(provision_bus, INTEREST, Interest)]
    assert (stated.person, stated.level) == ("ann", InterestLevel.COMING)


async def test_more_seats_in_the_room_are_offered_by_themselves(organiser: Requester, provision_bus: Bus) -> None:
    await drawing_lesson(organiser, provision_bus)
    await give(organiser, *(TakeSeat(person=person, session="drawing") for person in THREE))
    await give(organiser, AddRoom.model_validate(AddRoom.example | {"room": "drawing", "capacity": 4}))

    async def both_offered() -> bool:
        return {each.person for each in (await seatings(provision_bus))["drawing"].offers} == {"ben", "cleo"}

    await eventually(both_offered)


async def test_nobody_sits_in_sessions_of_two_programmes_at_the_same_time(
    organiser: Requester, provision_bus: Bus
) -> None:
    await drawing_lesson(organiser, provision_bus)
    await give(organiser, TakeSeat(person="ann", session="drawing"))
    await programme(organiser, "summer-2027")
    await session(organiser, "singing", programme="summer-2027", presenters=["p-002"])
    await give(
        organiser,
        StateInterest(person="ann", session="singing", level="coming"),
        TakeSeat(person="ben", session="drawing"),
    )
    await released(provision_bus, {"singing": 0.5}, programme="summer-2027")
    assert "ann" not in (await seatings(provision_bus))["singing"].people
    with pytest.raises(Rejection) as refused:
        await give(organiser, TakeSeat(person="ann", session="singing"))
    assert refused.value.errors[0].problem == "has a seat in drawing at that time"
    await give(organiser, ReleaseSeat(person="ann", session="drawing"), TakeSeat(person="ann", session="singing"))
    assert (await held(provision_bus))["ann"] == {"singing"}


async def test_who_presents_elsewhere_at_that_time_gives_up_their_seat(
    organiser: Requester, provision_bus: Bus
) -> None:
    await drawing_lesson(organiser, provision_bus)
    await give(organiser, TakeSeat(person="ann", session="drawing"), TakeSeat(person="ben", session="drawing"))
    await programme(organiser, "summer-2027")
    await session(organiser, "singing", programme="summer-2027", presenters=["ann"])
    await released(provision_bus, {"singing": 0.5}, programme="summer-2027")

    async def bens_turn() -> bool:
        return [each.person for each in (await seatings(provision_bus))["drawing"].offers] == ["ben"]

    await eventually(bens_turn)
    assert (await held(provision_bus))["ann"] == {"singing"}


async def test_a_lottery_tells_its_commitment_first_and_its_seed_with_the_draw(
    organiser: Requester, provision_bus: Bus
) -> None:
    await drawing_lesson(organiser, provision_bus, waiting="lottery")
    await give(organiser, *(TakeSeat(person=person, session="drawing") for person in THREE))
    await give(organiser, ReleaseSeat(person="ann", session="drawing"))

    async def offered() -> Seating | None:
        now = (await seatings(provision_bus))["drawing"]
        return now if now.offers else None

    (offer,) = (await eventually(offered)).offers
    rounds = (await history(provision_bus, DRAW, Draws))[-1][1].rounds
    drawn = [each for each in rounds if each.seed is not None]
    for each in drawn:
        assert hashlib.sha256((each.seed or "").encode()).hexdigest() == each.commitment
    first_told = [state.rounds[-1] for what, state in await history(provision_bus, DRAW, Draws) if what == "committed"]
    assert [each.commitment for each in first_told[: len(drawn)]] == [each.commitment for each in drawn]
    assert all(each.seed is None for each in first_told)
    tickets = {
        person: hashlib.sha256(f"{drawn[-1].seed}//drawing/{person}".encode()).hexdigest() for person in ("ben", "cleo")
    }
    assert offer.person == min(tickets, key=lambda person: tickets[person])


async def test_a_seat_command_repeated_under_its_id_takes_effect_once(organiser: Requester, provision_bus: Bus) -> None:
    await drawing_lesson(organiser, provision_bus)
    take = TakeSeat(person="ann", session="drawing")
    await organiser.command(Service.REGISTRATIONS, take, id="take-1")
    await give(organiser, ReleaseSeat(person="ann", session="drawing"))
    stored = len(await history(provision_bus, SEATING, Seating))
    again = await organiser.command(Service.REGISTRATIONS, take, id="take-1")
    assert again.repeated
    assert len(await history(provision_bus, SEATING, Seating)) == stored


async def test_a_release_moves_people_with_their_session_and_keeps_who_waits(
    organiser: Requester, provision_bus: Bus
) -> None:
    await drawing_lesson(organiser, provision_bus)
    await give(organiser, *(TakeSeat(person=person, session="drawing") for person in THREE))
    await released(provision_bus, {"drawing": 24}, number=2)
    now = (await seatings(provision_bus))["drawing"]
    assert (now.people, [each.person for each in now.waiting]) == (("ann", "p-001"), ["ben", "cleo"])
