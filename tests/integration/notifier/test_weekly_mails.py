"""A weekly series by real SMTP: one invitation, single dates that move or fall, answers to all dates or to one."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime, timedelta

import pytest
from attendee import hand_over, reply, reply_to
from drawing_lesson import ANSWERED_AT, Drawing
from icalendar import Calendar, Event
from released_sessions import PROGRAMME, START

from shared.contract.catalogue import SEATING
from shared.contract.facts.registrations import Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from tests.processes import eventually
from tests.written_facts import history, publish

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEEK = timedelta(weeks=1)
PARTS = tuple(f"knots-part-{number}" for number in range(1, 5))
DATES = {session: START + number * WEEK for number, session in enumerate(PARTS)}


async def released(drawing: Drawing, number: int, dates: dict[str, datetime], seq: int = 0) -> None:
    community, bus = drawing.sessions.community, drawing.sessions.facts_bus
    placements = tuple(
        Placement(session=session, proposal="knots", room="library", start=start, minutes=60)
        for session, start in dates.items()
    )
    body = {"programme": PROGRAMME, "number": number, "placements": placements, "input_seq": seq}
    await publish(bus, Release.model_validate(Release.example | body), community=community)


async def invited(drawing: Drawing) -> bytes:
    """Amara presents, ben comes, cleo waits: there are two seats. Ben's invitation."""
    community, bus = drawing.sessions.community, drawing.sessions.facts_bus
    await drawing.sessions.established("amara", "ben", "cleo")
    knots = {"proposal": "knots", "title": "Knots", "presenters": ["amara"], "parts": 4, "weekly": True}
    seq = await publish(
        bus,
        Room.model_validate(Room.example | {"room": "library", "capacity": 2}),
        Proposal.model_validate(Proposal.example | knots),
        Interest(person="ben", session="knots", level="coming"),
        Interest(person="cleo", session="knots", level="interested"),
        community=community,
    )
    await released(drawing, 1, DATES, seq)
    return await drawing.mail_to("ben")


async def seats_of(drawing: Drawing) -> dict[str, tuple[str, ...]]:
    facts = await history(drawing.sessions.facts_bus, SEATING, Seating, community=drawing.sessions.community)
    return {state.session: state.people for _, state in facts}


async def events_to(drawing: Drawing, person: str, method: str) -> list[Event]:
    """What that person was told by messages of that method, in no particular order."""
    found = []
    for (_, stated, _, recipient), [raw] in drawing.sessions.mails().items():
        if (stated, recipient.split("@")[0]) == (method, person):
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            part = next(each for each in mail.walk() if each.get_content_type() == "text/calendar")
            found += Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return found


def dates_told(events: list[Event]) -> dict[datetime, datetime]:
    """When dates that are told of alone are held now, by the date that they had."""
    return {each["RECURRENCE-ID"].dt: each["DTSTART"].dt for each in events if "RECURRENCE-ID" in each}


async def test_a_series_comes_as_one_invitation_that_recurs(drawing: Drawing) -> None:
    await invited(drawing)
    [event] = await events_to(drawing, "ben", "REQUEST")
    assert str(event["UID"]).startswith("knots@")
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=4;INTERVAL=1"
    assert set((await seats_of(drawing)).values()) == {("amara", "ben")}


async def test_a_no_to_one_date_frees_the_seat_of_that_date_and_the_next_person_comes_then(drawing: Drawing) -> None:
    raw = await invited(drawing)
    no = reply(raw, "DECLINED", ANSWERED_AT, start=DATES[PARTS[2]], recurrence=DATES[PARTS[2]])
    await hand_over(drawing.services.port, no, reply_to(raw))

    async def passed_on() -> bool:
        return (await seats_of(drawing))[PARTS[2]] == ("amara", "cleo")

    await eventually(passed_on)
    assert {session for session, people in (await seats_of(drawing)).items() if "ben" in people} == {*PARTS} - {
        PARTS[2]
    }
    await drawing.mail_to("cleo")
    [event] = await events_to(drawing, "cleo", "REQUEST")
    assert len(event["EXDATE"].dts) == 3
    # Ben's own calendar shows his no already.
    assert await events_to(drawing, "ben", "CANCEL") == []


async def test_a_no_to_the_series_frees_every_seat(drawing: Drawing) -> None:
    raw = await invited(drawing)
    await hand_over(drawing.services.port, reply(raw, "DECLINED", ANSWERED_AT), reply_to(raw))

    async def all_passed_on() -> bool:
        return set((await seats_of(drawing)).values()) == {("amara", "cleo")}

    await eventually(all_passed_on)


async def test_a_date_moves_and_another_is_called_off_each_told_alone(drawing: Drawing) -> None:
    await invited(drawing)
    moved = DATES[PARTS[1]] + timedelta(days=1)
    await released(drawing, 2, DATES | {PARTS[1]: moved})

    async def moved_told() -> bool:
        return dates_told(await events_to(drawing, "ben", "REQUEST")) == {DATES[PARTS[1]]: moved}

    await eventually(moved_told)
    without = {session: start for session, start in DATES.items() if session != PARTS[3]} | {PARTS[1]: moved}
    await released(drawing, 3, without)

    async def called_off() -> bool:
        told = await events_to(drawing, "ben", "CANCEL")
        return {each["RECURRENCE-ID"].dt: str(each["STATUS"]) for each in told} == {DATES[PARTS[3]]: "CANCELLED"}

    await eventually(called_off)
    numbers = sorted(int(each["SEQUENCE"]) for each in await events_to(drawing, "ben", "REQUEST"))
    assert numbers == [0, 1]
