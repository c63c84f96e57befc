"""Answers the notifier's questions for digests, from the view."""

from __future__ import annotations

from collections.abc import Iterable

from services.registrations.digests import Programmes, coming, material, statements, teams_of
from shared.bus.background import in_turns
from shared.bus.facts import Facts
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    INTEREST,
    MANAGER,
    PROPOSAL,
    RELEASE,
    ROOM,
    SEATING,
)
from shared.contract.commands.digests import AskDigestMaterial, AskTeamCounts, DigestMaterial, ManagersCounts
from shared.contract.facts.managing import Manager
from shared.contract.facts.registrations import Affiliation, Availability, Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Release, newest_releases

_AT_A_TIME = 200


async def digest_material(facts: Facts, community: str, question: AskDigestMaterial) -> DigestMaterial:
    """What the days hold for each of these people; who has nothing is left out."""
    programmes = _programmes(facts, community)
    sessions = coming(programmes, question.first, question.until)
    if not sessions:
        return DigestMaterial(people={})
    found = {}
    async for person in in_turns(question.people):
        interests = facts.states(INTEREST, Interest, community, person=person).values()
        availability = facts.state(AVAILABILITY, Availability, community, person)
        found[person] = material(person, sessions, statements(interests, availability, programmes.proposals))
    return DigestMaterial(people={person: each for person, each in found.items() if each.own or each.suiting})


async def team_counts(facts: Facts, community: str, question: AskTeamCounts) -> ManagersCounts:
    """What each manager is told of their teams."""
    sessions = coming(_programmes(facts, community), question.first, question.until)
    managers = [each for each in facts.states(MANAGER, Manager, community).values() if each.teams]
    staff = await _staff(facts, community, {team.school for each in managers for team in each.teams})
    found = {}
    async for manager in in_turns(managers):
        schools = {team.school for team in manager.teams}
        known = {person: each for school in schools for person, each in staff[school].items()}
        found[manager.person] = teams_of(manager.teams, sessions, known)
    return ManagersCounts(managers=found)


async def _staff(facts: Facts, community: str, schools: Iterable[str]) -> dict[str, dict[str, Affiliation]]:
    """The people of each of these schools, and where they belong."""
    staff: dict[str, dict[str, Affiliation]] = {school: {} for school in schools}
    people = tuple(facts.all(AFFILIATION, community)) if staff else ()
    async for (person,) in in_turns(people, every=_AT_A_TIME):
        affiliation = facts.state(AFFILIATION, Affiliation, community, person)
        if affiliation is not None and affiliation.school in staff:
            staff[affiliation.school][person] = affiliation
    return staff


def _programmes(facts: Facts, community: str) -> Programmes:
    return Programmes(
        releases=tuple(newest_releases(facts.states(RELEASE, Release, community).values()).values()),
        seatings={ids[0]: each for ids, each in facts.states(SEATING, Seating, community).items()},
        proposals={ids[0]: each for ids, each in facts.states(PROPOSAL, Proposal, community).items()},
        rooms={ids[0]: each for ids, each in facts.states(ROOM, Room, community).items()},
    )
