"""The inbox: partners publish whether we are up or down, and read a result for everything."""

from __future__ import annotations

import json

from nats.js.api import Header

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.subjects import InboxSubject
from teachmeet.local.broker import Broker
from teachmeet.local.processes import Child
from tests.outbox import results
from tests.processes import eventually

ROW = {"person": "p-020", "name": "Eve Nash", "address": "eve@lakeside.example", "school": "Lakeside"}


async def publish(bus: Bus, verb: str, body: dict[str, object], id: str | None) -> None:
    entity, what = verb.split(".")
    headers = {"ce-id": id, Header.MSG_ID.value: id} if id else {}
    subject = str(InboxSubject("northgate", "timetables", entity, what))
    await bus.js.publish(subject, json.dumps(body).encode(), headers=headers)


async def test_every_command_gets_a_result_that_names_what_is_wrong(organiser: Requester, broker: Broker) -> None:
    async with connect(broker.settings("timetables")) as bus:
        await publish(bus, "person.register", ROW, "good")
        await publish(bus, "person.register", {**ROW, "person": "p-021"}, "same-address")
        await publish(bus, "person.register", {**ROW, "address": "nowhere", "shoe": 42}, "bad-fields")
        await publish(bus, "proposal.accept", {"proposal": "x"}, "not-here")
        await publish(bus, "person.register", ROW, None)
        found = await results(bus, 5)
    assert found["good"]["status"] == "accepted"
    assert [error["field"] for error in found["same-address"]["errors"]] == ["address"]
    assert {error["field"] for error in found["bad-fields"]["errors"]} == {"address", "shoe"}
    assert found["not-here"]["code"] == "unknown"
    (nameless,) = (result for cause, result in found.items() if cause.startswith("inbox-"))
    assert [error["field"] for error in nameless["errors"]] == ["ce-id"]


async def test_what_was_published_while_the_service_was_killed_is_answered_once(
    organiser: Requester, broker: Broker, registrations: Child, provision_bus: Bus
) -> None:
    async with connect(broker.settings("timetables")) as bus:
        for number in range(30):
            row = {**ROW, "person": f"p-{100 + number}", "address": f"n{number}@lakeside.example"}
            await publish(bus, "person.register", row, f"row-{number}")
            if number in {5, 15}:
                registrations.kill()
        found = await results(bus, 30)
    assert {result["status"] for result in found.values()} == {"accepted"}
    outbox = await provision_bus.js.stream_info("OUTBOX")
    assert outbox.state.messages == 30

    async def inbox_is_empty() -> bool:
        return not (await provision_bus.js.stream_info("INBOX")).state.messages

    await eventually(inbox_is_empty)


async def test_a_partner_changes_only_what_it_brought_itself(organiser: Requester, broker: Broker) -> None:
    mine = {"person": "p-030", "name": "Eve Nash", "address": "eve@lakeside.example", "school": "Lakeside"}
    async with connect(broker.settings("timetables")) as bus:
        await publish(bus, "person.register", mine, "mine")
        await publish(bus, "person.register", {**mine, "name": "Eve Nash-Adu"}, "mine-again")
        stolen = {"person": "p-001", "name": "Amara Osei", "address": "thief@x.example", "school": "Hillside School"}
        await publish(bus, "person.register", stolen, "not-mine")
        await publish(bus, "room.withdraw", {"room": "library"}, "unknown-room")
        found = await results(bus, 4)
    assert found["mine"]["status"] == found["mine-again"]["status"] == "accepted"
    assert found["not-mine"]["code"] == "not_allowed"
    assert [error["field"] for error in found["not-mine"]["errors"]] == ["person"]
