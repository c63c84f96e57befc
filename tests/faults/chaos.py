"""Kills processes at random moments, seeded; everything but the test itself may die."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.replay import Replay, Source
from shared.contract.catalogue import INVITE
from shared.contract.facts.notifier import Invite, InviteStatus
from teachmeet.local.system import LocalSystem


class Chaos:
    """SIGKILLs the children of a system in a random order that reaches each of them again and again."""

    def __init__(self, system: LocalSystem, seed: int, may_kill: Callable[[], bool]) -> None:
        self.kills: Counter[str] = Counter()
        self._system = system
        self._random = random.Random(seed)
        self._may_kill = may_kill
        self._order: list[str] = []

    @asynccontextmanager
    async def during(self, *, kills: int, gap: tuple[float, float]) -> AsyncIterator[None]:
        """Kill that often while the block runs, with a random pause before each; what is left is done after it."""
        task = asyncio.create_task(self._kill(kills, gap))
        try:
            yield
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @asynccontextmanager
    async def amid_mail(self, *, every: tuple[int, int], names: tuple[str, ...]) -> AsyncIterator[None]:
        """Kill one of ``names`` each time so many more mails have arrived, as long as the block runs."""
        task = asyncio.create_task(self._kill_amid_mail(every, names))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _kill_amid_mail(self, every: tuple[int, int], names: tuple[str, ...]) -> None:
        while True:
            enough = self._mails() + self._random.randint(*every)
            while self._mails() < enough:
                await asyncio.sleep(0.002)
            name = self._random.choice(names)
            if self._may_kill() and self._system.children[name].kill():
                self.kills[name] += 1

    def _mails(self) -> int:
        return len(list(self._system.folder.mail.glob("*.eml")))

    async def _kill(self, kills: int, gap: tuple[float, float]) -> None:
        for _ in range(kills):
            await asyncio.sleep(self._random.uniform(*gap))
            name = self._next()
            while not (self._may_kill() and self._system.children[name].kill()):
                await asyncio.sleep(0.005)
            self.kills[name] += 1

    def _next(self) -> str:
        if not self._order:
            self._order = sorted(self._system.children)
            self._random.shuffle(self._order)
        return self._order.pop()


@asynccontextmanager
async def second_attempts_watched(bus: Bus) -> AsyncIterator[Callable[[], bool]]:
    """A function that tells whether no second attempt is on its way just now.

    A message whose second attempt is killed too is reported to a person and not sent a third time, by design; that
    case has its own test. Here every message must arrive.
    """
    facts = Facts()

    def none_open() -> bool:
        invites = (
            invite
            for community in facts.communities(INVITE)
            for invite in facts.states(INVITE, Invite, community).values()
        )
        return not any(each.status is InviteStatus.CLAIMED and each.doubts for each in invites)

    async with Replay(bus, facts, [Source.of(INVITE)]):
        yield none_open
