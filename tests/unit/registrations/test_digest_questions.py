"""Questions for digests are answered from the view: each person's own facts, and everybody's school."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.registrations.digest_questions import digest_material, team_counts
from shared.bus.facts import Facts
from shared.contract.catalogue import AFFILIATION, INTEREST, MANAGER, PROPOSAL, RELEASE, ROOM, SEATING, FactKind
from shared.contract.commands.digests import AskDigestMaterial, AskTeamCounts
from shared.contract.facts.managing import Manager, Team
from shared.contract.facts.registrations import Affiliation, Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject
from shared.contract.values import InterestLevel

START = datetime(2027, 1, 12, 16, tzinfo=UTC)
SPAN = {"first": START, "until": START + timedelta(days=7)}
STAFF = [f"p-{number}" for number in range(1, 7)]


def put(facts: Facts, kind: FactKind, state: Fact, *ids: str) -> None:
    facts.apply(FactSubject(kind.ref("northgate", *ids), kind.whats[0]), state, facts.last_seq(kind.service) + 1)


@pytest.fixture
def facts() -> Facts:
    """Two sessions one after the other; six people of one school sit in the first, a stranger in none."""
    found = Facts([INTEREST, AFFILIATION])
    room = Room.model_validate(Room.example | {"room": "library", "capacity": 30})
    put(found, ROOM, room, "library")
    placements = []
    for hour, name in enumerate(("s-1", "s-2")):
        example = Proposal.example | {"proposal": name, "presenters": ["speaker"]}
        put(found, PROPOSAL, Proposal.model_validate(example), name)
        start = START + timedelta(hours=hour)
        placements.append(Placement(session=name, proposal=name, room="library", start=start, minutes=30))
        people = tuple(STAFF) if name == "s-1" else ()
        seating = Seating(session=name, proposal=name, programme="spring", release=1, people=people, input_seq=0)
        put(found, SEATING, seating, name)
    release = {**Release.example, "programme": "spring", "number": 1, "placements": placements}
    put(found, RELEASE, Release.model_validate(release), "spring", "1")
    for person in [*STAFF, "stranger"]:
        school = "Lakeside" if person == "stranger" else "Hillside"
        put(found, AFFILIATION, Affiliation(person=person, school=school), person)
    return found


async def test_interests_of_one_person_are_not_those_of_another(facts: Facts) -> None:
    for person, session, level in [("p-1", "s-2", InterestLevel.COMING), ("p-2", "s-2", InterestLevel.NOT_ME)]:
        put(facts, INTEREST, Interest(person=person, session=session, level=level), person, session)
    question = AskDigestMaterial(people=("p-1", "p-2", "stranger"), **SPAN)
    found = (await digest_material(facts, "northgate", question)).people
    assert found["p-1"].own == found["p-2"].own == ("s-1",)
    assert found["p-1"].suiting == ("s-2",)
    assert found["p-2"].suiting == ()
    assert "stranger" not in found


async def test_managers_are_told_of_the_schools_that_they_answer_for(facts: Facts) -> None:
    for manager, schools in [("p-1", ["Hillside"]), ("p-2", ["Hillside", "Lakeside"]), ("p-3", [])]:
        teams = tuple(Team(school=school) for school in schools)
        put(facts, MANAGER, Manager(person=manager, teams=teams), manager)
    found = (await team_counts(facts, "northgate", AskTeamCounts(**SPAN))).managers
    assert set(found) == {"p-1", "p-2"}
    [hillside] = found["p-1"].teams
    assert (hillside.people, hillside.seated) == (len(STAFF), len(STAFF))
    assert found["p-2"].teams == found["p-1"].teams
    assert found["p-2"].too_small == ("Lakeside",)
