"""Who has not been heard of for as long as their community keeps data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from shared.bus.facts import Facts
from shared.contract.catalogue import COMMUNITY, CONTACT, FACTS, PROGRAMME, PROPOSAL, REPLY, SEATING
from shared.contract.commands.privacy import AskExpiring, Expiring, ExpiringPerson
from shared.contract.facts.registrations import Community, Programme, Proposal, Seating
from shared.contract.subjects import Service

_STATED = tuple(kind for kind in FACTS if kind.service is Service.REGISTRATIONS and kind.is_about_a_person)


def expiring(facts: Facts, community: str, question: AskExpiring, now: datetime) -> Expiring:
    """Whose data end within the days asked about, the first first."""
    days = retention_days(facts, community)
    if days is None:
        return Expiring()
    until = now.astimezone(UTC).date() + timedelta(days=question.within_days)
    found = [
        ExpiringPerson(person=person, last_active=last, erased_on=last + timedelta(days=days))
        for person, last in last_active(facts, community).items()
        if last + timedelta(days=days) <= until
    ]
    return Expiring(retention_days=days, people=tuple(sorted(found, key=lambda each: (each.erased_on, each.person))))


def retention_days(facts: Facts, community: str) -> int | None:
    """How long after the last sign of activity people are kept; None: until they are erased."""
    known = facts.state(COMMUNITY, Community, community, community)
    return known.retention_days if known is not None else None


def last_active(facts: Facts, community: str) -> dict[str, date]:
    """The day of everybody's last sign of activity, by person.

    That is the last day of a programme in which they had a seat, presented or wanted to come; or, if later, the day on
    which something about them was last written: they, or whoever imports them, have not forgotten them.
    """
    days: dict[str, date] = {}

    def seen(person: str, day: date) -> None:
        if person not in days or days[person] < day:
            days[person] = day

    for (person,), stored in facts.all(CONTACT, community).items():
        seen(person, stored.at.date() if stored.at is not None else date.min)
    known = frozenset(days)
    for kind in (*_STATED, REPLY):
        for ids, stored in facts.all(kind, community).items():
            if ids[0] in known and stored.at is not None:
                seen(ids[0], stored.at.date())
    for person, day in _in_programmes(facts, community):
        if person in known:
            seen(person, day)
    return days


def _in_programmes(facts: Facts, community: str) -> list[tuple[str, date]]:
    """Who takes part in a programme, and its last day."""
    last_days = {ids[0]: each.last_day for ids, each in facts.states(PROGRAMME, Programme, community).items()}
    found = []
    for proposal in facts.states(PROPOSAL, Proposal, community).values():
        if proposal.programme in last_days:
            found += [(person, last_days[proposal.programme]) for person in proposal.presenters]
    for seating in facts.states(SEATING, Seating, community).values():
        if seating.programme in last_days:
            found += [(person, last_days[seating.programme]) for person in seating.people]
    return found
