"""Reads connected calendars when they are due.

Level-triggered: what is due follows from the facts alone. Whoever reads a calendar claims it first, by a write that
only one process can win, so several processes hardly ever ask a server twice, and a claim whose process died runs out.
What a reading found is written together with its effect on the person's availability, or not at all.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial

from services.registrations.calendars.forgetting import forget
from services.registrations.calendars.horizons import horizon_at
from services.registrations.calendars.outcomes import Outcome, Timing, claimed, due_at, is_due
from services.registrations.calendars.politeness import HostTurns
from services.registrations.calendars.reading import CalendarReading
from services.registrations.calendars.recording import Recorder
from shared.bus.background import cancelled, in_background
from shared.bus.executing import refresh, refuse_when_full
from shared.bus.facts import Stored
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import CALENDAR_SOURCE, CONTACT
from shared.contract.facts.calendars import CalendarSource
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection
from shared.contract.subjects import EntityRef, Service
from shared.contract.values import new_id

log = logging.getLogger(__name__)

_AT_A_TIME = 8
_AFTER_ERROR = timedelta(minutes=1)
_LONGEST_SLEEP = 60.0

_Due = tuple[datetime, str, tuple[str, ...]]


class CalendarPoller:
    """Keeps what people's availability says in step with their calendars."""

    def __init__(self, runtime: Runtime, reading: CalendarReading, timing: Timing) -> None:
        self._runtime = runtime
        self._reading = reading
        self._timing = timing
        self._recorder = Recorder(runtime, timing)
        self._turns = HostTurns()
        self._slots = asyncio.Semaphore(_AT_A_TIME)
        self._expected: list[_Due] = []
        self._sooner = asyncio.Event()
        self._under_way: dict[EntityRef, asyncio.Task[bool]] = {}
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        """At work for as long as the block lasts."""
        return in_background(self._work(), "calendars")

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity == CALENDAR_SOURCE.entity and isinstance(stored.state, CalendarSource):
            self._expect(stored.ref, due_at(stored.state))

    def _expect(self, ref: EntityRef, due: datetime) -> None:
        heapq.heappush(self._expected, (due, ref.community, ref.ids))
        if self._expected[0][0] == due:
            self._sooner.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        # What was replayed before anybody listened.
        for community in self._runtime.facts.communities(CALENDAR_SOURCE):
            for stored in self._runtime.facts.all(CALENDAR_SOURCE, community).values():
                self._notice(stored)
        try:
            while True:
                self._sooner.clear()
                self._start_what_is_due()
                await self._until_something_is_due()
        finally:
            await cancelled(*self._under_way.values())

    def _start_what_is_due(self) -> None:
        now = self._now()
        while self._expected and self._expected[0][0] <= now:
            _, community, ids = heapq.heappop(self._expected)
            ref = CALENDAR_SOURCE.ref(community, *ids)
            # One that is under way is expected anew when it is done.
            if ref not in self._under_way and self._due_source(ref) is not None:
                task = asyncio.create_task(self._poll(ref), name="reading a calendar")
                self._under_way[ref] = task
                task.add_done_callback(partial(self._done, ref))

    def _done(self, ref: EntityRef, task: asyncio.Task[bool]) -> None:
        del self._under_way[ref]
        source = self._source(ref)
        if source is not None and not task.cancelled():
            # It may have become due while it was read.
            self._expect(ref, due_at(source) if task.result() else self._now() + _AFTER_ERROR)

    async def _until_something_is_due(self) -> None:
        seconds = _LONGEST_SLEEP
        if self._expected:
            seconds = min(seconds, max(0.0, (self._expected[0][0] - self._now()).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self._sooner.wait()
        except TimeoutError:
            return

    async def _poll(self, ref: EntityRef) -> bool:
        """Read it if it is due and nobody else does; false when that did not work out."""
        source = self._due_source(ref)
        if source is None:
            return True
        try:
            async with self._turns.at(self._reading.host(ref.community, source)), self._slots:
                claim = await self._claim(ref)
                if claim is not None:
                    outcome = await self._read(ref, claim)
                    await self._recorder.record(ref, claim, outcome)
        except Rejection:
            log.warning("calendars are not read while the storage is nearly full")
            return False
        except Exception:  # the round starts from the facts alone, so a later one does what this one did not
            log.exception("a calendar could not be read; trying again")
            return False
        return True

    async def _claim(self, ref: EntityRef) -> CalendarSource | None:
        """The calendar, now ours to read; None when somebody else was quicker."""
        source, stored = self._due_source(ref), self._runtime.facts.get(ref)
        if source is None or stored is None:
            return None
        refuse_when_full(self._runtime)
        write = Write(ref, "claimed", claimed(source, self._now(), self._timing), stored.seq)
        try:
            # Claims of two processes must not pass for one write that was tried twice.
            cause = Cause(ref.community, Service.REGISTRATIONS, f"calendar-claim-{new_id()}")
            await self._runtime.store.append(cause, [write])
        except ConflictError:
            await refresh(self._runtime, [write])
            return None
        await forget(self._runtime, stored.seq)
        return self._source(ref)

    async def _read(self, ref: EntityRef, source: CalendarSource) -> Outcome:
        contact = self._runtime.facts.state(CONTACT, Contact, ref.community, source.person)
        horizon = horizon_at(self._now(), contact.zone if contact is not None else "UTC")
        return await self._reading.read(ref.community, source, horizon)

    def _due_source(self, ref: EntityRef) -> CalendarSource | None:
        source = self._source(ref)
        return source if source is not None and is_due(source, self._now()) else None

    def _source(self, ref: EntityRef) -> CalendarSource | None:
        """The calendar, as long as its person is here."""
        facts = self._runtime.facts
        if facts.state(CONTACT, Contact, ref.community, ref.ids[0]) is None:
            return None
        return facts.state(CALENDAR_SOURCE, CalendarSource, ref.community, *ref.ids)

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()
