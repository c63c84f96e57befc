"""The front desk as its own process on a real broker, with registrations beside it where a test asks for names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest
from running_desk import NORTHGATE, Desk

from shared.bus.connection import Bus
from shared.links import LinkClaims, LinkKey, LinkScope
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import LOOPBACK, free_port
from tests.clock import CLOCK
from tests.processes import serving
from tests.written_facts import publish


@pytest.fixture
async def northgate(provision_bus: Bus) -> None:
    """A community with one released session, two presenters (one lets her name be shown) and their seats."""
    await publish(provision_bus, *NORTHGATE)


@pytest.fixture
async def desk(broker: Broker, folder: DataFolder) -> AsyncIterator[Desk]:
    """The front desk, ready."""
    port = str(free_port())
    environment = {
        "TEACHMEET_LINK_KEY_FILE": str(folder.link_key),
        "TEACHMEET_WEB_HOST": LOOPBACK,
        "TEACHMEET_WEB_PORT": port,
    }
    async with (
        serving("web", broker, folder, **environment) as child,
        httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", trust_env=False, timeout=60.0) as reader,
    ):
        running = Desk(child, reader, (folder.logs / "web.log").read_text)
        await running.ready()
        yield running


@pytest.fixture
def link(folder: DataFolder) -> Callable[..., str]:
    """Signs links to a person's own page as the notifier does."""
    key = LinkKey.read(folder.link_key)

    def sign(person: str, *, days: int = 30, generation: int = 1, community: str = "northgate") -> str:
        expires = CLOCK.now() + timedelta(days=days)
        claims = LinkClaims(
            community=community, person=person, scope=LinkScope.ME, expires=expires, generation=generation
        )
        return f"/me/{key.sign(claims)}"

    return sign
