"""The front desk, wired: a client of the bus with a replayed view and no state of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from services.web.asking import People
from services.web.desk import Desk
from services.web.headers import SafeHeaders
from services.web.routes import make_site
from services.web.settings import WebSettings
from shared.bus.connection import connect
from shared.bus.facts import Facts
from shared.bus.permissions import READS
from shared.bus.replay import Replay, Source
from shared.links import LinkKey

# For requests in progress when the process is told to stop; longer than a page waits for registrations.
_GRACE_SECONDS = 2


async def run(settings: WebSettings) -> None:
    """Serve pages until SIGTERM or SIGINT."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    key = LinkKey.read(settings.link_key_file)
    facts = Facts()
    sources = [Source.of(kind) for kind in READS["web"]]
    async with connect(settings) as bus, Replay(bus, facts, sources) as replay:
        await _serve(settings, Desk(bus, facts, replay, bus.clock, key, People(bus)))


async def _serve(settings: WebSettings, desk: Desk) -> None:
    server = _Server(
        uvicorn.Config(
            SafeHeaders(make_site(desk)),
            host=settings.web_host,
            port=settings.web_port,
            lifespan="off",
            log_config=None,
            # An address may hold a token, and tokens never reach logs.
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, server.leave)
    await server.serve()


class _Server(uvicorn.Server):
    """Leaves the signals alone: uvicorn would raise them again when it is done, before the connection is closed."""

    def leave(self) -> None:
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
