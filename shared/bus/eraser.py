"""A service's work after somebody was erased: destroy what its stream holds of them, and give a receipt.

Level-triggered: the work is every erasure without a receipt of this service, and whatever comes of an erased person
after all. A process killed at any moment goes on when it starts again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.bus.background import in_background
from shared.bus.erasing import sweep
from shared.bus.facts import Late, Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import ERASURE, FactKind
from shared.contract.facts.privacy import Erasure, Receipt
from shared.contract.message import Fact
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_LONGEST_REST = 30.0
_LOOK_AGAIN = 3.0
_AT_A_TIME = 8


@dataclass(frozen=True, order=True)
class Going:
    """A person whose data are to be destroyed."""

    community: str
    person: str


def by_community(people: Iterable[Going]) -> dict[str, list[Going]]:
    """The same people, by community."""
    found: dict[str, list[Going]] = {}
    for going in people:
        found.setdefault(going.community, []).append(going)
    return found


class Duty(Protocol):
    """What one service has to do besides sweeping its own facts about the person."""

    service: Service

    def is_done(self, going: Going) -> bool:
        """Whether the receipt is given."""

    async def prepare(self, people: Sequence[Going]) -> Collection[Going]:
        """Do what comes before the sweep; gives those who may be swept now. The others are asked for again."""

    async def finish(self, going: Going, up_to: int) -> None:
        """Give the receipt: everything up to that sequence is destroyed. Raises ConflictError."""


@dataclass
class Receipts:
    """The duty of a service that holds nothing but facts about the person: the receipt."""

    runtime: Runtime
    service: Service
    receipt: FactKind

    def is_done(self, going: Going) -> bool:
        return self.runtime.facts.get(self.receipt.ref(going.community, going.person)) is not None

    async def prepare(self, people: Sequence[Going]) -> Collection[Going]:
        return people

    async def finish(self, going: Going, up_to: int) -> None:
        receipt = Receipt(person=going.person, swept_at=self.runtime.bus.clock.now(), up_to=up_to)
        await give_receipt(self.runtime, self.service, self.receipt, going, receipt, 0)


async def give_receipt(
    runtime: Runtime, service: Service, kind: FactKind, going: Going, state: Fact, expected_seq: int
) -> None:
    """Store what tells that a service has destroyed what it held."""
    cause = Cause(going.community, service, f"swept-{going.person}")
    await runtime.store.append(cause, [Write(kind.ref(going.community, going.person), "swept", state, expected_seq)])


@dataclass
class Eraser:
    """At work for as long as the block of ``running`` lasts."""

    runtime: Runtime
    duty: Duty
    _late: set[Going] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.runtime.facts.listen(self._notice)
        self.runtime.facts.listen_late(self._come_late)

    def running(self) -> AbstractAsyncContextManager[object]:
        return in_background(self._work(), "erasing")

    def _notice(self, stored: Stored) -> None:
        # Receipts of others have the same name; somebody may wait for them.
        if stored.ref.entity == ERASURE.entity:
            self._changed.set()

    def _come_late(self, late: Late) -> None:
        if late.ref.service == self.duty.service:
            self._late.add(Going(late.ref.community, late.person))
            self._changed.set()

    async def _work(self) -> None:
        await self.runtime.replay.caught_up()
        failures = waits = 0
        while True:
            self._changed.clear()
            try:
                waiting = await self._round()
                failures = 0
            except Exception as error:  # noqa: BLE001 - the next round does what this one did not
                failures += 1
                waiting = True
                # Not the error's text, which may hold what is to be destroyed.
                log.warning("erasing was interrupted by %s; trying again", type(error).__name__)
            waits = waits + 1 if waiting else 0
            rest = growing_delay(waits, cap=_LOOK_AGAIN) if waiting else _LONGEST_REST
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._changed.wait()
            if failures:
                await asyncio.sleep(growing_delay(failures, cap=_LOOK_AGAIN))

    async def _round(self) -> bool:
        """Do what can be done now; whether something is left."""
        people = self._people()
        if not people:
            return False
        late = {each for each in self._late if each in set(people)}
        ready = await self.duty.prepare(people)
        lines = asyncio.Semaphore(_AT_A_TIME)

        async def destroy(going: Going) -> None:
            async with lines:
                self._late.discard(going)
                up_to = await sweep(self.runtime.bus, self.duty.service, going.community, going.person)
                await self._finish(going, up_to, was_late=going in late)

        for failed in await asyncio.gather(*map(destroy, ready), return_exceptions=True):
            if failed is not None:
                raise failed
        return len(ready) < len(people)

    async def _finish(self, going: Going, up_to: int, *, was_late: bool) -> None:
        if self.duty.is_done(going):
            log.info("what came late about an erased person is destroyed" if was_late else "nothing was left to erase")
            return
        try:
            await self.duty.finish(going, up_to)
        except ConflictError as conflict:
            # Another process of this service was quicker.
            await self.runtime.store.load(conflict.ref)
        else:
            log.info("an erased person's data are destroyed")

    def _people(self) -> list[Going]:
        facts = self.runtime.facts
        without = {
            going
            for community in facts.communities(ERASURE)
            for (person,) in facts.all(ERASURE, community)
            if not self.duty.is_done(going := Going(community, person))
        }
        return sorted(without | self._late)


def asked_at(runtime: Runtime, going: Going) -> datetime | None:
    """When it was asked for that the person be erased."""
    erasure = runtime.facts.state(ERASURE, Erasure, going.community, going.person)
    return erasure.at if erasure is not None else None
