"""Atomic batches: several messages of one stream, stored together or not at all (JetStream ADR-50)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nats.aio.client import Client
from nats.js.errors import APIError

from shared.bus.background import in_turns
from shared.contract.values import new_id

MAX_BATCH = 1000
_TIMEOUT = 5.0
# So many at once hold up everything else in the process by some milliseconds.
_IN_A_TURN = 100


@dataclass(frozen=True)
class Outgoing:
    """One message as it goes to the broker."""

    subject: str
    body: bytes
    headers: dict[str, str]


async def publish_batch(client: Client, messages: Sequence[Outgoing]) -> int:
    """Store 2 to 1,000 messages of one stream and give the sequence of the last; they are consecutive.

    Raises nats.js APIError when the batch was refused (nothing is stored), and the client's errors when nobody knows.
    """
    if not 2 <= len(messages) <= MAX_BATCH:
        raise ValueError(f"a batch has 2 to {MAX_BATCH} messages, not {len(messages)}")
    batch = new_id()
    first, *middle = messages[:-1]
    await _ask(client, first, _headers(batch, 1))
    async for number, message in in_turns(enumerate(middle, start=2), every=_IN_A_TURN):
        await client.publish(message.subject, message.body, headers=message.headers | _headers(batch, number))
    last = _headers(batch, len(messages)) | {"Nats-Batch-Commit": "1"}
    answer = await _ask(client, messages[-1], last)
    return int(answer["seq"])


def _headers(batch: str, number: int) -> dict[str, str]:
    return {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}


async def _ask(client: Client, message: Outgoing, extra: dict[str, str]) -> dict[str, int]:
    reply = await client.request(message.subject, message.body, timeout=_TIMEOUT, headers=message.headers | extra)
    answer = json.loads(reply.data) if reply.data else {}
    if "error" in answer:
        raise APIError.from_error(answer["error"])
    return dict(answer)
