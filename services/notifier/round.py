"""The notifier's round: look at what is due, do it over a few connections, wait for the next change.

Level-triggered: each round starts from the facts alone, so being killed at any moment costs nothing but time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.notifier.agenda import Task, input_seq, next_wake, tasks
from services.notifier.book import Book
from services.notifier.courier import Courier
from services.notifier.delivery import DeliveryPolicy
from services.notifier.planning import Key
from shared.bus.background import in_background
from shared.bus.facts import Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import INVITE
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_LONGEST_WAIT = 30.0
_LAST_MESSAGES = 3.0


class Round:
    """Keeps every calendar what it should be, for as long as the block lasts."""

    def __init__(self, runtime: Runtime, book: Book, courier: Courier, policy: DeliveryPolicy, couriers: int) -> None:
        self._runtime = runtime
        self._book = book
        self._courier = courier
        self._policy = policy
        self._couriers = couriers
        self._changed = asyncio.Event()
        self._leaving = False
        self._failures: dict[tuple[str, Key], int] = {}
        self._held_back: dict[tuple[str, Key], float] = {}
        runtime.facts.listen(self._notice)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with in_background(self._work(), "round") as work:
            yield
            # Messages on their way get their outcome; a cancelled one would be in doubt.
            self._leaving = True
            self._changed.set()
            await asyncio.wait({work}, timeout=_LAST_MESSAGES)

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity != INVITE.entity:
            self._changed.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while not self._leaving:
            self._changed.clear()
            await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), input_seq(self._runtime.facts))
            todo = self._todo()
            if todo:
                await self._carry_out(todo)
            else:
                await self._rest()

    def _todo(self) -> list[Task]:
        now = _monotonic()
        self._held_back = {key: until for key, until in self._held_back.items() if until > now}
        found = tasks(self._runtime.facts, self._book, self._runtime.bus.clock.now(), self._policy)
        return [task for task in found if task.key not in self._held_back]

    async def _carry_out(self, todo: list[Task]) -> None:
        """Do the tasks in order, several at a time; stop taking new ones when what should be has changed."""
        waiting = iter(todo)

        async def take() -> None:
            for task in waiting:
                await self._try(task)
                if self._changed.is_set() or self._leaving:
                    return

        await asyncio.gather(*(take() for _ in range(self._couriers)))

    async def _try(self, task: Task) -> None:
        try:
            await self._courier.carry_out(task)
        except Exception:
            # One message that cannot be written or stored must not keep the others from going out.
            failures = self._failures[task.key] = self._failures.get(task.key, 0) + 1
            self._held_back[task.key] = _monotonic() + growing_delay(failures, cap=60.0)
            log.exception("a message could not be handled; trying again later")
        else:
            self._failures.pop(task.key, None)
            self._held_back.pop(task.key, None)

    async def _rest(self) -> None:
        if self._leaving:
            return
        now = self._runtime.bus.clock.now()
        wake = next_wake(self._runtime.facts, self._book, now, self._policy)
        seconds = (wake - now).total_seconds() if wake is not None else _LONGEST_WAIT
        if self._held_back:
            seconds = min(seconds, max(0.0, min(self._held_back.values()) - _monotonic()))
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, 0.02), _LONGEST_WAIT)):
                await self._changed.wait()


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
