"""Facts written by a test, as the service that owns them would."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TypeVar

from nats.js.errors import NotFoundError

from shared.bus.connection import Bus
from shared.bus.streams import stream_of
from shared.contract.catalogue import FACTS, FactKind
from shared.contract.envelope import fact_type
from shared.contract.message import Fact
from shared.contract.subjects import facts_of

F = TypeVar("F", bound=Fact)


async def publish(bus: Bus, *states: Fact, community: str = "northgate", at: datetime | None = None) -> int:
    """Store facts as they are, in no particular order, written ``at`` that instant; the highest sequence."""
    acks = await asyncio.gather(*(_publish(bus, state, community, at) for state in states))
    return max(acks)


async def _publish(bus: Bus, state: Fact, community: str, at: datetime | None) -> int:
    kind = next(each for each in FACTS if each.model is type(state))
    ref, what = kind.ref(community, *(str(getattr(state, name)) for name in kind.ids)), kind.whats[0]
    # A store removes from its stream what does not say that it is a fact.
    headers = {"ce-type": fact_type(ref, what)} | ({"ce-time": at.isoformat()} if at is not None else {})
    body = state.model_dump_json(exclude_none=True).encode()
    return int((await bus.js.publish(ref.fact(what), body, headers=headers)).seq)


async def history(bus: Bus, kind: FactKind, model: type[F], *, community: str = "northgate") -> list[tuple[str, F]]:
    """Every stored fact of that kind, oldest first: what happened and the state after it."""
    found = []
    stream, pattern = stream_of(kind.service), facts_of(kind.service, kind.entity, community=community)
    seq = 0
    while True:
        try:
            raw = await bus.js.get_msg(stream, seq=seq + 1, subject=pattern, next=True, direct=True)
        except NotFoundError:
            return found
        seq = int(raw.seq or 0)
        found.append((str(raw.subject).rsplit(".", 1)[1], model.read(raw.data or b"{}")))
