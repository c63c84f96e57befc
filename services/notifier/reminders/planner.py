"""Keeps the broker's planned reminders what they should be, by the view alone.

Level-triggered: what is planned is read from the broker at the start, and each change of the view is compared with it.
Reminders are for later, so invitations go first: planning waits until the view has been quiet for a moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime

from services.notifier.delivery.agenda import input_seq, seats_held
from services.notifier.planning.answers import Key
from services.notifier.reminders.plans import Planned, Reminder, changes, reminders
from services.notifier.reminders.schedules import Schedules
from shared.bus.background import in_background
from shared.bus.facts import Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import COMMUNITY, INVITE, PROPOSAL, RELEASE, SEATING
from shared.contract.facts.registrations import Community, Seating
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_CAUSES = frozenset({COMMUNITY.entity, PROPOSAL.entity, RELEASE.entity, SEATING.entity})
_QUIET = 0.5
_LONGEST_UNREST = 60.0
_AT_A_TIME = 16


class ReminderPlanner:
    """Plans reminders for as long as the block lasts."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._schedules = Schedules(runtime.bus)
        self._planned: dict[str, dict[Key, Planned]] = {}
        self._unplanned: dict[str, datetime] = {}
        """communities whose view has changed, and since when"""
        self._stirred = asyncio.Event()
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        return in_background(self._work(), "reminders")

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity in _CAUSES:
            self._unplanned.setdefault(stored.ref.community, self._runtime.bus.clock.now())
            self._stirred.set()
        elif stored.ref.entity == INVITE.entity and self._unplanned:
            self._stirred.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        await self._insistently(self._read)
        while True:
            await self._quiet()
            if self._unplanned:
                await self._insistently(self._plan)
            await self._stirred.wait()

    async def _read(self) -> None:
        self._planned = await self._schedules.planned()
        now = self._runtime.bus.clock.now()
        self._unplanned |= {community: now for community in self._planned if community not in self._unplanned}

    async def _quiet(self) -> None:
        """Wait until nothing has stirred for a moment; not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_UNREST):
                while True:
                    self._stirred.clear()
                    try:
                        async with asyncio.timeout(_QUIET):
                            await self._stirred.wait()
                    except TimeoutError:
                        return

    async def _plan(self) -> None:
        facts = self._runtime.facts
        await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), input_seq(facts))
        for name, since in list(self._unplanned.items()):
            community = facts.state(COMMUNITY, Community, name, name)
            if community is not None:
                held = seats_held(facts, name)
                wanted = reminders(held, facts.states(SEATING, Seating, name).values(), community)
                planned = self._planned.setdefault(name, {})
                todo = changes(wanted, planned, held, since, self._schedules.skew)
                await self._each([self._publish(name, *each) for each in todo.publish.items()])
                await self._each([self._delete(name, *each) for each in todo.delete.items()])
            if self._unplanned[name] == since:
                del self._unplanned[name]

    async def _publish(self, community: str, key: Key, reminder: Reminder) -> None:
        self._planned[community][key] = await self._schedules.publish(community, key, reminder)

    async def _delete(self, community: str, key: Key, planned: Planned) -> None:
        await self._schedules.delete(planned)
        self._planned[community].pop(key, None)

    async def _each(self, work: list[Coroutine[None, None, None]]) -> None:
        """Do all of it, a few at a time; what fails is raised when the others have ended."""
        waiting = iter(work)

        async def take() -> None:
            for each in waiting:
                await each

        try:
            await asyncio.gather(*(take() for _ in range(_AT_A_TIME)))
        finally:
            for left in waiting:
                left.close()

    async def _insistently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Try until it succeeds: without the broker nothing can be planned, and nothing is lost by waiting."""
        attempt = 0
        while True:
            attempt += 1
            try:
                await work()
            except Exception:
                # Whatever it was, mails must go on; the next try starts from the view again.
                log.exception("reminders could not be planned; trying again")
                await asyncio.sleep(growing_delay(attempt, cap=15.0))
            else:
                return
