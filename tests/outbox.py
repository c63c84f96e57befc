"""Results in a partner's outbox, as the partner reads them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from shared.bus.connection import Bus
from shared.bus.streams import OUTBOX, outbox_consumer
from shared.contract.envelope import header


async def results(bus: Bus, count: int) -> dict[str, dict[str, Any]]:
    """The first results for the partner timetables, by the ce-id of the command."""
    subscription = await bus.js.pull_subscribe_bind(outbox_consumer("timetables"), OUTBOX)
    found: dict[str, dict[str, Any]] = {}
    async with asyncio.timeout(120):
        while len(found) < count:
            for message in await subscription.fetch(1, timeout=120):
                found[str(header(message.headers, "ce-causationid"))] = json.loads(message.data)
                await message.ack()
    return found
