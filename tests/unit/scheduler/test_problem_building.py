from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from scheduling_samples import FRIDAY, MONDAY, TUESDAY, at, programme

from services.scheduler.building import build_problem
from services.scheduler.entities import Pinned, Span
from services.scheduler.errors import ProblemError, UnknownNationError, UnknownPackError, UnknownProgrammeError
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.problem import Problem
from services.scheduler.view import PlanningView
from shared.contract.facts.pins import Pin
from shared.contract.facts.registrations import (
    Availability,
    Interest,
    Programme,
    Proposal,
    ProposalStatus,
    Room,
    StatedWindows,
)
from shared.contract.facts.scheduler import Placement, Release, Totals
from shared.contract.values import Answer, DatedWindow, InterestLevel, Weekday, WeeklyWindow

PACKS = shipped_packs()


def proposal(name: str, **more: Any) -> Proposal:
    more = {"status": ProposalStatus.ACCEPTED, "presenters": ("p",), "format": "workshop", "minutes": 60} | more
    return Proposal(proposal=name, programme="week", title=name, **more)


def room(name: str, **more: Any) -> Room:
    return Room(room=name, name=name, site="Hillside", capacity=10, **more)


def view(*proposals: Proposal, of: Programme | None = None, **more: Any) -> PlanningView:
    week = of or programme()
    return PlanningView(
        programmes={week.programme: week},
        proposals={one.proposal: one for one in proposals},
        **({"rooms": {"library": room("library")}} | more),
    )


def built(of: PlanningView) -> Problem:
    return build_problem(of, "week", PACKS)


@pytest.mark.parametrize("status", [one for one in ProposalStatus if one is not ProposalStatus.ACCEPTED])
def test_only_accepted_proposals_become_sessions(status: ProposalStatus) -> None:
    made = built(view(proposal("a"), proposal("b", status=status)))
    assert [one.id for one in made.sessions] == ["a"]


def test_proposals_of_another_programme_are_left_out() -> None:
    other = proposal("b").model_copy(update={"programme": "evening"})
    assert [one.id for one in built(view(proposal("a"), other)).sessions] == ["a"]


def test_a_proposal_in_parts_becomes_sessions_that_follow_one_another() -> None:
    parts = built(view(proposal("a", parts=3, part_gap_days=(2, 9)))).sessions
    assert [one.id for one in parts] == ["a-part-1", "a-part-2", "a-part-3"]
    assert [one.after and one.after.session for one in parts] == [None, "a-part-1", "a-part-2"]
    assert parts[1].after is not None
    assert (parts[1].after.fewest_days, parts[1].after.most_days) == (2, 9)


def test_a_withdrawn_room_is_left_out() -> None:
    rooms = {"a": room("a"), "b": room("b", withdrawn=True)}
    assert [one.id for one in built(view(proposal("a"), rooms=rooms)).rooms] == ["a"]


def test_weekly_windows_become_spans_of_the_programmes_days() -> None:
    lessons = WeeklyWindow(
        answer=Answer.NO,
        weekdays=(Weekday.TUE,),
        start=time(9),
        end=time(11),
        zone="Europe/London",
        first=MONDAY.replace(month=1, day=1),
        last=FRIDAY.replace(month=12),
    )
    said = Availability(person="p", sources=(StatedWindows(source="timetables", windows=(lessons,)),))
    (person,) = built(view(proposal("a"), availability={"p": said})).people
    assert person.no == (Span(start=at(TUESDAY, 9), end=at(TUESDAY, 11)),)
    assert person.yes == person.if_need_be == ()


