"""Thousands of malformed messages on the real broker: each is rejected, and no good one among them is lost."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.bus.streams import DEADLETTERS, OUTBOX
from shared.contract.catalogue import CONTACT
from shared.contract.commands.registrations import RegisterPerson
from shared.contract.subjects import outbox_of
from teachmeet.local.broker import Broker
from tests.integration.registrations.malformed import MALFORMED, OWN_ID, Sent

EXAMPLES = 50
MALFORMED_IN_EACH = 50
PARTNERS = ("timetables", "rooms")
number = count()


@pytest.fixture
async def buses(broker: Broker) -> AsyncIterator[dict[str, Bus]]:
    async with connect(broker.settings("timetables")) as one, connect(broker.settings("rooms")) as other:
        yield dict(zip(PARTNERS, (one, other), strict=True))


async def publish(bus: Bus, sent: Sent) -> None:
    """Publish it under an id of its own, unless it is one without."""
    own = f"m-{next(number)}"
    headers = sent.headers if sent.without_id else {"ce-id": own} | sent.headers
    subject = f"tm.northgate.inbox.v1.{bus.user}.{sent.verb}"
    await bus.client.publish(subject, sent.body.replace(OWN_ID.encode(), own.encode()), headers=dict(headers))


def good(person: str) -> Sent:
    body = RegisterPerson.example | {"person": person, "address": f"{person}@lakeside.example"}
    return Sent("person.register", json.dumps(body).encode())


async def answers(bus: Bus, tally: Counter[str]) -> Counter[str]:
    """How many were answered with what, once as many are as were sent."""
    async with asyncio.timeout(60):
        while (await bus.js.stream_info(OUTBOX)).state.messages < tally.total():
            await asyncio.sleep(0.01)
    info = await bus.js.stream_info(OUTBOX, subjects_filter=outbox_of())
    return Counter(subject.rsplit(".", 1)[1] for subject in info.state.subjects or {})


@pytest.fixture
def tally() -> Counter[str]:
    """What is to be answered with what, so far."""
    return Counter()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[*HealthCheck],
)
@given(batch=st.lists(MALFORMED, min_size=MALFORMED_IN_EACH, max_size=MALFORMED_IN_EACH))
async def test_each_malformed_message_is_rejected_and_no_good_one_among_them_is_lost(
    organiser: Requester,
    provision_bus: Bus,
    buses: dict[str, Bus],
    tally: Counter[str],
    batch: list[Sent],
) -> None:
    """2,500 malformed messages and 100 good ones, through two partners' inboxes at a time."""
    for place, sent in enumerate(batch):
        bus = buses[PARTNERS[place % 2]]
        if place in {10, 31}:
            tally["accepted"] += 1
            await publish(bus, good(f"good-{tally['accepted']}"))
        tally["rejected"] += 1
        await publish(bus, sent)
    assert await answers(provision_bus, tally) == tally
    assert (await provision_bus.js.stream_info(DEADLETTERS)).state.messages == 0
    last = CONTACT.ref("northgate", f"good-{tally['accepted']}").every_fact()
    assert await provision_bus.js.get_last_msg("REGISTRATIONS", last) is not None
