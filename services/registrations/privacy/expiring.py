"""Who has not been heard of for as long as their community keeps data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

from shared.bus.background import in_turns
from shared.bus.facts import Facts
from shared.contract.catalogue import COMMUNITY, CONTACT, FACTS, PROGRAMME, PROPOSAL, REPLY, SEATING
from shared.contract.commands.privacy import AskExpiring, Expiring, ExpiringPerson
from shared.contract.facts.registrations import Community, Programme, Proposal, Seating
from shared.contract.subjects import Service

_STATED = tuple(kind for kind in FACTS if kind.service is Service.REGISTRATIONS and kind.is_about_a_person)
_IN_A_TURN = 2000
_STATES_IN_A_TURN = 100


async def expiring(facts: Facts, community: str, question: AskExpiring, now: datetime) -> Expiring:
    """Whose data end within the days asked about, the first first."""
    days = retention_days(facts, community)
    if days is None:
        return Expiring()
    until = now.astimezone(UTC).date() + timedelta(days=question.within_days)
    last_days = await last_active(facts, community)
    found = [
        ExpiringPerson(person=person, last_active=last, erased_on=last + timedelta(days=days))
        async for person, last in in_turns(last_days.items(), every=_IN_A_TURN)
        if last + timedelta(days=days) <= until
    ]
    return Expiring(retention_days=days, people=tuple(sorted(found, key=lambda each: (each.erased_on, each.person))))


def retention_days(facts: Facts, community: str) -> int | None:
    """How long after the last sign of activity people are kept; None: until they are erased."""
    known = facts.state(COMMUNITY, Community, community, community)
    return known.retention_days if known is not None else None


async def last_active(facts: Facts, community: str) -> dict[str, date]:
    """The day of everybody's last sign of activity, by person.

    That is the last day of a programme in which they had a seat, presented or wanted to come; or, if later, the day on
    which something about them was last written: they, or whoever imports them, have not forgotten them.

    Everything else in the process has its turn meanwhile: ``is_heard_of_since`` tells what came too late for it.
    """
    days: dict[str, date] = {}

    def seen(person: str, day: date) -> None:
        if days[person] < day:
            days[person] = day

    async for (person,), at in in_turns(facts.written(CONTACT, community), every=_IN_A_TURN):
        days[person] = _day(at)
    for kind in (*_STATED, REPLY):
        async for ids, at in in_turns(facts.written(kind, community), every=_IN_A_TURN):
            if ids[0] in days:
                seen(ids[0], _day(at))
    async for people, day in _in_programmes(facts, community):
        for person in people:
            if person in days:
                seen(person, day)
    return days


def is_heard_of_since(facts: Facts, community: str, person: str, day: date) -> bool:
    """Whether something about that person was written after that day."""
    return any(_day(at) > day for kind in (*_STATED, REPLY) for _, at in facts.written(kind, community, person=person))


def _day(at: datetime | None) -> date:
    return at.date() if at is not None else date.min


async def _in_programmes(facts: Facts, community: str) -> AsyncIterator[tuple[tuple[str, ...], date]]:
    """Who takes part in a programme, and its last day; people of one proposal or session at a time."""
    last_days = {ids[0]: each.last_day for ids, each in facts.states(PROGRAMME, Programme, community).items()}
    async for ids, _ in in_turns(facts.written(PROPOSAL, community), every=_STATES_IN_A_TURN):
        proposal = facts.state(PROPOSAL, Proposal, community, *ids)
        if proposal is not None and proposal.programme in last_days:
            yield proposal.presenters, last_days[proposal.programme]
    async for ids, _ in in_turns(facts.written(SEATING, community), every=_STATES_IN_A_TURN):
        seating = facts.state(SEATING, Seating, community, *ids)
        if seating is not None and seating.programme in last_days:
            yield seating.people, last_days[seating.programme]
