"""Input that is well formed but more than can be kept or answered is refused in words, never lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.bus.streams import DEADLETTERS, MAX_COMMAND_BYTES, MAX_FACT_BYTES, OUTBOX, outbox_consumer
from shared.contract.commands.registrations import ImportPeople, PeopleImported, StateAvailability
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import InboxSubject, Service
from teachmeet.local.broker import Broker

WEEKLY = StateAvailability.example["windows"][0]
# 1,000 windows are allowed, but not with so many exceptions each.
MANY_WINDOWS = [{**WEEKLY, "except_dates": [f"2027-01-{day:02}" for day in range(5, 20)]}] * 950


def row(number: int, **other: Any) -> dict[str, Any]:
    person = {"person": f"p-{number:03}", "name": "Dee Lam", "address": f"d{number}@lakeside.example"}
    return {**person, "school": "Lakeside", **other}


async def test_availability_that_no_fact_could_hold_is_refused(organiser: Requester) -> None:
    body = json.dumps({"person": "p-001", "windows": MANY_WINDOWS}).encode()
    assert MAX_FACT_BYTES < len(body) < MAX_COMMAND_BYTES
    with pytest.raises(Rejection) as refused:
        await organiser.ask_raw(Service.REGISTRATIONS, "availability", "state", body, id="c-1")
    assert refused.value.code is RejectionCode.INVALID
    assert [error.field for error in refused.value.errors] == ["message"]


async def test_a_row_that_no_fact_could_hold_costs_no_other_row(organiser: Requester) -> None:
    rows = (row(10), row(11, windows=MANY_WINDOWS), row(12))
    result = await organiser.ask(Service.REGISTRATIONS, ImportPeople(people=rows), PeopleImported)
    assert [each.status for each in result.rows] == ["accepted", "rejected", "accepted"]
    assert result.rows[1].errors[0]["field"] == "message"


async def test_an_import_that_is_wrong_in_every_row_is_answered_all_the_same(
    organiser: Requester, broker: Broker, provision_bus: Bus
) -> None:
    wrong = {f"unknown-field-{number:02}-of-a-careless-export": 1 for number in range(40)}
    body = json.dumps({"people": [row(number, **wrong) for number in range(250)]}).encode()
    assert len(body) < MAX_COMMAND_BYTES
    async with connect(broker.settings("timetables")) as partner:
        subject = str(InboxSubject("northgate", "timetables", "people", "import"))
        await partner.js.publish(subject, body, headers={"ce-id": "import-1"})
        results = await partner.js.pull_subscribe_bind(outbox_consumer("timetables"), OUTBOX)
        (result,) = await results.fetch(1, timeout=60)
    answer = PeopleImported.read(result.data)
    assert {each.status for each in answer.rows} == {"rejected"}
    assert len(answer.rows) == 250
    assert all(each.errors for each in answer.rows)
    assert (await provision_bus.js.stream_info(DEADLETTERS)).state.messages == 0
