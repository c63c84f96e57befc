"""Who gets a seat when a programme is released."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registrations.seating import seat
from services.registrations.seats.inputs import SeatingInputs
from shared.contract.facts.registrations import (
    Availability,
    Interest,
    Proposal,
    ProposalStatus,
    Room,
    Seating,
    StatedWindows,
)
from shared.contract.facts.scheduler import Placement, Release, Totals
from shared.contract.values import Answer, DatedWindow, InterestLevel
from shared.time.intervals import Interval

NINE = datetime(2027, 1, 12, 9, tzinfo=UTC)
TOTALS = Totals.model_validate(Release.example["totals"])
COMING, INTERESTED, NOT_ME = InterestLevel


def placement(session: str, hour: int = 0, room: str = "library", proposal: str | None = None) -> Placement:
    """A session of an hour, so many hours after nine."""
    start = NINE + timedelta(hours=hour)
    return Placement(session=session, proposal=proposal or session, room=room, start=start, minutes=60)


def release(*placements: Placement, number: int = 1) -> Release:
    return Release(
        programme="spring",
        number=number,
        request=f"r-{number}",
        zone="Europe/London",
        placements=placements,
        totals=TOTALS,
        problem_digest="d",
        input_seq=1,
    )


def proposal(name: str, *presenters: str) -> Proposal:
    return Proposal(
        proposal=name,
        programme="spring",
        title=name,
        format="workshop",
        minutes=60,
        presenters=presenters,
        status=ProposalStatus.ACCEPTED,
    )


def says(person: str, answer: Answer, hour: int = 0) -> Availability:
    start = NINE + timedelta(hours=hour)
    window = DatedWindow(answer=answer, start=start, end=start + timedelta(hours=1))
    return Availability(person=person, sources=(StatedWindows(source="self", windows=(window,)),))


def wants(person: str, session: str, level: InterestLevel = COMING) -> Interest:
    return Interest(person=person, session=session, level=level)


def inputs(
    *placements: Placement,
    proposals: Iterable[Proposal] = (),
    interests: Iterable[Interest] = (),
    said: Iterable[Availability] = (),
    capacity: int = 2,
) -> SeatingInputs:
    """A first release in rooms that all hold as many."""
    known = {each.proposal: each for each in proposals}
    rooms = {each.room for each in placements}
    return SeatingInputs(
        release=release(*placements),
        before=None,
        seatings={},
        proposals={each.proposal: proposal(each.proposal, "chair") for each in placements} | known,
        rooms={name: Room(room=name, name=name.title(), site="Hillside School", capacity=capacity) for name in rooms},
        availability={each.person: each for each in said},
        interests={(each.person, each.session): each for each in interests},
        input_seq=7,
    )


def after(first: SeatingInputs, *placements: Placement, said: Iterable[Availability] = ()) -> SeatingInputs:
    """The next release, once the first one is seated."""
    return replace(
        first,
        release=release(*placements, number=first.release.number + 1),
        before=first.release,
        seatings=seat(first),
        availability=dict(first.availability) | {each.person: each for each in said},
    )


def people(given: SeatingInputs, session: str = "drawing") -> set[str]:
    return set(seat(given)[session].people)


def test_presenters_have_the_first_seats() -> None:
    wishes = [wants(name, "drawing") for name in ("ann", "ben", "cleo")]
    crowd = inputs(placement("drawing"), proposals=[proposal("drawing", "zoe")], interests=wishes)
    assert people(crowd) == {"zoe", "ann"}


def test_presenters_sit_in_their_session_whatever_they_say_and_however_small_the_room() -> None:
    talks = proposal("drawing", "x", "y", "z")
    crowd = inputs(
        placement("drawing"), proposals=[talks], said=[says("x", Answer.NO)], interests=[wants("a", "drawing")]
    )
    assert people(crowd) == {"x", "y", "z"}


def test_who_is_coming_goes_before_who_is_interested_and_who_can_before_who_could() -> None:
    wishes = [
        wants("ann", "drawing", INTERESTED),
        wants("ben", "drawing"),
        wants("cleo", "drawing"),
        wants("dee", "drawing"),
    ]
    said = [says("ben", Answer.IF_NEED_BE), says("dee", Answer.YES)]
    for capacity, last in enumerate(("chair", "dee", "cleo", "ben", "ann"), start=1):
        crowd = inputs(placement("drawing"), interests=wishes, said=said, capacity=capacity)
        fewer = people(
            replace(crowd, rooms={"library": crowd.rooms["library"].model_copy(update={"capacity": capacity - 1})})
        )
        assert people(crowd) - fewer == ({last} if capacity > 1 else set())


@pytest.mark.parametrize("wish", [wants("ann", "drawing", NOT_ME), wants("ann", "reading")])
def test_nobody_sits_where_they_do_not_want_to(wish: Interest) -> None:
    assert people(inputs(placement("drawing"), interests=[wish])) == {"chair"}


def test_nobody_sits_where_they_cannot_come() -> None:
    wishes = [wants("ann", "drawing"), wants("ben", "drawing")]
    assert people(inputs(placement("drawing"), interests=wishes, said=[says("ann", Answer.NO)])) == {"chair", "ben"}


def test_a_wish_for_a_proposal_counts_for_each_of_its_parts_that_the_person_can_come_to() -> None:
    parts = [placement(f"drawing-part-{part}", hour=part, proposal="drawing") for part in (1, 2)]
    seatings = seat(inputs(*parts, interests=[wants("ann", "drawing")], said=[says("ann", Answer.NO, hour=2)]))
    assert [each.people for each in seatings.values()] == [("ann", "chair"), ("chair",)]


def test_nobody_sits_in_two_sessions_at_a_time_but_in_two_that_follow_each_other() -> None:
    wishes = [wants("ann", "drawing", INTERESTED), wants("ann", "reading"), wants("ann", "singing")]
    at_once = [placement("drawing"), placement("reading", room="hall"), placement("singing", hour=1)]
    seatings = seat(inputs(*at_once, interests=wishes))
    assert [name for name, each in seatings.items() if "ann" in each.people] == ["reading", "singing"]


def test_who_presents_takes_no_seat_elsewhere_at_that_time() -> None:
    at_once = [placement("drawing"), placement("reading", room="hall")]
    proposals = [proposal("drawing", "ann"), proposal("reading", "ben")]
    seatings = seat(inputs(*at_once, proposals=proposals, interests=[wants("ann", "reading")]))
    assert [each.people for each in seatings.values()] == [("ann",), ("ben",)]


def test_who_has_a_seat_keeps_it_while_the_session_does_not_move() -> None:
    first = inputs(placement("drawing"), interests=[wants("ben", "drawing", INTERESTED)])
    second = after(first, placement("drawing"))
    second = replace(second, interests=dict(second.interests) | {("ann", "drawing"): wants("ann", "drawing")})
    assert people(second) == {"chair", "ben"}


@pytest.mark.parametrize("moved", [placement("drawing", hour=1), placement("drawing", room="hall")])
def test_a_session_that_moves_keeps_its_seats_whoever_else_wants_one_by_then(moved: Placement) -> None:
    first = inputs(
        placement("drawing"), placement("x", hour=9, room="hall"), interests=[wants("ben", "drawing", INTERESTED)]
    )
    second = after(first, moved)
    second = replace(second, interests=dict(second.interests) | {("ann", "drawing"): wants("ann", "drawing")})
    assert people(second) == {"chair", "ben"}


def test_who_sits_elsewhere_at_the_new_time_loses_the_seat_in_the_session_that_moved() -> None:
    wishes = [wants("ann", "drawing", INTERESTED), wants("ann", "reading")]
    first = inputs(placement("drawing"), placement("reading", hour=1, room="hall"), interests=wishes)
    second = seat(after(first, placement("drawing", hour=1), placement("reading", hour=1, room="hall")))
    assert [name for name, each in second.items() if "ann" in each.people] == ["reading"]


def test_who_cannot_come_to_the_new_time_loses_the_seat() -> None:
    first = inputs(placement("drawing"), interests=[wants("ann", "drawing")], said=[says("ann", Answer.NO, hour=1)])
    assert people(first) == {"chair", "ann"}
    assert people(after(first, placement("drawing", hour=1))) == {"chair"}


def test_who_cannot_come_any_more_loses_the_seat_also_where_nothing_moved() -> None:
    first = inputs(placement("drawing"), interests=[wants("ann", "drawing")])
    assert people(after(first, placement("drawing"), said=[says("ann", Answer.NO)])) == {"chair"}


def test_a_session_that_left_the_programme_seats_nobody_and_says_so() -> None:
    gone = seat(after(inputs(placement("drawing"), placement("reading", hour=1)), placement("reading", hour=1)))[
        "drawing"
    ]
    assert (gone.people, gone.place, gone.proposal, gone.release) == ((), None, "drawing", 2)


def test_a_seating_names_release_place_and_what_went_in() -> None:
    seating = seat(inputs(placement("drawing-part-1", proposal="drawing")))["drawing-part-1"]
    assert (seating.programme, seating.release, seating.input_seq, seating.proposal) == ("spring", 1, 7, "drawing")
    assert seating.place is not None
    assert seating.place.line() == "Library, Hillside School"


def test_a_room_or_proposal_that_is_not_known_yet_seats_nobody_it_should_not() -> None:
    crowd = inputs(placement("drawing"), interests=[wants("ann", "drawing")])
    assert seat(replace(crowd, rooms={}))["drawing"].people == ("chair",)
    assert seat(replace(crowd, proposals={}))["drawing"].people == ("ann",)


NAMES = [f"p-{number}" for number in range(6)]
SESSIONS = ["drawing", "reading", "singing", "writing"]


@st.composite
def programmes(draw: st.DrawFn) -> SeatingInputs:
    """Some sessions within five hours and three rooms, and what six people want and say; maybe a second release."""
    sessions = draw(st.lists(st.sampled_from(SESSIONS), unique=True, max_size=4))
    spots = st.tuples(st.integers(0, 4), st.sampled_from(["library", "hall", "studio"]))
    answers = st.tuples(st.sampled_from(NAMES), st.sampled_from(list(Answer)), st.integers(0, 4))
    wishes = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(NAMES), st.sampled_from(SESSIONS)), st.sampled_from(list(InterestLevel))
        )
    )
    first = inputs(
        *(placement(name, *draw(spots)) for name in sessions),
        proposals=[proposal(name, *draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))) for name in sessions],
        interests=[wants(*key, level) for key, level in wishes.items()],
        said=[says(*each) for each in draw(st.lists(answers, max_size=6))],
        capacity=draw(st.integers(1, 4)),
    )
    if not draw(st.booleans()):
        return first
    kept = [each for each in first.release.placements if draw(st.booleans())]
    return after(first, *(draw(st.sampled_from([each, placement(each.session, 2, each.room)])) for each in kept))


def time(of: Placement) -> Interval:
    return Interval(of.start, of.start + timedelta(minutes=of.minutes))


@given(programmes())
def test_no_session_has_more_people_than_its_room_holds_unless_presenters_alone_do(given: SeatingInputs) -> None:
    seatings = seat(given)
    for each in given.release.placements:
        presenters = set(given.proposals[each.proposal].presenters)
        seated = set(seatings[each.session].people)
        assert presenters <= seated
        assert len(seated) <= given.rooms[each.room].capacity or seated == presenters


@given(programmes())
def test_nobody_sits_in_two_sessions_at_a_time_unless_presenting_both(given: SeatingInputs) -> None:
    seatings = seat(given)
    for one, other in itertools.combinations(given.release.placements, 2):
        both = set(seatings[one.session].people) & set(seatings[other.session].people)
        presenting = set(given.proposals[one.proposal].presenters) & set(given.proposals[other.proposal].presenters)
        assert not time(one).overlaps(time(other)) or both <= presenting


@given(programmes())
def test_everybody_seated_presents_or_wants_to_and_can_come(given: SeatingInputs) -> None:
    seatings = seat(given)
    for each in given.release.placements:
        for person in set(seatings[each.session].people) - set(given.proposals[each.proposal].presenters):
            assert given.interests[person, each.proposal].level is not NOT_ME
            said = given.availability.get(person)
            assert said is None or said.answer_at(time(each)) is not Answer.NO


@given(programmes())
def test_no_seat_is_left_empty_that_somebody_could_take(given: SeatingInputs) -> None:
    seatings = seat(given)
    busy = {
        (person, each.session)
        for each in given.release.placements
        for other in given.release.placements
        for person in seatings[other.session].people
        if time(each).overlaps(time(other))
    }
    for each in given.release.placements:
        free = given.rooms[each.room].capacity - len(seatings[each.session].people)
        for (person, wanted), interest in given.interests.items():
            said = given.availability.get(person)
            can_come = said is None or said.answer_at(time(each)) is not Answer.NO
            if free > 0 and wanted == each.proposal and interest.level is not NOT_ME and can_come:
                assert (person, each.session) in busy


@given(programmes(), st.integers())
def test_the_order_in_which_facts_are_known_does_not_matter(given: SeatingInputs, seed: int) -> None:
    dice = random.Random(seed)

    def shuffled(items: dict[object, object]) -> dict[object, object]:
        return dict(dice.sample(list(items.items()), len(items)))

    placements = tuple(dice.sample(given.release.placements, len(given.release.placements)))
    mixed = replace(
        given,
        release=given.release.model_copy(update={"placements": placements}),
        **{
            name: shuffled(dict(getattr(given, name)))
            for name in ("seatings", "proposals", "rooms", "availability", "interests")
        },
    )
    assert seat(mixed) == seat(given)


@given(programmes())
def test_seating_the_same_release_again_changes_no_seat(given: SeatingInputs) -> None:
    seatings: dict[str, Seating] = seat(given)
    again = replace(given, before=given.release, seatings=seatings)
    assert seat(again) == seatings
