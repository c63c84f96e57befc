"""Enrolment by rule on a real broker: those who are here, those who come later, and those who leave."""

from __future__ import annotations

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import ENROLMENT
from shared.contract.commands.enrolment import (
    AskEnrolmentRules,
    EnrolmentRules,
    LeaveEnrolment,
    RemoveEnrolmentRule,
    SetEnrolmentRule,
)
from shared.contract.facts.enrolment import Enrolment
from shared.contract.subjects import Service
from teachmeet.local.processes import Child
from tests.integration.registrations.released_seats import people, programme, released, seatings, session
from tests.processes import eventually
from tests.written_facts import history

RULE = SetEnrolmentRule.model_validate(
    {"rule": "primaries", "programme": "spring-2027", "group": {"sector": "primary", "tag": "maths"}}
)
PRIMARY_MATHS = {"sector": "primary", "tags": ["maths"]}


async def enrolled(bus: Bus) -> set[str]:
    facts = await history(bus, ENROLMENT, Enrolment)
    now = {state.person: state for _, state in facts}
    return {person for person, state in now.items() if state.rules}


async def until_enrolled(bus: Bus, *wanted: str) -> None:
    async def are() -> bool:
        return await enrolled(bus) == set(wanted)

    await eventually(are, within=120.0)


async def test_a_rule_enrols_who_is_here_who_comes_later_and_never_again_who_left(
    organiser: Requester, provision_bus: Bus, registrations: Child
) -> None:
    await people(organiser, ["ann", "ben"], **PRIMARY_MATHS)
    await people(organiser, ["cleo"], sector="secondary")
    await organiser.command(Service.REGISTRATIONS, RULE)
    await until_enrolled(provision_bus, "ann", "ben")
    await people(organiser, ["dee"], **PRIMARY_MATHS)
    await until_enrolled(provision_bus, "ann", "ben", "dee")
    await organiser.command(Service.REGISTRATIONS, LeaveEnrolment(person="ben", programme="spring-2027"))
    registrations.kill()
    await people(organiser, ["eve"], **PRIMARY_MATHS)
    await until_enrolled(provision_bus, "ann", "dee", "eve")

    async def told() -> bool:
        shown = await organiser.ask(Service.REGISTRATIONS, AskEnrolmentRules(), EnrolmentRules)
        return [(each.rule, each.enrolled, each.left) for each in shown.rules] == [("primaries", 3, 1)]

    await eventually(told)
    await organiser.command(Service.REGISTRATIONS, RemoveEnrolmentRule(rule="primaries"))
    await until_enrolled(provision_bus)


async def test_who_is_enrolled_gets_a_seat_and_who_leaves_gives_back_what_they_did_not_ask_for(
    organiser: Requester, provision_bus: Bus
) -> None:
    await people(organiser, ["ann", "ben"], **PRIMARY_MATHS)
    await programme(organiser)
    await session(organiser, "drawing")
    await organiser.command(Service.REGISTRATIONS, RULE)
    await until_enrolled(provision_bus, "ann", "ben")
    await released(provision_bus, {"drawing": 0})
    assert (await seatings(provision_bus))["drawing"].people == ("ann", "ben", "p-001")
    await organiser.command(Service.REGISTRATIONS, LeaveEnrolment(person="ben", programme="spring-2027"))

    async def without_ben() -> bool:
        return (await seatings(provision_bus))["drawing"].people == ("ann", "p-001")

    await eventually(without_ben)
