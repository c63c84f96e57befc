"""A service that is still filling its view says so to whoever asks for its health."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from shared.bus.endpoints import Execute, answered
from shared.bus.replay import Replay
from shared.contract.catalogue import endpoint_of
from shared.contract.commands.health import CheckHealth
from shared.contract.subjects import Service, api_of

log = logging.getLogger(__name__)

# Shorter silences look like a service that starts.
_SILENT_FOR = 1.0


class Waking:
    """Answers for health alone from when the view takes long to fill until all endpoints are served."""

    def __init__(self, client: Client, service: Service, execute: Execute) -> None:
        self._client = client
        self._service = service
        self._execute = execute
        self._subscription: Subscription | None = None

    async def caught_up(self, replay: Replay) -> None:
        """Wait until the view is filled."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SILENT_FOR):
                await replay.caught_up()
                return
        health = endpoint_of(self._service, CheckHealth)
        subject = api_of(self._service, entity=health.entity, verb=health.verb)
        self._subscription = await self._client.subscribe(subject, queue=self._service, cb=self._answer)
        await replay.caught_up()

    async def over(self) -> None:
        """The endpoints are served from now on, this one among them."""
        if self._subscription is not None:
            await self._subscription.unsubscribe()

    async def _answer(self, message: Msg) -> None:
        reply = await answered(message.subject, message.headers or {}, message.data, self._execute)
        try:
            await message.respond(reply.model_dump_json(exclude_none=True).encode())
        except NatsError as error:
            log.debug("health could not be told: %s", error)
