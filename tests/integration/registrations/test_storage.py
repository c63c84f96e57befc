"""Storage that is nearly full: commands are refused in time, and health says so."""

from __future__ import annotations

import asyncio

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.commands.registrations import AddRoom
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker

ROOM = AddRoom.model_validate(AddRoom.example)


async def test_commands_are_refused_when_a_tenth_of_the_storage_is_left(
    organiser: Requester, broker: Broker, provision_bus: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, ROOM, id="before")
    used = (await provision_bus.js.stream_info("REGISTRATIONS")).state.bytes
    await broker.provision(max_bytes=int(used / 0.95))
    async with asyncio.timeout(60):
        health = await organiser.ask(Service.REGISTRATIONS, CheckHealth(), Health)
        while (health.storage_percent or 0) < 90:
            await asyncio.sleep(0.1)
            health = await organiser.ask(Service.REGISTRATIONS, CheckHealth(), Health)
    assert any("REGISTRATIONS is 95 % full" in problem for problem in health.problems)
    with pytest.raises(Rejection) as refused:
        await organiser.command(Service.REGISTRATIONS, ROOM.model_copy(update={"capacity": 25}))
    assert refused.value.code is RejectionCode.STORAGE_FULL
    # What was accepted before is still answered as accepted.
    assert (await organiser.command(Service.REGISTRATIONS, ROOM, id="before")).repeated
