"""Answers the notifier's questions for digests, from the view."""

from __future__ import annotations

from services.registrations.digests import Programmes, coming, material, statements, teams_of
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


def digest_material(facts: Facts, community: str, question: AskDigestMaterial) -> DigestMaterial:
    """What the days hold for each of these people; who has nothing is left out."""
    programmes = _programmes(facts, community)
    sessions = coming(programmes, question.first, question.until)
    if not sessions:
        return DigestMaterial(people={})
    interests: dict[str, list[Interest]] = {person: [] for person in question.people}
    for (person, _), each in facts.states(INTEREST, Interest, community).items():
        if person in interests:
            interests[person].append(each)
    found = {}
    for person in question.people:
        availability = facts.state(AVAILABILITY, Availability, community, person)
        found[person] = material(person, sessions, statements(interests[person], availability, programmes.proposals))
    return DigestMaterial(people={person: each for person, each in found.items() if each.own or each.suiting})


def team_counts(facts: Facts, community: str, question: AskTeamCounts) -> ManagersCounts:
    """What each manager is told of their teams."""
    sessions = coming(_programmes(facts, community), question.first, question.until)
    affiliations = {ids[0]: each for ids, each in facts.states(AFFILIATION, Affiliation, community).items()}
    managers = facts.states(MANAGER, Manager, community).values()
    return ManagersCounts(
        managers={each.person: teams_of(each.teams, sessions, affiliations) for each in managers if each.teams}
    )


def _programmes(facts: Facts, community: str) -> Programmes:
    return Programmes(
        releases=tuple(newest_releases(facts.states(RELEASE, Release, community).values()).values()),
        seatings={ids[0]: each for ids, each in facts.states(SEATING, Seating, community).items()},
        proposals={ids[0]: each for ids, each in facts.states(PROPOSAL, Proposal, community).items()},
        rooms={ids[0]: each for ids, each in facts.states(ROOM, Room, community).items()},
    )
