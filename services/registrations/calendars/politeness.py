"""One request at a time for each server, and a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_PAUSE = 0.25


class HostTurns:
    """Turns at a host; whoever waits for one holds up nobody who wants another host."""

    def __init__(self, *, pause: float = _PAUSE) -> None:
        self._pause = pause
        self._waiting: dict[str, int] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """The block runs while nobody else of this process asks that host."""
        turn = self._turns.setdefault(host, asyncio.Lock())
        self._waiting[host] = self._waiting.get(host, 0) + 1
        try:
            async with turn:
                yield
                if self._waiting[host] > 1:
                    await asyncio.sleep(self._pause)
        finally:
            self._waiting[host] -= 1
            if not self._waiting[host]:
                del self._waiting[host], self._turns[host]
