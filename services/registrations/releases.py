"""Seats for each release: compares what was released with the seatings written, and writes the difference.

Level-triggered: nothing is remembered between rounds, so a process killed at any moment loses nothing. All seatings
of a release are one atomic batch, so a release is seated as a whole or not yet.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from services.registrations.seating import SeatingInputs, seat
from shared.bus.background import in_background
from shared.bus.executing import refresh
from shared.bus.facts import Facts, Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.bus.streams import stream_of
from shared.contract.catalogue import AVAILABILITY, INTEREST, PROPOSAL, RELEASE, REPLY, ROOM, SEATING
from shared.contract.facts.registrations import Availability, Interest, Proposal, Room, Seating
from shared.contract.facts.replies import Answered
from shared.contract.facts.scheduler import Release, newest_releases
from shared.contract.subjects import Service

log = logging.getLogger(__name__)


class ReleaseSeater:
    """Seats every release that has no seatings yet."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._released = asyncio.Event()
        self._released.set()
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        """At work for as long as the block lasts."""
        return in_background(self._work(), "seats for releases")

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity == RELEASE.entity:
            self._released.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        failures = 0
        while True:
            await self._released.wait()
            self._released.clear()
            try:
                for release in unseated(self._runtime.facts):
                    await self._seat(*release)
                failures = 0
            except Exception:
                # The round starts from the facts alone, so the next one does what this one did not.
                failures += 1
                log.exception("seats could not be given; trying again")
                self._released.set()
                await asyncio.sleep(growing_delay(failures, cap=5.0))

    async def _seat(self, community: str, release: Release) -> None:
        facts = self._runtime.facts
        await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), release.input_seq)
        seatings = seat(seating_inputs(facts, community, release))
        writes = []
        for session, seating in seatings.items():
            stored = facts.get(SEATING.ref(community, session))
            applied = stored.state.applied if stored is not None else ()
            state = seating.model_copy(update={"applied": applied})
            writes.append(
                Write(SEATING.ref(community, session), "seated", state, stored.seq if stored is not None else 0)
            )
        if writes:
            cause = Cause(community, Service.REGISTRATIONS, f"seat-{release.programme}-{release.number}")
            try:
                await self._runtime.store.append(cause, writes)
            except ConflictError:
                await refresh(self._runtime, writes)
                self._released.set()


def seated(facts: Facts) -> list[tuple[str, Release]]:
    """The newest release of each programme whose seatings are written, with its community."""
    return [
        (community, release)
        for community in facts.communities(RELEASE)
        for release in newest_releases(facts.states(RELEASE, Release, community).values()).values()
        if _seated(facts, community).get(release.programme) == release.number
    ]


def unseated(facts: Facts) -> list[tuple[str, Release]]:
    """The newest release of each programme for which the seatings are not written, with its community."""
    found = []
    for community in facts.communities(RELEASE):
        newest = newest_releases(facts.states(RELEASE, Release, community).values())
        seated = _seated(facts, community)
        found += [(community, each) for each in newest.values() if seated.get(each.programme, 0) < each.number]
    return found


def _seated(facts: Facts, community: str) -> dict[str, int]:
    seated: dict[str, int] = {}
    for seating in facts.states(SEATING, Seating, community).values():
        seated[seating.programme] = max(seating.release, seated.get(seating.programme, 0))
    return seated


def seating_inputs(facts: Facts, community: str, release: Release) -> SeatingInputs:
    seatings = {
        seating.session: seating
        for seating in facts.states(SEATING, Seating, community).values()
        if seating.programme == release.programme
    }
    previous = max((seating.release for seating in seatings.values()), default=0)
    before = facts.state(RELEASE, Release, community, release.programme, str(previous)) if previous else None
    return SeatingInputs(
        release=release,
        before=before,
        seatings=seatings,
        proposals={ids[0]: state for ids, state in facts.states(PROPOSAL, Proposal, community).items()},
        rooms={ids[0]: state for ids, state in facts.states(ROOM, Room, community).items()},
        availability={ids[0]: state for ids, state in facts.states(AVAILABILITY, Availability, community).items()},
        interests={(ids[0], ids[1]): state for ids, state in facts.states(INTEREST, Interest, community).items()},
        input_seq=facts.last_seq(Service.REGISTRATIONS),
        replies={(ids[0], ids[1]): state for ids, state in facts.states(REPLY, Answered, community).items()},
    )
