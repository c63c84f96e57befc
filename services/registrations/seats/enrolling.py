"""Who is enrolled by which rule: what each person's enrolments should be, beside what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.registrations.seats.book import changed
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import AFFILIATION, CONTACT, ENROLMENT, ENROLMENT_RULE, PROGRAMME
from shared.contract.facts.enrolment import Enrolment, EnrolmentRule
from shared.contract.facts.registrations import Affiliation, Contact, Programme


def rules_in_force(facts: Facts, community: str, now: datetime) -> list[EnrolmentRule]:
    """The rules that are not removed, of programmes that are not over."""
    found = []
    for rule in facts.states(ENROLMENT_RULE, EnrolmentRule, community).values():
        programme = facts.state(PROGRAMME, Programme, community, rule.programme)
        if not rule.removed and programme is not None and programme.last_day >= now.date():
            found.append(rule)
    return sorted(found, key=lambda each: each.rule)


def enrolment_writes(
    facts: Facts, community: str, person: str, rules: Iterable[EnrolmentRule], now: datetime
) -> Iterator[Write]:
    """What has to be written so that the person is enrolled by the rules that are in force for them, and by no other.

    Who has not proven their address yet is not enrolled.
    """
    affiliation = facts.state(AFFILIATION, Affiliation, community, person)
    contact = facts.state(CONTACT, Contact, community, person)
    if affiliation is None or contact is None or not contact.verified:
        return
    wanted: dict[str, set[str]] = {}
    for rule in rules:
        if rule.group.has(affiliation):
            wanted.setdefault(rule.programme, set()).add(rule.rule)
    known = facts.states(ENROLMENT, Enrolment, community, person=person)
    for programme in sorted({*wanted, *(ids[1] for ids in known)}):
        before = known.get((person, programme)) or Enrolment(person=person, programme=programme)
        after = enrolment(before, wanted.get(programme, set()), now)
        if after != before and not _is_over(facts, community, programme, now):
            what = "enrolled" if after.rules else "ended"
            write = changed(facts, ENROLMENT.ref(community, person, programme), what, after)
            yield from [write] if write is not None else []


def enrolment(before: Enrolment, matching: Iterable[str], now: datetime) -> Enrolment:
    """The enrolment of somebody to whom these rules apply now. What they left never enrols them again."""
    rules = tuple(sorted(set(matching) - set(before.left)))
    if rules == before.rules:
        return before
    is_new = bool(rules) and not before.rules
    return before.model_copy(update={"rules": rules, "enrolled_at": now if is_new else before.enrolled_at})


def _is_over(facts: Facts, community: str, programme: str, now: datetime) -> bool:
    known = facts.state(PROGRAMME, Programme, community, programme)
    return known is None or known.last_day < now.date()
