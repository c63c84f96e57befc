"""Asking a service: a command or question by request/reply, with one identity for all its tries."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TypeVar

from nats.errors import Error as NatsError

from shared.bus.connection import Bus
from shared.bus.retry import growing_delay
from shared.contract.catalogue import endpoint_of
from shared.contract.envelope import Envelope, command_type, source
from shared.contract.message import Command, Reply
from shared.contract.results import Accepted, FieldError, Rejection, RejectionCode
from shared.contract.subjects import ApiSubject, Service
from shared.contract.values import new_id

R = TypeVar("R", bound=Reply)


class UnreachableError(Exception):
    """The service did not answer in time. Whether a command took effect is unknown; try the same one again."""


@dataclass(frozen=True)
class Requester:
    """Asks services on behalf of one actor of one community."""

    bus: Bus
    community: str
    actor: str | None = None
    patience: float = 30.0
    dry_run: bool = False
    """commands are only checked: what they would do is told, and nothing is written"""
    try_timeout: float = 3.0
    """how long one try may take; bulk imports take longer than other commands"""

    async def command(self, service: Service, command: Command, *, id: str | None = None) -> Accepted:
        """Give a command. Raises Rejection, or UnreachableError after ``patience`` seconds."""
        return await self.ask(service, command, Accepted, id=id)

    async def ask(self, service: Service, command: Command, reply: type[R], *, id: str | None = None) -> R:
        """Ask a question. Raises Rejection, or UnreachableError after ``patience`` seconds."""
        endpoint = endpoint_of(service, type(command))
        body = command.model_dump_json(exclude_none=True).encode()
        answer = await self.ask_raw(service, endpoint.entity, endpoint.verb, body, id=id or new_id())
        return reply.read(answer)

    async def ask_raw(self, service: Service, entity: str, verb: str, body: bytes, *, id: str) -> bytes:
        """Ask with a body as it is, for rows that the service itself shall check."""
        subject = ApiSubject(self.community, service, self.bus.user, entity, verb)
        headers = self._headers(subject, id) | ({"ce-dryrun": "true"} if self.dry_run else {})
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience
        attempt = 0
        while True:
            attempt += 1
            try:
                reply = await self.bus.client.request(str(subject), body, timeout=self.try_timeout, headers=headers)
            except (NatsError, TimeoutError, OSError) as error:
                if loop.time() > deadline:
                    raise UnreachableError(f"{service} does not answer; is it running?") from error
            else:
                rejection = _rejection(reply.data)
                if rejection is None:
                    return reply.data
                if rejection.code is not RejectionCode.BUSY or loop.time() > deadline:
                    raise rejection
            await asyncio.sleep(growing_delay(attempt, first=0.05, cap=0.5))

    def _headers(self, subject: ApiSubject, id: str) -> dict[str, str]:
        return Envelope(
            id=id,
            source=source(self.community, self.bus.user),
            type=command_type(subject.service, subject.entity, subject.verb),
            subject=subject.entity,
            time=self.bus.clock.now(),
            actor=self.actor,
        ).headers()


def _rejection(body: bytes) -> Rejection | None:
    answer = json.loads(body)
    if answer.get("status") != "rejected":
        return None
    errors = (FieldError.model_validate(each) for each in answer["errors"])
    return Rejection(RejectionCode(answer["code"]), *errors)
