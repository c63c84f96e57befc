"""Who would get which seat in a release that is not published: asked by the notifier before anything goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.registrations.seating import seat
from services.registrations.seats.known import seating_inputs
from shared.bus.facts import Facts
from shared.bus.service import Runtime
from shared.contract.catalogue import INTEREST, REPLY
from shared.contract.commands.hypothetical import AskHypotheticalSeatings, HypotheticalSeatings
from shared.contract.facts.registrations import Interest, Seating
from shared.contract.facts.replies import Answered
from shared.contract.facts.scheduler import Release
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service

# One message is at most 1 MiB, one seating at most 256 KiB.
_PAGE_BYTES = 512 * 1024


async def hypothetical_seatings(facts: Facts, community: str, release: Release, now: datetime) -> dict[str, Seating]:
    """The seatings that publishing this release ``now`` would make, by session; nothing is written."""
    inputs = seating_inputs(facts, community, release, now)
    # The thread only looks things up; indexes are made here, where facts are taken in.
    facts.states(INTEREST, Interest, community, session="-")
    facts.states(REPLY, Answered, community, session="-")
    return await asyncio.to_thread(seat, inputs)


@dataclass(frozen=True)
class _Answer:
    community: str
    release: Release
    input_seq: int
    pages: tuple[tuple[Seating, ...], ...]


class SeatingsPreview:
    """Answers page by page. The last answer is kept while nothing changes: all pages are of one."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._last: _Answer | None = None
        self._one_at_a_time = asyncio.Lock()

    async def answer(self, community: str, question: AskHypotheticalSeatings) -> HypotheticalSeatings:
        """One page. Raises Rejection for a page behind the last."""
        async with self._one_at_a_time:
            found = self._last = await self._answer(community, question.release)
        if question.page > len(found.pages):
            allowed = f"a whole number from 1 to {len(found.pages)}"
            raise Rejection.of(RejectionCode.INVALID, "page", "is behind the last page", allowed)
        return HypotheticalSeatings(
            seatings=found.pages[question.page - 1],
            input_seq=found.input_seq,
            page=question.page,
            pages=len(found.pages),
        )

    async def _answer(self, community: str, release: Release) -> _Answer:
        facts = self._runtime.facts
        seq, last = facts.last_seq(Service.REGISTRATIONS), self._last
        if last is not None and (last.community, last.input_seq, last.release) == (community, seq, release):
            return last
        found = await hypothetical_seatings(facts, community, release, self._runtime.bus.clock.now())
        return _Answer(community, release, seq, _pages(found[session] for session in sorted(found)))


def _pages(seatings: Iterable[Seating]) -> tuple[tuple[Seating, ...], ...]:
    """As many in each as one message takes."""
    pages: list[tuple[Seating, ...]] = []
    page: list[Seating] = []
    filled = 0
    for seating in seatings:
        size = len(seating.model_dump_json(exclude_none=True))
        if page and filled + size > _PAGE_BYTES:
            pages.append(tuple(page))
            page, filled = [], 0
        page.append(seating)
        filled += size
    return (*pages, tuple(page))
