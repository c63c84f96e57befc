"""The work that keeps seats as they should be: after a release, an answer, another room, or when time has passed.

Level-triggered: what should be follows from the facts and the clock. Which sessions may have changed is only
remembered to save looking at all of them; a new process looks at all. Any number of processes may do this at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from services.registrations.seats.book import batches
from services.registrations.seats.changes import ChangedSessions
from services.registrations.seats.drawing import due_commitments, due_draw, release_draw
from services.registrations.seats.draws import Seeds
from services.registrations.seats.mending import stale_holds
from services.registrations.seats.releasing import release_steps, unseated
from services.registrations.seats.settling import settle
from shared.bus.background import in_background
from shared.bus.batch import MAX_BATCH
from shared.bus.executing import refresh
from shared.bus.retry import growing_delay, is_transient
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.bus.streams import stream_of
from shared.contract.catalogue import PERSON_SEATS, PROGRAMME, RELEASE
from shared.contract.envelope import digest
from shared.contract.facts.scheduler import Release
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_LONGEST_WAIT = 30.0
_BETWEEN = 20


class SeatKeeper:
    """Seats every release, and keeps each session's seats in step with answers, rooms and time."""

    def __init__(self, runtime: Runtime, seeds: Seeds) -> None:
        self._runtime = runtime
        self._seeds = seeds
        self._changes = ChangedSessions(runtime.facts)
        self._may_be_stale = True

    def running(self) -> AbstractAsyncContextManager[object]:
        """At work for as long as the block lasts."""
        return in_background(self._work(), "seats")

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        self._changes.all()
        failures = 0
        while True:
            try:
                await self._round()
                failures = 0
            except Exception:  # the round starts from the facts alone, so the next one does what this one did not
                failures += 1
                log.exception("seats could not be kept; trying again")
                await asyncio.sleep(growing_delay(failures, cap=5.0))
                self._changes.all()
            await self._changes.wait(self._until_next_expiry())

    async def _round(self) -> None:
        facts, failed = self._runtime.facts, list[Exception]()
        if self._changes.take_releases():
            for community in list(facts.communities(PROGRAMME)):
                for write in list(due_commitments(facts, community, self._seeds, self._now())):
                    await self._append(community, "draw", [write])
            for community in list(facts.communities(RELEASE)):
                for release in unseated(facts, community):
                    failed += await _failure_of(self._seat(community, release))
            await self._mend()
        for number, (community, session) in enumerate(self._changes.take(self._now())):
            failed += await _failure_of(self._settle(community, session))
            if number % _BETWEEN == 0:
                await asyncio.sleep(0)
        if failed:
            raise failed[0]

    async def _seat(self, community: str, release: Release) -> None:
        """Seat a release, some sessions at a time; what was done is not done again after a restart."""
        facts = self._runtime.facts
        await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), release.input_seq)
        draw = release_draw(facts, community, release, self._seeds, self._now())
        if draw is not None:
            await self._append(community, "draw", [draw])
            self._changes.releases()
            return
        async for writes in release_steps(facts, community, release, self._now()):
            if not await self._append(community, f"seat-{release.programme}-{release.number}", writes):
                self._may_be_stale = True
                self._changes.releases()
                return

    async def _mend(self) -> None:
        """Once after a start or a step that had to be planned anew: people hold what sessions say."""
        facts = self._runtime.facts
        if not self._may_be_stale or any(unseated(facts, community) for community in facts.communities(RELEASE)):
            return
        for community in list(facts.communities(PERSON_SEATS)):
            for number, write in enumerate(stale_holds(facts, community)):
                if write is not None:
                    await self._append(community, "mend", [write])
                if number % _BETWEEN == 0:
                    await asyncio.sleep(0)
        self._may_be_stale = False

    async def _settle(self, community: str, session: str) -> None:
        now = self._now()
        settled = settle(self._runtime.facts, community, session, now)
        if settled is None:
            return
        for writes in batches(settled.writes, MAX_BATCH):
            if not await self._append(community, f"settle-{session}", writes):
                if len(settled.writes) > MAX_BATCH:
                    self._may_be_stale = True
                    self._changes.releases()
                self._changes.add(community, session)
                return
        if settled.draw_is_due:
            draw = due_draw(self._runtime.facts, community, settled.programme, self._seeds, now)
            if draw is not None:
                await self._append(community, "draw", [draw])
            self._changes.add(community, session)

    async def _append(self, community: str, why: str, writes: list[Write]) -> bool:
        """Whether these writes are stored now; if somebody was quicker, the view is brought up to what they did."""
        states = "".join(f"{each.expected_seq}{each.state.model_dump_json()}" for each in writes)
        cause = Cause(community, Service.REGISTRATIONS, f"{why}-{digest(states)}")
        try:
            await self._runtime.store.append(cause, writes)
        except ConflictError:
            await refresh(self._runtime, writes)
            return False
        return True

    def _until_next_expiry(self) -> float:
        """Seconds until an offer ends, by the service's clock; at most some seconds, so that nothing is missed."""
        expiry = self._changes.next_expiry()
        if expiry is None:
            return _LONGEST_WAIT
        return min(_LONGEST_WAIT, max(0.01, (expiry - self._now()).total_seconds()))

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()


async def _failure_of(work: Awaitable[None]) -> list[Exception]:
    """The error of one session's or release's work: it keeps no other from its turn, unless the broker is away."""
    try:
        await work
    except Exception as error:  # one session that cannot be settled must not keep the others from their turn
        if is_transient(error):
            raise
        return [error]
    return []
