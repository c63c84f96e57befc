"""What answers do to the seats of a release."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from test_seating import INTERESTED, NINE, after, inputs, placement, programmes, proposal, says, time, wants

from services.registrations.seating import seat, seat_after_replies
from services.registrations.seats.inputs import SeatingInputs
from shared.contract.facts.registrations import Seating
from shared.contract.facts.replies import Answered, PartStat
from shared.contract.values import Answer

ACCEPTED, DECLINED, TENTATIVE, DELEGATED = (
    PartStat.ACCEPTED,
    PartStat.DECLINED,
    PartStat.TENTATIVE,
    PartStat.DELEGATED,
)


def answered(given: SeatingInputs, *answers: tuple[str, str, PartStat]) -> SeatingInputs:
    """The same with answers to the sessions at their present times."""
    starts = {each.session: each.start for each in given.release.placements}
    replies = {
        (person, session): Answered(person=person, session=session, partstat=partstat, start=starts[session])
        for person, session, partstat in answers
    }
    return replace(given, replies=dict(given.replies) | replies)


def seated(given: SeatingInputs) -> SeatingInputs:
    """The same release once its seatings are written."""
    return replace(given, before=given.release, seatings=seat(given))


def applied(given: SeatingInputs) -> SeatingInputs:
    """The same once the changed seatings are written."""
    return replace(given, seatings=dict(given.seatings) | seat_after_replies(given))


def people(given: SeatingInputs, session: str = "drawing") -> set[str]:
    return set(given.seatings[session].people)


DRAWING = inputs(placement("drawing"), interests=[wants("ann", "drawing"), wants("ben", "drawing", INTERESTED)])


def test_a_declined_seat_goes_to_the_next_who_wants_it() -> None:
    full = seated(DRAWING)
    assert people(full) == {"chair", "ann"}
    assert people(applied(answered(full, ("ann", "drawing", DECLINED)))) == {"chair", "ben"}


def test_a_declined_seat_that_nobody_wants_stays_free_until_somebody_accepts() -> None:
    full = seated(inputs(placement("drawing"), interests=[wants("ann", "drawing")]))
    empty = applied(answered(full, ("ann", "drawing", DECLINED)))
    assert people(empty) == {"chair"}
    assert people(applied(answered(empty, ("ann", "drawing", ACCEPTED)))) == {"chair", "ann"}


def test_who_accepts_when_all_seats_are_taken_waits_for_the_next_that_is_given_back() -> None:
    swapped = applied(answered(seated(DRAWING), ("ann", "drawing", DECLINED)))
    waiting = applied(answered(swapped, ("ann", "drawing", ACCEPTED)))
    assert people(waiting) == {"chair", "ben"}
    assert people(applied(answered(waiting, ("ben", "drawing", DECLINED)))) == {"chair", "ann"}


def test_b7_who_delegates_keeps_the_seat() -> None:
    assert seat_after_replies(answered(seated(DRAWING), ("ann", "drawing", DELEGATED))) == {}


def test_b7_somebody_who_was_not_invited_gets_a_seat_only_while_there_is_one() -> None:
    full = answered(seated(DRAWING), ("guest", "drawing", ACCEPTED))
    assert seat_after_replies(full) == {}
    roomy = replace(
        DRAWING, rooms={name: room.model_copy(update={"capacity": 9}) for name, room in DRAWING.rooms.items()}
    )
    assert "guest" in people(applied(answered(seated(roomy), ("guest", "drawing", TENTATIVE))))


def test_a_presenter_who_declines_keeps_the_seat_and_is_named() -> None:
    changed = seat_after_replies(answered(seated(DRAWING), ("chair", "drawing", DECLINED)))
    assert (changed["drawing"].people, changed["drawing"].presenters_declined) == (("ann", "chair"), ("chair",))


def test_a_presenter_who_changes_their_mind_is_not_named_any_more() -> None:
    flagged = applied(answered(seated(DRAWING), ("chair", "drawing", DECLINED)))
    assert flagged.seatings["drawing"].presenters_declined == ("chair",)
    assert applied(answered(flagged, ("chair", "drawing", ACCEPTED))).seatings["drawing"].presenters_declined == ()


def test_a_decline_is_about_a_time_and_a_moved_session_asks_again() -> None:
    declined = applied(answered(seated(DRAWING), ("ann", "drawing", DECLINED), ("chair", "drawing", DECLINED)))
    roomy = {name: room.model_copy(update={"capacity": 3}) for name, room in declined.rooms.items()}
    moved = replace(after(declined, placement("drawing", hour=3)), replies=declined.replies, rooms=roomy)
    new = seat(moved)["drawing"]
    assert (set(new.people), new.presenters_declined) == ({"chair", "ann", "ben"}, ())


def test_a_decline_stands_in_the_next_release_while_the_session_does_not_move() -> None:
    declined = applied(answered(seated(DRAWING), ("ann", "drawing", DECLINED), ("chair", "drawing", DECLINED)))
    again = replace(after(declined, placement("drawing")), replies=declined.replies)
    new = seat(again)["drawing"]
    assert (set(new.people), new.presenters_declined) == ({"chair", "ben"}, ("chair",))


def test_who_accepts_a_time_is_believed_over_what_they_said_before() -> None:
    busy = inputs(placement("drawing"), interests=[wants("ann", "drawing")], said=[says("ann", Answer.NO)])
    assert people(seated(busy)) == {"chair"}
    assert people(applied(answered(seated(busy), ("ann", "drawing", ACCEPTED)))) == {"chair", "ann"}


def test_nobody_is_seated_by_an_answer_in_two_sessions_at_a_time() -> None:
    both = inputs(
        placement("drawing"),
        placement("reading", room="hall"),
        proposals=[proposal("drawing", "x"), proposal("reading", "y")],
    )
    twice = applied(answered(seated(both), ("ann", "drawing", ACCEPTED), ("ann", "reading", ACCEPTED)))
    assert sum("ann" in people(twice, session) for session in ("drawing", "reading")) == 1
    assert both.release.placements[0].start == NINE


@st.composite
def with_answers(draw: st.DrawFn) -> SeatingInputs:
    """A seated release, and answers to it."""
    full = seated(draw(programmes()))
    sessions = [each.session for each in full.release.placements]
    if not sessions:
        return full
    names = st.sampled_from([f"p-{number}" for number in range(8)])
    one = st.tuples(names, st.sampled_from(sessions), st.sampled_from(list(PartStat)))
    return answered(full, *draw(st.lists(one, max_size=10)))


@given(with_answers())
def test_no_answer_seats_more_people_than_a_room_holds_or_anybody_twice_at_a_time(given: SeatingInputs) -> None:
    then = applied(given)
    for each in then.release.placements:
        before, now = people(given, each.session), people(then, each.session)
        assert len(now) <= max(then.rooms[each.room].capacity, len(before))
        for other in then.release.placements:
            new = (now - before) & people(then, other.session)
            assert each == other or not time(each).overlaps(time(other)) or not new


@given(with_answers())
def test_only_who_declined_loses_a_seat_and_who_declined_has_none(given: SeatingInputs) -> None:
    then = applied(given)
    for each in then.release.placements:
        presenters = set(given.proposals[each.proposal].presenters)
        declined = {
            person
            for (person, session), reply in given.replies.items()
            if session == each.session and reply.partstat is DECLINED
        }
        assert people(given, each.session) - people(then, each.session) == (
            (declined - presenters) & people(given, each.session)
        )
        assert not (people(then, each.session) & declined) - presenters


@given(with_answers())
def test_what_follows_from_answers_is_done_at_once_and_never_again(given: SeatingInputs) -> None:
    changed: dict[str, Seating] = seat_after_replies(applied(given))
    assert changed == {}
