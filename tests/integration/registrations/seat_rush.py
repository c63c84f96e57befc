"""One of several processes that give commands about the same few seats, as fast as they can."""

from __future__ import annotations

import asyncio
import random
import sys

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.contract.commands.seats import AcceptSeat, DeclineSeat, ReleaseSeat, TakeSeat
from shared.contract.facts.seats import Pool
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.settings import BusSettings

COMMANDS = 40


async def rush(seed: int, people: list[str], sessions: list[str]) -> None:
    """Ask for seats, give them back and answer offers, in an order that follows from the seed."""
    dice = random.Random(seed)
    async with connect(BusSettings()) as bus:
        requester = Requester(bus, "northgate", "organiser", patience=120.0)
        for number in range(COMMANDS):
            person, session = dice.choice(people), dice.choice(sessions)
            kind = dice.choice([TakeSeat, TakeSeat, TakeSeat, ReleaseSeat, AcceptSeat, DeclineSeat])
            command = kind(person=person, session=session)
            if isinstance(command, TakeSeat):
                command = command.model_copy(update={"pool": dice.choice([None, Pool.IN_PERSON, Pool.ONLINE])})
            try:
                await requester.command(Service.REGISTRATIONS, command, id=f"rush-{seed}-{number}")
            except Rejection as refused:
                if refused.code in {"invalid", "not_allowed"}:
                    raise


if __name__ == "__main__":
    asyncio.run(rush(int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3].split(",")))
