from __future__ import annotations

from scheduling_samples import MONDAY, at

from services.scheduler.attendance import attendance
from services.scheduler.view import PlanningView
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Interest,
    Proposal,
    ProposalStatus,
    StatedWindows,
)
from shared.contract.facts.scheduler import Placement, Release, Totals, Unplaced
from shared.contract.values import Answer, DatedWindow, InterestLevel


def said(person: str, answer: Answer, start: int, end: int) -> Availability:
    window = DatedWindow(answer=answer, start=at(MONDAY, start), end=at(MONDAY, end))
    return Availability(person=person, sources=(StatedWindows(source=person, windows=(window,)),))


def wants(person: str, session: str, level: InterestLevel = InterestLevel.COMING) -> Interest:
    return Interest(person=person, session=session, level=level)


def proposal(name: str, presenter: str) -> Proposal:
    return Proposal(
        proposal=name,
        programme="week",
        title=name,
        format="workshop",
        minutes=60,
        presenters=(presenter,),
        status=ProposalStatus.ACCEPTED,
    )


def view(*interests: Interest, availability: tuple[Availability, ...] = ()) -> PlanningView:
    return PlanningView(
        proposals={name: proposal(name, f"{name}-presenter") for name in ("early", "late", "same-time", "left-out")},
        interests={(one.person, one.session): one for one in interests},
        availability={one.person: one for one in availability},
        affiliations={
            "ama": Affiliation(person="ama", school="Hillside", department="Science"),
            "ben": Affiliation(person="ben", school="Hillside"),
        },
    )


def placed(name: str, hour: int) -> Placement:
    return Placement(session=name, proposal=name, room="library", start=at(MONDAY, hour), minutes=60)


RELEASE = Release(
    programme="week",
    number=1,
    request="r",
    zone="Europe/London",
    placements=(placed("early", 9), placed("late", 15), placed("same-time", 15)),
    unplaced=(Unplaced(session="left-out", proposal="left-out", reason="No room."),),
    totals=Totals(**dict.fromkeys(Totals.model_fields, 0)),
    problem_digest="d",
    input_seq=1,
)


def test_a_wish_comes_true_unless_the_person_said_no() -> None:
    found = attendance(
        view(wants("ama", "early"), wants("ben", "early"), availability=(said("ben", Answer.NO, 9, 12),)), RELEASE
    )
    early = next(one for one in found.sessions if one.session == "early")
    assert (early.wishes, early.can_attend, early.if_need_be) == (2, 1, 0)
    assert found.people_without_any == ("ben",)


def test_if_need_be_is_counted_among_those_who_can() -> None:
    found = attendance(view(wants("ama", "early"), availability=(said("ama", Answer.IF_NEED_BE, 9, 10),)), RELEASE)
    assert (found.groups[0].can_attend, found.groups[0].if_need_be) == (1, 1)


def test_of_two_sessions_in_parallel_the_better_liked_comes_true() -> None:
    found = attendance(view(wants("ama", "late", InterestLevel.INTERESTED), wants("ama", "same-time")), RELEASE)
    by_session = {one.session: one.can_attend for one in found.sessions}
    assert (by_session["late"], by_session["same-time"]) == (0, 1)


def test_a_presenter_cannot_attend_what_runs_beside_their_own_session() -> None:
    found = attendance(view(wants("late-presenter", "same-time")), RELEASE)
    assert found.people_without_any == ("late-presenter",)


def test_a_presenters_own_session_is_no_wish() -> None:
    assert attendance(view(wants("late-presenter", "late")), RELEASE).groups == ()


def test_a_session_without_a_place_is_a_wish_that_does_not_come_true() -> None:
    found = attendance(view(wants("ama", "left-out")), RELEASE)
    assert (found.groups[0].wishes, found.groups[0].can_attend) == (1, 0)


def test_groups_are_schools_and_departments_as_far_as_known() -> None:
    found = attendance(view(wants("ama", "early"), wants("ben", "early"), wants("cy", "early")), RELEASE)
    groups = [(one.school, one.department) for one in found.groups]
    assert groups == [("Hillside", None), ("Hillside", "Science"), ("no school given", None)]


def test_not_me_is_no_wish() -> None:
    assert attendance(view(wants("ama", "early", InterestLevel.NOT_ME)), RELEASE).groups == ()
