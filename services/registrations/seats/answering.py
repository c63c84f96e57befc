"""The questions about seats, enrolment and managers, answered from the facts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from services.registrations.seats.explaining import everybody, stands
from services.registrations.seats.open_session import OpenSession, open_session
from services.registrations.seats.passing import POOLS, offered, taken
from shared.bus.background import in_turns
from shared.bus.facts import Facts
from shared.contract.catalogue import AFFILIATION, ENROLMENT, ENROLMENT_RULE, MANAGER
from shared.contract.commands.enrolment import (
    AskEnrolmentRules,
    AskManagers,
    EnrolmentRules,
    Managers,
    ManagerShown,
    RuleShown,
)
from shared.contract.commands.seats import AskSeat, PoolShown, SeatShown
from shared.contract.facts.enrolment import Enrolment, EnrolmentRule
from shared.contract.facts.managing import Manager
from shared.contract.facts.registrations import Affiliation

SeatQuestion = AskSeat | AskEnrolmentRules | AskManagers
_DRAWS_SHOWN = 5
_MOST_SHOWN = 2000
_IN_A_TURN = 200


async def seat_answer(
    facts: Facts, community: str, question: SeatQuestion, now: datetime
) -> SeatShown | EnrolmentRules | Managers:
    """The answer to a question about seats, rules or managers. Raises Rejection."""
    match question:
        case AskSeat():
            return seat_shown(open_session(facts, community, question.session, now), question.person)
        case AskEnrolmentRules():
            return await rules_shown(facts, community)
        case AskManagers():
            return await managers_shown(facts, community)


def seat_shown(session: OpenSession, person: str | None) -> SeatShown:
    """How the seats stand; of everybody's places the first 2,000."""
    seating, draws = session.seating, session.inputs.draws
    return SeatShown(
        session=seating.session,
        programme=seating.programme,
        waiting_order=session.inputs.policy.waiting,
        drop_in=seating.drop_in,
        pools=tuple(
            PoolShown(
                pool=pool,
                seats=seating.capacity[pool],
                taken=taken(seating, pool),
                offered=offered(seating, pool),
            )
            for pool in POOLS
            if pool in seating.capacity
        ),
        waiting=len(seating.waiting),
        you=stands(session, person) if person is not None else None,
        people=tuple(everybody(session)[:_MOST_SHOWN]) if person is None else (),
        draws=draws.rounds[-_DRAWS_SHOWN:] if draws is not None else (),
    )


async def rules_shown(facts: Facts, community: str) -> EnrolmentRules:
    """The rules in force and how many people each enrols."""
    enrolled, left = Counter[str](), Counter[str]()
    async for ids, _ in in_turns(facts.written(ENROLMENT, community), every=_IN_A_TURN):
        enrolment = facts.state(ENROLMENT, Enrolment, community, *ids)
        if enrolment is not None:
            enrolled.update(enrolment.rules)
            left.update(enrolment.left)
    rules = sorted(facts.states(ENROLMENT_RULE, EnrolmentRule, community).values(), key=lambda each: each.rule)
    return EnrolmentRules(
        rules=tuple(
            RuleShown(
                rule=each.rule,
                programme=each.programme,
                group=each.group,
                enrolled=enrolled[each.rule],
                left=left[each.rule],
            )
            for each in rules
            if not each.removed
        )
    )


async def managers_shown(facts: Facts, community: str) -> Managers:
    """Everybody who answers for a team, and how many people these teams have."""
    managers = [each for each in facts.states(MANAGER, Manager, community).values() if each.teams]
    members = Counter[str]()
    async for ids, _ in in_turns(facts.written(AFFILIATION, community) if managers else (), every=_IN_A_TURN):
        person = facts.state(AFFILIATION, Affiliation, community, *ids)
        if person is not None:
            members.update(manager.person for manager in managers if any(team.has(person) for team in manager.teams))
    return Managers(
        managers=tuple(
            ManagerShown(person=each.person, teams=each.teams, members=members[each.person])
            for each in sorted(managers, key=lambda manager: manager.person)
        )
    )
