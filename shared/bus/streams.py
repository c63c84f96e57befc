"""The streams and durable consumers of the system, as data. Only ``provision`` creates them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StoreCompression,
    StreamConfig,
)

from shared.contract.subjects import (
    Service,
    deadletters_of,
    due_reminders_of,
    facts_of,
    inbox_of,
    outbox_of,
    reminders_of,
)

DEFAULT_MAX_BYTES = 4 * 1024**3
MAX_FACT_BYTES = 256 * 1024
MAX_COMMAND_BYTES = 512 * 1024
INBOX = "INBOX"
OUTBOX = "OUTBOX"
REMINDERS = "REMINDERS"
DUE_CONSUMER = "notifier-due"
DEADLETTERS = "DEADLETTERS"

_HEADER_BYTES = 8 * 1024
_DAY = 24 * 3600.0
_UNLIMITED = -1
_ADVISORIES = (
    "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
    "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>",
)


def stream_of(service: Service) -> str:
    """The stream that is a service's event log and database."""
    return service.upper()


def _stream(name: str, subjects: Iterable[str], max_bytes: int, description: str) -> StreamConfig:
    return StreamConfig(
        name=name,
        description=description,
        subjects=list(subjects),
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        compression=StoreCompression.S2,
        discard=DiscardPolicy.NEW,
        max_bytes=max_bytes,
        max_age=0,
        max_msg_size=MAX_FACT_BYTES + _HEADER_BYTES,
        duplicate_window=_DAY,
        allow_direct=True,
        allow_atomic=True,
        num_replicas=1,
    )


def streams(max_bytes: int = DEFAULT_MAX_BYTES, *, replicas: int = 1) -> tuple[StreamConfig, ...]:
    """Every stream. ``max_bytes`` bounds each; full streams refuse rather than forget. A cluster keeps 3 replicas."""
    facts = [_stream(stream_of(service), [facts_of(service)], max_bytes, f"facts of {service}") for service in Service]
    inbox = _stream(INBOX, [inbox_of()], max_bytes, "commands of partner systems, until they are answered").evolve(
        retention=RetentionPolicy.WORK_QUEUE, max_msg_size=MAX_COMMAND_BYTES, allow_atomic=False
    )
    outbox = _stream(OUTBOX, [outbox_of()], max_bytes, "results for partner systems").evolve(
        discard=DiscardPolicy.OLD, max_age=90 * _DAY, max_msg_size=2 * MAX_COMMAND_BYTES, allow_atomic=False
    )
    letters = _stream(
        DEADLETTERS, [deadletters_of(), *_ADVISORIES], max_bytes, "messages that we failed on, with the reason"
    ).evolve(discard=DiscardPolicy.OLD, max_age=365 * _DAY, max_msg_size=2 * MAX_COMMAND_BYTES, allow_atomic=False)
    every = (*facts, inbox, outbox, letters, _reminders())
    return tuple(stream.evolve(num_replicas=replicas) for stream in every)


def _reminders() -> StreamConfig:
    """Reminders that the broker fires by itself. It refuses schedules in a stream that discards new messages, and a
    limit would drop reminders that are still to come; there is at most one for each seat.
    """
    return _stream(REMINDERS, [reminders_of()], _UNLIMITED, "reminders, planned and fired").evolve(
        discard=DiscardPolicy.OLD, allow_msg_schedules=True, allow_msg_ttl=True, allow_atomic=False
    )


@dataclass(frozen=True)
class Consumer:
    """A durable consumer of a stream."""

    stream: str
    config: ConsumerConfig


def inbox_consumer(partner: str) -> str:
    """The durable by which registrations takes a partner's commands, one at a time."""
    return f"registrations-inbox-{partner}"


def outbox_consumer(partner: str) -> str:
    """The durable by which a partner reads its own results."""
    return f"outbox-{partner}"


def consumers(partners: Iterable[str]) -> tuple[Consumer, ...]:
    """Two durables for each partner, and the notifier's for reminders that are due."""
    # Reminders that wait because their community has paused must not keep those of others from coming.
    due = Consumer(REMINDERS, _durable(DUE_CONSUMER, due_reminders_of()).evolve(ack_wait=30.0, max_ack_pending=2048))
    return (*(each for partner in partners for each in (_inbox(partner), _outbox(partner))), due)


def _inbox(partner: str) -> Consumer:
    return Consumer(INBOX, _durable(inbox_consumer(partner), inbox_of(partner)).evolve(max_ack_pending=1))


def _outbox(partner: str) -> Consumer:
    return Consumer(OUTBOX, _durable(outbox_consumer(partner), outbox_of(partner)).evolve(max_ack_pending=256))


def _durable(name: str, filter_subject: str) -> ConsumerConfig:
    return ConsumerConfig(
        name=name,
        durable_name=name,
        filter_subject=filter_subject,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=5.0,
        max_deliver=-1,
    )
