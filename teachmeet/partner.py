"""A partner system, as others would write one: publishes on its inbox and reads results from its outbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass

from nats.errors import Error as NatsError
from nats.js.api import Header

from services.registrations.imports.drafts import DraftCommand
from shared.bus.connection import Bus
from shared.bus.retry import growing_delay
from shared.bus.streams import INBOX, outbox_consumer
from shared.contract.envelope import Envelope, command_type, digest, header, source
from shared.contract.subjects import InboxSubject, Service
from shared.contract.values import new_id

_FETCH = 50


@dataclass(frozen=True)
class Result:
    """What registrations made of one row."""

    draft: DraftCommand
    answer: dict[str, object]

    @property
    def is_rejected(self) -> bool:
        return self.answer["status"] == "rejected"

    def sentence(self) -> str:
        """Why a row was refused, in words."""
        errors = self.answer.get("errors")
        words = "; ".join(
            f"{each['field']} {each['problem']} (allowed: {each['allowed']})"
            for each in (errors if isinstance(errors, list) else [])
        )
        return f"{self.draft.file}, line {self.draft.line}: {words}"


class PartnerSystem:
    """Sends rows for one community. What it sends while the other side is down is answered later.

    Another run that sends the same rows has its own ids, and so results of its own.
    """

    def __init__(self, bus: Bus, community: str) -> None:
        self._bus = bus
        self._community = community
        self._run = new_id()

    async def feed(self, drafts: Iterable[DraftCommand]) -> list[Result]:
        """Publish every row and wait for every result, in the order of the rows."""
        sent = {self._identity(draft): draft for draft in drafts}
        for identity, draft in sent.items():
            await self._publish(identity, draft)
        answers = await self._results(set(sent))
        return [Result(draft, answers[identity]) for identity, draft in sent.items()]

    async def _publish(self, identity: str, draft: DraftCommand) -> None:
        """Publish until the broker has stored it; its id makes a repeat harmless."""
        subject = InboxSubject(self._community, self._bus.user, draft.entity, draft.verb)
        envelope = Envelope(
            id=identity,
            source=source(self._community, self._bus.user),
            type=command_type(Service.REGISTRATIONS, draft.entity, draft.verb),
            subject=f"{draft.file}:{draft.line}",
            time=self._bus.clock.now(),
        )
        headers = envelope.headers() | {Header.MSG_ID.value: identity}
        body = json.dumps(draft.payload, default=str).encode()
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._bus.js.publish(str(subject), body, stream=INBOX, headers=dict(headers))
            except (NatsError, TimeoutError, OSError):
                await asyncio.sleep(growing_delay(attempt, cap=1.0))
            else:
                return

    async def _results(self, awaited: set[str]) -> dict[str, dict[str, object]]:
        answers: dict[str, dict[str, object]] = {}
        while not awaited <= answers.keys():
            try:
                await self._read(answers)
            except (NatsError, TimeoutError, OSError):
                await asyncio.sleep(0.1)
        return answers

    async def _read(self, answers: dict[str, dict[str, object]]) -> None:
        subscription = await self._bus.js.pull_subscribe_bind(outbox_consumer(self._bus.user), "OUTBOX")
        try:
            for message in await subscription.fetch(_FETCH, timeout=1.0):
                answers[str(header(message.headers, "ce-causationid"))] = json.loads(message.data)
                await message.ack()
        finally:
            await subscription.unsubscribe()

    def _identity(self, draft: DraftCommand) -> str:
        return digest(self._run, draft.file, draft.line, draft.entity, draft.verb)
