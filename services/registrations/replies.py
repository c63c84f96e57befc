"""Seats by the answers of people: a decline frees a seat, the next who wants it gets it, an accept takes one.

Level-triggered: what the seatings of a release should be follows from the release, the interests and the answers
alone, so a process killed at any moment loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from services.registrations.releases import seated, seating_inputs
from services.registrations.seating import seat_after_replies
from shared.bus.background import in_background
from shared.bus.executing import refresh
from shared.bus.facts import Facts, Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import REPLY, SEATING
from shared.contract.envelope import digest
from shared.contract.facts.replies import Answered
from shared.contract.facts.scheduler import Release
from shared.contract.subjects import Service

log = logging.getLogger(__name__)


class ReplySeater:
    """Keeps the seatings of every release in step with what people answer."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._changed = asyncio.Event()
        self._changed.set()
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        """At work for as long as the block lasts."""
        return in_background(self._work(), "seats by answers")

    def _notice(self, stored: Stored) -> None:
        # A release that is seated while an answer arrives may not have seen it: look again after both.
        if stored.ref.entity in {REPLY.entity, SEATING.entity}:
            self._changed.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        failures = 0
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                for community, release in seated(self._runtime.facts):
                    await self._seat(community, release)
                failures = 0
            except Exception:
                # The round starts from the facts alone, so the next one does what this one did not.
                failures += 1
                log.exception("seats could not be changed by answers; trying again")
                self._changed.set()
                await asyncio.sleep(growing_delay(failures, cap=5.0))

    async def _seat(self, community: str, release: Release) -> None:
        writes = changed_seats(self._runtime.facts, community, release)
        if not writes:
            return
        states = "".join(f"{each.expected_seq}{each.state.model_dump_json()}" for each in writes)
        cause = Cause(community, Service.REGISTRATIONS, f"answers-{release.programme}-{digest(states)}")
        try:
            await self._runtime.store.append(cause, writes)
        except ConflictError:
            await refresh(self._runtime, writes)
            self._changed.set()


def changed_seats(facts: Facts, community: str, release: Release) -> list[Write]:
    """The seatings of a seated release that answers have changed, as one batch."""
    answers = facts.states(REPLY, Answered, community)
    sessions = {placement.session for placement in release.placements}
    if not any(session in sessions for _, session in answers):
        return []
    writes = []
    for session, state in seat_after_replies(seating_inputs(facts, community, release)).items():
        stored = facts.get(SEATING.ref(community, session))
        if stored is not None:
            writes.append(Write(SEATING.ref(community, session), "seated", state, stored.seq))
    return writes
