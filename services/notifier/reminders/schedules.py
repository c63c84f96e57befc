"""The broker's planned reminders: message schedules (NATS ADR-51), read, published and deleted.

A schedule is one message with the time in a header. When its time has come the broker removes it and stores its body
on the target subject, where it stays until it is taken or worth nothing any more. A schedule on the same subject
replaces the one before; deleting the message cancels it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta

from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from services.notifier.planning.answers import Key
from services.notifier.reminders.plans import Planned, Reminder
from shared.bus.connection import Bus
from shared.bus.streams import REMINDERS
from shared.contract import subjects
from shared.contract.envelope import header
from shared.contract.subjects import ReminderSubject, planned_reminders_of
from shared.contract.values import new_id

log = logging.getLogger(__name__)

_READ_PATIENCE = 10.0
_NO_MESSAGE = 10057
_GONE = frozenset({10037, 10043, _NO_MESSAGE})
_AT = "@at "


class Schedules:
    """Reminders as the broker keeps them. Its clock is the machine's; ours may be set to another time."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    @property
    def skew(self) -> timedelta:
        """What our clock shows more than the broker's."""
        return timedelta(seconds=self._bus.clock.offset_seconds)

    async def planned(self) -> dict[str, dict[Key, Planned]]:
        """Every planned reminder, by community. Raises TimeoutError when the broker stops answering on the way."""
        found: dict[str, dict[Key, Planned]] = {}
        complete = asyncio.Event()

        async def take(message: Msg) -> None:
            _enter(found, message)
            if int(message.reply.split(".")[8]) == 0:
                complete.set()

        inbox = self._bus.client.new_inbox()
        subscription = await self._bus.client.subscribe(inbox, cb=take)
        try:
            info = await self._bus.js.add_consumer(REMINDERS, _reading(f"{self._bus.user}-{new_id()}", inbox))
            delivered = info.delivered.consumer_seq if info.delivered else 0
            if info.num_pending or delivered:
                async with asyncio.timeout(_READ_PATIENCE):
                    await complete.wait()
        finally:
            await subscription.unsubscribe()
        return found

    async def publish(self, community: str, key: Key, reminder: Reminder) -> Planned:
        """Plan a reminder, in place of one that was planned for that seat."""
        subject = ReminderSubject(community, *key)
        # The broker knows whole seconds; never earlier than asked for.
        at = (reminder.at - self.skew + timedelta(microseconds=999_999)).replace(microsecond=0)
        headers = {
            "Nats-Schedule": f"{_AT}{_written(at)}",
            "Nats-Schedule-Target": subject.due,
            "Nats-Schedule-TTL": f"{max(1, int(reminder.lasts.total_seconds()))}s",
        }
        body = json.dumps({"start": _written(reminder.start)}).encode()
        ack = await self._bus.js.publish(subject.at, body, stream=REMINDERS, headers=headers)
        return Planned(at, reminder.start, ack.seq)

    async def delete(self, planned: Planned) -> None:
        """Cancel a reminder; one that has fired is left to whoever takes it, who will see that it is not wanted."""
        request = json.dumps({"seq": planned.seq}).encode()
        reply = await self._bus.client.request(f"$JS.API.STREAM.MSG.DELETE.{REMINDERS}", request, timeout=5.0)
        error = json.loads(reply.data).get("error")
        if error is not None and error.get("err_code") not in _GONE:
            raise RuntimeError(f"reminder {planned.seq} was not deleted: {error.get('description')}")


def read_start(body: bytes) -> datetime | None:
    """The start of the session that a reminder is about; None when it cannot be read."""
    try:
        return _instant(json.loads(body)["start"])
    except (ValueError, KeyError, TypeError):
        return None


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo is not None else None


def _enter(found: dict[str, dict[Key, Planned]], message: Msg) -> None:
    sequence = message.metadata.sequence.stream
    subject = subjects.parse(message.subject)
    when = header(message.headers, "nats-schedule") or ""
    at, start = _instant(when.removeprefix(_AT)), read_start(message.data)
    if not isinstance(subject, ReminderSubject) or at is None or start is None:
        log.error("sequence %s of %s is no reminder that we know; it is passed over", sequence, REMINDERS)
        return
    planned = Planned(at, start, sequence)
    found.setdefault(subject.community, {})[(subject.person, subject.session)] = planned


def _reading(name: str, inbox: str) -> ConsumerConfig:
    return ConsumerConfig(
        name=name,
        filter_subject=planned_reminders_of(),
        deliver_subject=inbox,
        deliver_policy=DeliverPolicy.LAST_PER_SUBJECT,
        ack_policy=AckPolicy.NONE,
        max_deliver=1,
        inactive_threshold=10.0,
        mem_storage=True,
        num_replicas=1,
    )


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
