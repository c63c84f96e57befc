"""Commands through registrations' API against raw JetStream publishes: same durability, same number in flight."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from bench.measuring import Figure, against
from bench.rig import COMMUNITY, Rig, rate
from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.commands.registrations import RegisterPerson, StateInterest, SubmitProposal
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel, new_id

_COUNT = {1: 300, 32: 1500}
_SIZE = 600  # bytes of a stored interest with its envelope


async def measure(rig: Rig) -> list[Figure]:
    """Ratios at 1 and at 32 in flight."""
    async with rig.registrations(), rig.organiser() as organiser, rig.bus("provision") as raw:
        await _prepare(organiser)
        return [await _ratio(organiser, raw, in_flight) for in_flight in (1, 32)]


async def _ratio(organiser: Requester, raw: Bus, in_flight: int) -> Figure:
    return await against(
        f"commands through the api, {in_flight} in flight",
        lambda: rate(itertools.islice(_commands(organiser), _COUNT[in_flight]), in_flight),
        lambda: rate(itertools.islice(_publishes(raw), _COUNT[in_flight]), in_flight),
        target="at least 0.5 at 32 in flight",
        unit="stored/s",
    )


async def _prepare(organiser: Requester) -> None:
    person = RegisterPerson.model_validate(RegisterPerson.example)
    await organiser.command(Service.REGISTRATIONS, person)
    for number in range(20):
        example = SubmitProposal.example | {"proposal": f"s-{number}"}
        await organiser.command(Service.REGISTRATIONS, SubmitProposal.model_validate(example))


def _commands(organiser: Requester) -> Iterator[Callable[[], Awaitable[object]]]:
    levels = itertools.cycle([InterestLevel.COMING] * 20 + [InterestLevel.INTERESTED] * 20)
    for number, level in enumerate(levels):
        command = StateInterest(person="p-001", session=f"s-{number % 20}", level=level)
        yield partial(organiser.command, Service.REGISTRATIONS, command)


def _publishes(raw: Bus) -> Iterator[Callable[[], Awaitable[object]]]:
    body = b'{"x":"' + b"x" * _SIZE + b'"}'
    while True:
        subject = f"tm.{COMMUNITY}.registrations.v1.evt.interest.raw.{new_id()}.stated"
        headers = {"Nats-Msg-Id": new_id()}
        yield partial(raw.js.publish, subject, body, headers=headers)
