"""What calendars should hold, and which messages are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from notifier_samples import COMMUNITY, NOW, PAGE, POLICY, contact, entry

from services.notifier.content.mail import write_mail
from services.notifier.delivery.life import decided
from services.notifier.delivery.outcome import Deferred, InDoubt, Outcome, Refused, Sent
from services.notifier.planning.answers import Key
from services.notifier.planning.correspondence import Correspondence
from services.notifier.planning.entries import should_hold
from services.notifier.planning.message import Calendars, MessageDue
from services.notifier.planning.messages_due import claimed, due, is_resolved
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Invite, Method
from shared.contract.facts.registrations import Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release, Totals

KEY: Key = ("p-001", "retrieval")
SENT = Sent("250 OK")
TOTALS = Totals.model_validate(Release.example["totals"])


def _release(number: int, *placements: Placement) -> Release:
    return Release(
        programme="spring",
        number=number,
        request="r-1",
        zone="Europe/London",
        placements=placements,
        totals=TOTALS,
        problem_digest="d",
        input_seq=1,
    )


def _placement(session: str = "retrieval", proposal: str = "retrieval") -> Placement:
    return Placement(session=session, proposal=proposal, room="library", start=entry().start, minutes=60)


def _seating(release: int = 1, people: tuple[str, ...] = ("p-001",), **other: Any) -> Seating:
    place = Place(name="Library", site="Hillside School", join_url="https://meet.example")
    fields = {"session": "retrieval", "proposal": "retrieval", "programme": "spring", "place": place, "input_seq": 1}
    return Seating(release=release, people=people, **(fields | other))


def _proposal(**other: Any) -> Proposal:
    return Proposal.model_validate({**Proposal.example, "proposal": "retrieval", "programme": "spring", **other})


def _should(release: Release, *seatings: Seating, proposal: Proposal | None = None) -> Calendars:
    names = {"p-001": "Amara Osei", "p-002": "Bo Lind"}
    return should_hold(
        {"spring": release},
        {seating.session: seating for seating in seatings},
        {"retrieval": proposal or _proposal()},
        names,
    ).calendars


def test_who_has_a_seat_holds_the_entry_of_the_newest_release() -> None:
    proposal = _proposal(abstract="Bring a pen.", presenters=["p-001", "p-002", "p-003"])
    calendars = _should(_release(1, _placement()), _seating(people=("p-001", "p-002")), proposal=proposal)
    assert calendars.entries.keys() == {KEY, ("p-002", "retrieval")}
    held = calendars.entries[KEY]
    assert held.title == "Retrieval practice in ten minutes"
    assert (held.presenters, held.description) == (("Amara Osei", "Bo Lind"), "Bring a pen.")
    assert (held.start, held.minutes, held.zone) == (entry().start, 60, "Europe/London")
    assert (held.location, held.join_url) == ("Library, Hillside School", "https://meet.example")


def test_parts_are_numbered() -> None:
    seating = _seating(session="retrieval-part-2")
    calendars = _should(_release(1, _placement("retrieval-part-2")), seating, proposal=_proposal(parts=2))
    assert calendars.entries[("p-001", "retrieval-part-2")].title.endswith("(part 2 of 2)")


@pytest.mark.parametrize("made_for", [1, 3])
def test_a_seating_of_another_release_is_waited_for(made_for: int) -> None:
    calendars = _should(_release(2, _placement()), _seating(release=made_for))
    assert calendars == Calendars()
    assert due(calendars, {KEY: _after(entry(), SENT)}, NOW, POLICY) == []


def test_a_session_without_a_place_in_the_release_is_off() -> None:
    assert _should(_release(2), _seating(release=2, people=())) == Calendars(off=frozenset({"retrieval"}))


def _calendars(wanted: CalendarEntry | None, *, off: bool = False) -> Calendars:
    sessions = frozenset({"retrieval"})
    held = {} if wanted is None else {KEY: wanted}
    return Calendars(held, off=sessions) if off else Calendars(held, placed=sessions)


def _transmit(message: MessageDue, outcome: Outcome, past: Correspondence | None = None) -> Correspondence:
    claim = claimed(message, write_mail(message, COMMUNITY, contact(), NOW, PAGE), NOW, POLICY)
    known = past.after(claim) if past else Correspondence.begun(claim)
    return known.after(decided(claim, outcome, NOW, POLICY))


def _after(held: CalendarEntry, outcome: Outcome) -> Correspondence:
    [message] = due(_calendars(held), {}, NOW, POLICY)
    return _transmit(message, outcome)


def _next(wanted: CalendarEntry | None, past: Correspondence, *, off: bool = False) -> list[MessageDue]:
    return due(_calendars(wanted, off=off), {KEY: past}, NOW, POLICY)


def test_a_new_seat_is_an_invitation_with_sequence_zero() -> None:
    assert due(_calendars(entry()), {}, NOW, POLICY) == [
        MessageDue(*KEY, n=1, method=Method.REQUEST, sequence=0, entry=entry())
    ]


def test_nothing_is_due_when_the_calendar_holds_what_it_should() -> None:
    assert _next(entry(), _after(entry(), SENT)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"start": entry().start + timedelta(hours=1)},
        {"minutes": 45},
        {"location": "Hall"},
        {"join_url": "https://meet.example"},
    ],
)
def test_a_change_of_time_or_place_is_an_update(change: dict[str, Any]) -> None:
    [update] = _next(entry(**change), _after(entry(), SENT))
    assert (update.n, update.method, update.sequence) == (2, Method.REQUEST, 1)
    assert (update.before, update.created) == (entry(), NOW)


def test_a_change_of_texts_alone_is_no_mail() -> None:
    assert _next(entry(title="Other", description="Other"), _after(entry(), SENT)) == []


def test_a_lost_seat_and_a_session_that_is_off_are_cancelled_each_in_its_way() -> None:
    past = _after(entry(), SENT)
    [seat] = _next(None, past)
    [session] = _next(None, past, off=True)
    assert (seat.method, seat.cancels, seat.sequence) == (Method.CANCEL, CancelKind.SEAT, 1)
    assert (session.method, session.cancels, session.entry) == (Method.CANCEL, CancelKind.SESSION, entry())


def test_a_cancellation_is_sent_once() -> None:
    past = _after(entry(), SENT)
    for outcome in (SENT, Refused("550"), InDoubt("")):
        [message] = _next(None, past)
        cancelled = _transmit(message, outcome, past)
        assert cancelled.last.method is Method.CANCEL
        assert _next(None, cancelled) == []


def test_a_seat_after_a_cancellation_is_an_invitation_with_a_higher_sequence() -> None:
    past = _after(entry(), SENT)
    [message] = _next(None, past)
    [again] = _next(entry(), _transmit(message, SENT, past))
    assert (again.n, again.method, again.sequence, again.before) == (3, Method.REQUEST, 2, None)


def test_a_refused_message_is_not_repeated_but_new_content_is_sent() -> None:
    past = _after(entry(), Refused("550 no such user"))
    assert _next(entry(), past) == []
    [update] = _next(entry(location="Hall"), past)
    assert (update.n, update.sequence, update.before) == (2, 1, None)


def test_nothing_is_cancelled_that_never_arrived() -> None:
    assert _next(None, _after(entry(), Refused("550 no such user"))) == []


def test_what_may_have_arrived_is_cancelled() -> None:
    past = _after(entry(), InDoubt("no answer"))
    again = past.after(decided(past.last, Refused("550"), NOW, POLICY))
    [cancellation] = _next(None, again)
    assert cancellation.method is Method.CANCEL


def test_newer_content_waits_until_a_doubtful_message_before_is_resolved() -> None:
    past = _after(entry(), InDoubt("no answer"))
    assert _next(entry(location="Hall"), past) == []
    resolved = past.after(decided(past.last, SENT, NOW, POLICY))
    assert len(_next(entry(location="Hall"), resolved)) == 1


def test_newer_content_replaces_a_deferred_message_that_surely_was_not_delivered() -> None:
    past = _after(entry(), Deferred("451"))
    [message] = _next(entry(location="Hall"), past)
    assert (message.method, message.sequence, message.before) == (Method.REQUEST, 1, None)


def test_a_seat_that_is_lost_while_its_invitation_is_deferred_needs_no_mail() -> None:
    past = _after(entry(), Deferred("451"))
    assert _next(None, past) == []
    assert is_resolved(KEY, Calendars(placed=frozenset({KEY[1]})), past, NOW, POLICY)


def test_a_deferred_message_that_is_still_wanted_stays_on_its_way() -> None:
    past = _after(entry(), Deferred("451"))
    assert not is_resolved(KEY, _calendars(entry()), past, NOW, POLICY)


def test_no_mail_about_what_is_over_but_cancellations_until_the_end() -> None:
    begun = entry(start=NOW - timedelta(minutes=30))
    over = entry(start=NOW - timedelta(minutes=60))
    assert due(_calendars(over), {}, NOW, POLICY) == []
    assert _next(None, _held(over)) == []
    assert len(_next(None, _held(begun))) == 1


def _held(held: CalendarEntry) -> Correspondence:
    message = MessageDue(*KEY, n=1, method=Method.REQUEST, sequence=0, entry=held)
    return _transmit(message, SENT)


def test_messages_are_ordered_by_when_sessions_start() -> None:
    later, sooner = entry(start=entry().start + timedelta(days=1)), entry()
    calendars = Calendars(
        {("p-1", "a"): later, ("p-2", "b"): sooner, ("p-1", "b"): sooner}, placed=frozenset({"a", "b"})
    )
    keys = [(message.person, message.session) for message in due(calendars, {}, NOW, POLICY)]
    assert keys == [("p-1", "b"), ("p-2", "b"), ("p-1", "a")]


def test_a_claim_is_a_valid_fact_with_the_bytes() -> None:
    [message] = due(_calendars(CalendarEntry.model_validate(Invite.example["entry"])), {}, NOW, POLICY)
    claim = claimed(message, write_mail(message, COMMUNITY, contact(), NOW, PAGE), NOW, POLICY)
    assert Invite.model_validate_json(claim.model_dump_json()) == claim
    assert (claim.claimed_at, claim.deadline) == (NOW, NOW + POLICY.claim_lasts)
    assert claim.mail is not None
