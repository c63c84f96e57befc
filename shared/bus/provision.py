"""Makes streams and consumers what they should be: shows differences, applies them, refuses what would lose data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from shared.bus.streams import Consumer

_STREAM_FIELDS = (
    "description",
    "subjects",
    "retention",
    "storage",
    "compression",
    "discard",
    "max_bytes",
    "max_age",
    "max_msg_size",
    "duplicate_window",
    "allow_direct",
    "allow_atomic",
    "allow_msg_schedules",
    "allow_msg_ttl",
    "num_replicas",
)
_CONSUMER_FIELDS = ("filter_subject", "ack_policy", "ack_wait", "max_deliver", "max_ack_pending")
# The server would drop messages to make these true.
_LOSING = frozenset({"retention", "storage"})


class ProvisionError(Exception):
    """A difference that only a person may resolve, because applying it would lose messages."""


@dataclass(frozen=True)
class Difference:
    """One field of one stream or consumer that is not as it should be; no field when it is not there at all."""

    target: str
    field: str
    found: Any
    wanted: Any

    @property
    def is_new(self) -> bool:
        return not self.field

    def __str__(self) -> str:
        if self.is_new:
            return f"{self.target}: create"
        return f"{self.target}: {self.field} is {self.found or 'unset'}, should be {self.wanted or 'unset'}"


async def provision(
    js: JetStreamContext, streams: Iterable[StreamConfig], consumers: Iterable[Consumer], *, apply: bool = True
) -> list[Difference]:
    """What differs from the wanted configuration; with ``apply`` it is mended. Running it again finds nothing.

    Raises ProvisionError before anything is changed when a change would lose messages.
    """
    plans = [await _stream_differences(js, wanted) for wanted in streams]
    changes = [(wanted, await _consumer_differences(js, wanted)) for wanted in consumers]
    differences = [each for _, found in plans for each in found] + [each for _, found in changes for each in found]
    if apply:
        for stream, found in plans:
            await _apply_stream(js, stream, found)
        for consumer, found in changes:
            if found:
                await js.add_consumer(consumer.stream, consumer.config)
    return differences


async def _stream_differences(js: JetStreamContext, wanted: StreamConfig) -> tuple[StreamConfig, list[Difference]]:
    target = f"stream {wanted.name}"
    try:
        info = await js.stream_info(str(wanted.name))
    except NotFoundError:
        return wanted, [Difference(target, "", None, None)]
    differences = _compare(target, _STREAM_FIELDS, info.config, wanted)
    _refuse_losses(differences, stored_bytes=info.state.bytes)
    return wanted, differences


def _refuse_losses(differences: list[Difference], *, stored_bytes: int) -> None:
    for each in differences:
        shrinks = each.field == "max_bytes" and each.wanted < stored_bytes
        shortens = each.field == "max_age" and each.wanted and (not each.found or each.wanted < each.found)
        narrows = each.field == "subjects" and not set(each.found) <= set(each.wanted)
        if each.field in _LOSING or shrinks or shortens or narrows:
            raise ProvisionError(f"{each}: applying this would lose messages; back up and change it by hand")


async def _consumer_differences(js: JetStreamContext, wanted: Consumer) -> list[Difference]:
    target = f"consumer {wanted.stream}/{wanted.config.name}"
    try:
        info = await js.consumer_info(wanted.stream, str(wanted.config.name))
    except NotFoundError:
        return [Difference(target, "", None, None)]
    return _compare(target, _CONSUMER_FIELDS, info.config, wanted.config)


def _compare(
    target: str, fields: Iterable[str], found: StreamConfig | ConsumerConfig, wanted: StreamConfig | ConsumerConfig
) -> list[Difference]:
    pairs = ((field, getattr(found, field), getattr(wanted, field)) for field in fields)
    return [Difference(target, field, was, should) for field, was, should in pairs if _differs(was, should)]


def _differs(found: Any, wanted: Any) -> bool:
    return (found or None) != (wanted or None)


async def _apply_stream(js: JetStreamContext, wanted: StreamConfig, differences: list[Difference]) -> None:
    if any(each.is_new for each in differences):
        await js.add_stream(wanted)
    elif differences:
        await js.update_stream(wanted)
