"""What groups wanted and got in past programmes, and the facts about people that fairness needs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from scheduling_samples import MONDAY, at, programme

from services.scheduler.building import build_problem
from services.scheduler.entities import Carried
from services.scheduler.ledger import carried_over
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.problem import Problem
from services.scheduler.slugs import slug
from services.scheduler.view import PlanningView
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Interest,
    Programme,
    Proposal,
    ProposalStatus,
    Room,
    StatedWindows,
)
from shared.contract.facts.scheduler import Placement, Release, Totals, Unplaced
from shared.contract.values import Answer, DatedWindow, InterestLevel

PAST = Programme(
    programme="autumn", title="Autumn", zone="Europe/London", first_day=MONDAY - timedelta(90), last_day=MONDAY
)
NEW_FIRST = MONDAY + timedelta(days=30)
FAIR = Pack.model_validate(
    {"pack": "fair", "version": 1, "title": "Fair", "rules": [{"id": "fairness", "kind": "fairness", "source": "LEaD"}]}
)


def proposal(name: str, of: str = "autumn") -> Proposal:
    status = ProposalStatus.ACCEPTED
    return Proposal(
        proposal=name, programme=of, title=name, presenters=("boss",), format="talk", minutes=60, status=status
    )


def placement(name: str, hour: int) -> Placement:
    return Placement(session=name, proposal=name, room="hall", start=at(MONDAY, hour), minutes=60)


def released(*placements: Placement, unplaced: tuple[Unplaced, ...] = (), number: int = 1) -> Release:
    nothing = dict.fromkeys(Totals.model_fields, 0)
    return Release(
        programme="autumn",
        number=number,
        request="r",
        zone="Europe/London",
        placements=placements,
        unplaced=unplaced,
        totals=Totals(**nothing),
        problem_digest="0",
        input_seq=0,
    )


def interest(person: str, session: str, level: InterestLevel = InterestLevel.COMING) -> tuple[Any, Interest]:
    return (person, session), Interest(person=person, session=session, level=level)


def said(person: str, answer: Answer, hour: int) -> Availability:
    window = DatedWindow(answer=answer, start=at(MONDAY, hour), end=at(MONDAY, hour + 1))
    return Availability(person=person, sources=(StatedWindows(source="p", windows=(window,)),))


def view(*releases: Release, **more: Any) -> PlanningView:
    new = programme(NEW_FIRST, NEW_FIRST + timedelta(days=4))
    given: dict[str, Any] = {
        "programmes": {"autumn": PAST, "week": new},
        "rooms": {"hall": Room(room="hall", name="Hall", site="St. Mary's", capacity=20)},
        "proposals": {
            one.proposal: one for one in (proposal("a"), proposal("b"), proposal("c"), proposal("n", "week"))
        },
        "interests": dict([interest("p", "a"), interest("p", "b"), interest("q", "c", InterestLevel.INTERESTED)]),
        "affiliations": {
            "p": Affiliation(person="p", school="Hillside", department="Science", pattern="part-time"),
            "q": Affiliation(person="q", school="Northgate"),
        },
        "releases": {(one.programme, one.number): one for one in releases},
    }
    return PlanningView(**(given | more))


def ledger(of: PlanningView) -> dict[tuple[str, str], tuple[int, int]]:
    return {(one.kind, one.group): (one.wished, one.attended) for one in carried_over(of, "week", NEW_FIRST)}


def test_what_was_wished_and_could_be_attended_is_carried_over_by_group() -> None:
    past = view(released(placement("a", 9), placement("b", 9), placement("c", 11)))
    assert ledger(past) == {
        ("school", "hillside"): (120, 60),
        ("department", "hillside-science"): (120, 60),
        ("pattern", "part-time"): (120, 60),
        ("school", "northgate"): (30, 30),
    }


def test_no_counts_as_missed_if_need_be_as_half_and_a_session_without_a_place_as_missed() -> None:
    left_out = (Unplaced(session="b", proposal="b", reason="no room"),)
    past = view(
        released(placement("a", 9), placement("c", 11), unplaced=left_out),
        availability={"p": said("p", Answer.IF_NEED_BE, 9), "q": said("q", Answer.NO, 11)},
    )
    assert ledger(past)["school", "hillside"] == (120, 30)
    assert ledger(past)["school", "northgate"] == (30, 0)


def test_only_the_last_release_of_a_programme_counts() -> None:
    past = view(released(placement("a", 9), placement("b", 9)), released(placement("a", 9), number=2))
    assert ledger(past)["school", "hillside"] == (60, 60)


@pytest.mark.parametrize("last_day", [NEW_FIRST, NEW_FIRST - timedelta(days=400)])
def test_programmes_that_have_not_ended_or_ended_long_ago_do_not_count(last_day: date) -> None:
    other = PAST.model_copy(update={"first_day": last_day, "last_day": last_day})
    past = view(released(placement("a", 9)), programmes={"autumn": other, "week": programme(NEW_FIRST, NEW_FIRST)})
    assert ledger(past) == {}


def built(of: PlanningView, pack: str = "no-lunch-no-friday", **more: Any) -> Problem:
    packs = {**shipped_packs(), "fair": FAIR}
    week = of.programmes["week"].model_copy(update={"policy_pack": pack})
    asked = PlanningView(**{**vars(of), "programmes": {**of.programmes, "week": week}})
    return build_problem(asked, "week", packs, **more)


def test_a_problem_has_the_ledger_only_where_fairness_is_a_rule() -> None:
    past = view(released(placement("a", 9)))
    assert built(past).ledger == ()
    assert Carried(kind="school", group="hillside", wished=60, attended=60) in built(past, "fair").ledger


def test_a_problems_people_know_their_groups_and_a_zone_of_their_own() -> None:
    wishes = dict([interest("p", "n"), interest("q", "n")])
    people = {
        "p": Affiliation(person="p", school="Hillside", department="Science", pattern="part-time", zone="Asia/Dubai"),
        "q": Affiliation(person="q", school="Northgate", zone="Europe/London"),
    }
    made = {person.id: person for person in built(view(interests=wishes, affiliations=people)).people}
    assert (made["p"].school, made["p"].department, made["p"].pattern) == ("hillside", "hillside-science", "part-time")
    assert (made["p"].zone, made["q"].zone, made["boss"].school) == ("Asia/Dubai", None, None)


def test_a_problems_rooms_know_their_site() -> None:
    assert [room.site for room in built(view()).rooms] == ["st-mary-s"]


def test_when_it_was_asked_is_in_full_hours_and_does_not_change_the_digest() -> None:
    early, late = (datetime(2027, 1, 10, hour, 59, 58, 7, tzinfo=UTC) for hour in (8, 20))
    one, other = built(view(), asked_at=early), built(view(), asked_at=late)
    assert one.asked_at == early.replace(minute=0, second=0, microsecond=0)
    assert one != other
    assert one.digest() == other.digest() == built(view()).digest()


def test_an_id_reads_like_the_name_it_is_made_from() -> None:
    assert slug("St. Mary's  School") == "st-mary-s-school" == slug("ST. MARY'S SCHOOL")
    assert slug("École Élémentaire") == "ecole-elementaire"
    assert slug("北京") != slug("上海")
    long = slug("x" * 80)
    assert len(long) == 64
    assert long != slug("x" * 81)