def test_what_several_sources_say_is_kept_by_answer_and_merged() -> None:
    def window(answer: Answer, start: int, end: int) -> DatedWindow:
        return DatedWindow(answer=answer, start=at(MONDAY, start), end=at(MONDAY, end))

    said = Availability(
        person="p",
        sources=(
            StatedWindows(source="p", windows=(window(Answer.YES, 9, 12), window(Answer.NO, 9, 10))),
            StatedWindows(source="timetables", windows=(window(Answer.NO, 10, 11),)),
        ),
    )
    (person,) = built(view(proposal("a"), availability={"p": said})).people
    assert person.no == (Span(start=at(MONDAY, 9), end=at(MONDAY, 11)),)
    assert person.yes == (Span(start=at(MONDAY, 9), end=at(MONDAY, 12)),)


def test_people_who_neither_present_nor_wish_are_left_out() -> None:
    interests = {
        ("q", "a"): Interest(person="q", session="a", level=InterestLevel.COMING),
        ("r", "a"): Interest(person="r", session="a", level=InterestLevel.NOT_ME),
        ("s", "gone"): Interest(person="s", session="gone", level=InterestLevel.COMING),
        ("p", "a"): Interest(person="p", session="a", level=InterestLevel.COMING),
    }
    stated = {name: Availability(person=name) for name in "pqrst"}
    made = built(view(proposal("a"), interests=interests, availability=stated))
    assert [person.id for person in made.people] == ["p", "q"]
    assert [(wish.person, wish.level) for wish in made.wishes] == [("q", "coming")]


def release(number: int, start: int) -> Release:
    placed = Placement(session="a", proposal="a", room="library", start=at(MONDAY, start), minutes=60)
    zero = dict.fromkeys(Totals.model_fields, 0)
    return Release(
        programme="week",
        number=number,
        request="r",
        zone="Europe/London",
        placements=(placed,),
        totals=Totals(**zero),
        problem_digest="d",
        input_seq=1,
    )


def test_the_last_release_is_what_is_published() -> None:
    releases = {("week", number): release(number, 8 + number) for number in (2, 10, 1)}
    (one,) = built(view(proposal("a"), releases=releases)).sessions
    assert one.published is not None
    assert one.published.start == at(MONDAY, 18)


def test_the_problem_is_the_same_whatever_the_order_of_facts() -> None:
    one, other = view(proposal("a"), proposal("b")), view(proposal("b"), proposal("a"))
    assert built(one).digest() == built(other).digest()


def test_an_unknown_programme_is_refused_in_words() -> None:
    with pytest.raises(UnknownProgrammeError, match="programme 'evening' is not known here"):
        build_problem(view(), "evening", PACKS)


def test_an_unknown_pack_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UnknownPackError, match=r"policy_pack 'strict' is not one of .*no-lunch-no-friday"):
        built(view(of=programme().model_copy(update={"policy_pack": "strict"})))


def test_an_unknown_nation_is_refused_in_words() -> None:
    with pytest.raises(UnknownNationError, match="ISO 3166"):
        built(view(of=programme(nation="XX")))


@pytest.mark.parametrize(("first", "last"), [(date.min, date.min), (date.max, date.max)])
def test_a_programme_at_the_end_of_the_calendar_is_refused_in_words(first: date, last: date) -> None:
    with pytest.raises(ProblemError, match="programme week: first_day, last_day: must lie between"):
        built(view(proposal("a"), of=programme(first, last)))


def test_a_pin_fixes_its_session_and_a_lost_room_fixes_nothing() -> None:
    start = at(MONDAY, 9)
    pins = {
        "both": Pin(session="both", programme="week", room="library", start=start),
        "lost": Pin(session="lost", programme="week", room="gone", start=start),
        "only-lost": Pin(session="only-lost", programme="week", room="gone"),
    }
    rooms = {"library": room("library"), "gone": room("gone", withdrawn=True)}
    names = ("both", "lost", "only-lost", "free")
    made = built(view(*(proposal(each) for each in names), rooms=rooms, pins=pins))
    assert {one.id: one.pinned for one in made.sessions} == {
        "both": Pinned(room="library", start=start),
        "lost": Pinned(start=start),
        "only-lost": None,
        "free": None,
    }
