"""A process's own connection to the broker: reconnects for ever, and ends the process when it is closed for good."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import nats
from nats.aio.client import Client
from nats.js.client import JetStreamContext

from shared.bus.headers import read_headers_fast
from shared.settings import BusSettings
from shared.time.clock import Clock

log = logging.getLogger(__name__)

# A time-out means that nobody knows; the same write is tried again under its own identity.
REQUEST_TIMEOUT = 2.0
_EXIT_BROKER_GONE = 70


class BrokerUnreachableError(Exception):
    """There is no connection to the broker within the time given."""


@dataclass(frozen=True)
class Bus:
    """One connection, its JetStream context and the clock."""

    client: Client
    js: JetStreamContext
    clock: Clock
    user: str


async def _log_error(error: Exception) -> None:
    # A publish outside the allow-list shows up here and as a time-out at the caller.
    log.error("broker: %s", error)


async def exit_when_closed() -> None:
    """End the process: its client is closed although nobody asked for it."""
    # A closed client never reconnects, and pull loops on it would spin; a supervisor starts the process anew.
    log.critical("the connection to the broker is closed for good; ending this process")
    os._exit(_EXIT_BROKER_GONE)


def connection_options(settings: BusSettings, *, on_closed: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Options that nats-py and FastStream share."""
    return {
        "name": settings.user,
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.2,
        "connect_timeout": 5,
        "error_cb": _log_error,
        "closed_cb": on_closed,
    }


@asynccontextmanager
async def connect(settings: BusSettings, *, patience: float | None = None) -> AsyncIterator[Bus]:
    """A connection for as long as the block lasts.

    Raises BrokerUnreachableError when there is none after ``patience`` seconds; without that it is tried for ever.
    """
    begun, connected, leaving = _now(), False, False

    async def on_error(error: Exception) -> None:
        if patience is None or connected:
            await _log_error(error)
        elif _now() - begun > patience:
            # nats-py gives up a first connection for nothing but this.
            raise BrokerUnreachableError(f"the broker at {settings.nats} does not answer; is it running?") from error

    async def on_closed() -> None:
        if not leaving:
            await exit_when_closed()

    client = await nats.connect(
        settings.nats,
        nkeys_seed_str=settings.seed(),
        inbox_prefix=settings.inbox_prefix.encode(),
        **connection_options(settings, on_closed=on_closed) | {"error_cb": on_error},
    )
    connected = True
    read_headers_fast(client)
    try:
        yield Bus(client, client.jetstream(timeout=REQUEST_TIMEOUT), settings.clock, settings.user)
    finally:
        leaving = True
        await client.close()


def _now() -> float:
    return asyncio.get_running_loop().time()
