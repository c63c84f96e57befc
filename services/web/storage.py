"""How full the services' streams are, for ``/readyz``: the front desk has no stream of its own."""

from __future__ import annotations

import asyncio

from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.bus.health import WARN_PERCENT
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.results import Rejection
from shared.contract.subjects import Service

# Health is the same for every community.
_ANY_COMMUNITY = "any"
_PATIENCE = 1.0


async def storage_warnings(bus: Bus) -> list[str]:
    """A sentence for each service whose stream is nearly full. A service that does not answer has none."""
    requester = Requester(bus, _ANY_COMMUNITY, patience=_PATIENCE)
    warnings = await asyncio.gather(*(_warning(requester, service) for service in Service))
    return [warning for warning in warnings if warning is not None]


async def _warning(requester: Requester, service: Service) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            health = await requester.ask(service, CheckHealth(), Health)
    except (UnreachableError, Rejection, TimeoutError):
        return None
    if (health.storage_percent or 0.0) < WARN_PERCENT:
        return None
    return f"the stream of {service} is {health.storage_percent:.0f} % full; commands are refused at 90 %"
