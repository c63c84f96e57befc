"""When the seeds of lotteries are committed to and when they are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.registrations.seats.book import changed
from services.registrations.seats.draws import Seeds, committed, drawn, seed_of_release
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import DRAW, PROGRAMME
from shared.contract.facts.registrations import Programme
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import Draws, WaitingOrder


def due_commitments(facts: Facts, community: str, seeds: Seeds, now: datetime) -> Iterator[Write]:
    """A commitment to the next draw of every programme whose seats go by lottery, as soon as it does."""
    for ids, programme in facts.states(PROGRAMME, Programme, community).items():
        if programme.seats.waiting is WaitingOrder.LOTTERY:
            known = facts.state(DRAW, Draws, community, *ids)
            yield from _write(facts, community, committed(known, ids[0], seeds, community, now), "committed")


def release_draw(facts: Facts, community: str, release: Release, seeds: Seeds, now: datetime) -> Write | None:
    """The draw by which a release is seated, as far as it is still to come: first its commitment, then its seed."""
    programme = facts.state(PROGRAMME, Programme, community, release.programme)
    if programme is None or programme.seats.waiting is not WaitingOrder.LOTTERY:
        return None
    draws = facts.state(DRAW, Draws, community, release.programme)
    if seed_of_release(draws, release.number) is not None:
        return None
    return _next(facts, community, release.programme, seeds, now, release=release.number)


def due_draw(facts: Facts, community: str, programme: str, seeds: Seeds, now: datetime) -> Write | None:
    """The next draw among those who wait: its seed, or first its commitment."""
    return _next(facts, community, programme, seeds, now, release=None)


def _next(
    facts: Facts, community: str, programme: str, seeds: Seeds, now: datetime, *, release: int | None
) -> Write | None:
    draws = facts.state(DRAW, Draws, community, programme)
    first = committed(draws, programme, seeds, community, now)
    if first is not None:
        return next(_write(facts, community, first, "committed"), None)
    told = drawn(draws, seeds, community, now, release=release) if draws is not None else None
    return next(_write(facts, community, told, "revealed"), None)


def _write(facts: Facts, community: str, draws: Draws | None, what: str) -> Iterator[Write]:
    if draws is not None:
        write = changed(facts, DRAW.ref(community, draws.programme), what, draws)
        if write is not None:
            yield write
