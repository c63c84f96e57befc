"""What suits a person, and what a manager may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registrations.digests import (
    SMALLEST_GROUP,
    ComingSession,
    Programmes,
    coming,
    material,
    statements,
    teams_of,
)
from shared.contract.facts.managing import Team
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Interest,
    Proposal,
    Room,
    Seating,
    StatedWindows,
)
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.values import Answer, DatedWindow, InterestLevel

START = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def proposal(name: str, *tags: str) -> Proposal:
    return Proposal.model_validate(Proposal.example | {"proposal": name, "tags": tags})


def session(name: str, *seated: str, hours: int = 0, tags: Iterable[str] = (), full: bool = False) -> ComingSession:
    start = START + timedelta(hours=hours)
    placement = Placement(session=name, proposal=name, room="library", start=start, minutes=60)
    return ComingSession(placement, proposal(name, *tags), frozenset(seated), full)


def said(sessions: Iterable[ComingSession], availability: Availability | None = None, **levels: InterestLevel) -> Any:
    interests = [Interest(person="ben", session=name, level=level) for name, level in levels.items()]
    return statements(interests, availability, {each.proposal.proposal: each.proposal for each in sessions})


def test_own_sessions_come_in_order_and_what_is_wanted_before_what_is_of_a_liked_topic() -> None:
    sessions = [
        session("poems", hours=1, tags=("literacy",)),
        session("reading", hours=2, tags=("literacy",)),
        session("drawing", "ben", hours=4),
        session("singing", "ben", hours=5),
        session("sums", hours=7, tags=("maths",)),
        session("maybe", hours=8),
    ]
    found = material("ben", sessions, said(sessions, reading=InterestLevel.COMING, maybe=InterestLevel.INTERESTED))
    assert found.own == ("drawing", "singing")
    assert found.suiting == ("reading", "maybe", "poems")


def test_nothing_suits_that_is_full_clashes_is_refused_or_comes_when_they_cannot() -> None:
    window = DatedWindow(answer=Answer.NO, start=START + timedelta(hours=6), end=START + timedelta(hours=7))
    busy = Availability(person="ben", sources=(StatedWindows(source="self", windows=(window,)),))
    sessions = [
        session("own", "ben"),
        session("clash", tags=("literacy",)),
        session("full", hours=2, full=True),
        session("refused", hours=3, tags=("literacy",)),
        session("away", hours=6, tags=("literacy",)),
        session("liked", hours=8, tags=("literacy",)),
    ]
    levels = {
        "full": InterestLevel.COMING,
        "refused": InterestLevel.NOT_ME,
        "own": InterestLevel.COMING,
        "liked": InterestLevel.INTERESTED,
    }
    assert material("ben", sessions, said(sessions, busy, **levels)).suiting == ("liked",)


def test_only_seated_sessions_of_the_days_are_coming() -> None:
    placements = tuple(session(name, hours=hours).placement for name, hours in (("a", 0), ("b", 1), ("c", 24 * 9)))
    release = Release.model_validate(Release.example | {"number": 2, "placements": placements})
    seating = {"session": "a", "proposal": "a", "programme": release.programme, "people": ("ben",), "input_seq": 1}
    seatings = {
        "a": Seating.model_validate(seating | {"release": 2}),
        "b": Seating.model_validate(seating | {"session": "b", "proposal": "b", "release": 1}),
        "c": Seating.model_validate(seating | {"session": "c", "proposal": "c", "release": 2}),
    }
    proposals = {name: proposal(name) for name in "abc"}
    rooms = {"library": Room.model_validate(Room.example | {"capacity": 1})}
    found = coming(Programmes([release], seatings, proposals, rooms), START, START + WEEK)
    assert [(each.placement.session, each.is_full) for each in found] == [("a", True)]


@pytest.mark.parametrize(
    ("seats", "is_full"),
    [
        ({"people": ("ben",), "capacity": {"in-person": 1, "online": 1}}, False),
        ({"people": ("ben", "cleo"), "online": ("cleo",), "capacity": {"in-person": 1, "online": 1}}, True),
        ({"people": ("ben",), "drop_in": True}, False),
    ],
    ids=["a seat online is free", "both kinds are taken", "to a drop-in people just come"],
)
def test_a_session_is_full_when_no_seat_of_any_kind_is_free(seats: dict[str, Any], is_full: bool) -> None:
    placement = session("a", hours=0).placement
    release = Release.model_validate(Release.example | {"number": 1, "placements": (placement,)})
    seating = {"session": "a", "proposal": "a", "programme": release.programme, "release": 1, "input_seq": 1}
    rooms = {"library": Room.model_validate(Room.example | {"capacity": 1})}
    seatings = {"a": Seating.model_validate(seating | seats)}
    [found] = coming(Programmes([release], seatings, {"a": proposal("a")}, rooms), START, START + WEEK)
    assert found.is_full is is_full


def staff(**sizes: int) -> dict[str, Affiliation]:
    return {
        f"{department}-{number}": Affiliation(person=f"{department}-{number}", school="Hillside", department=department)
        for department, size in sizes.items()
        for number in range(size)
    }


def test_a_team_is_counted_and_small_groups_are_only_named() -> None:
    people = staff(science=6, arts=4)
    sessions = [
        session("a", "science-0", "science-1", "science-2", "science-3", "science-4"),
        session("b", "science-0"),
    ]
    teams = (Team(school="Hillside", department="science"), Team(school="Hillside", department="arts"))
    found = teams_of(teams, sessions, people)
    [science] = found.teams
    assert (science.team, science.people, science.seated, science.seats) == ("Hillside, science", 6, 5, 6)
    assert found.too_small == ("Hillside, arts",)


def test_counts_of_one_to_four_people_are_hidden() -> None:
    [team] = teams_of((Team(school="Hillside"),), [session("a", "science-0")], staff(science=9)).teams
    assert (team.seated, team.seats, team.presenting) == (None, None, 0)


@given(st.dictionaries(st.sampled_from(["arts", "maths", "music", "science"]), st.integers(0, 8)), st.data())
def test_no_two_told_groups_differ_by_few_people(sizes: dict[str, int], data: st.DataObject) -> None:
    people = staff(**sizes)
    every = [Team(school="Hillside"), *(Team(school="Hillside", department=name) for name in sizes)]
    teams = data.draw(st.permutations(every))
    found = teams_of(teams, [], people)
    told = [
        {person for person, each in people.items() if team.department in {None, each.department}}
        for team in teams
        if (team.school if team.department is None else f"{team.school}, {team.department}")
        in {each.team for each in found.teams}
    ]
    assert all(len(members) >= SMALLEST_GROUP for members in told)
    assert all(not 0 < len(one ^ other) < SMALLEST_GROUP for one in told for other in told)
    assert len(found.teams) + len(found.too_small) == len(teams)
