"""What a person's answers change in what they are sent."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_string
from email.policy import default

import pytest
from notifier_samples import COMMUNITY, NOW, PAGE, contact, entry
from planned_messages import SESSION, Story, cancelled, components, moved, series, told, unfolded, with_changed

from services.notifier.content.mail import write_mail
from services.notifier.delivery.outcome import Deferred, Refused
from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.replies import PartStat

KEY = ("p-a", SESSION)
HOUR = timedelta(hours=1)


def _declined(**other: object) -> Story:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.DECLINED, **other)
    return story


def test_who_declined_in_their_calendar_is_not_told_that_the_seat_was_given_back() -> None:
    assert _declined().wants(entry()) == []


def test_who_declined_in_their_calendar_is_not_told_that_the_session_is_off_either() -> None:
    assert _declined().wants(None, off=True) == []


def test_who_declined_by_a_link_has_the_entry_taken_out_of_their_calendar() -> None:
    [message] = _declined(declined_in_calendar=None).wants(entry())
    assert (message.method, message.cancels) == (Method.CANCEL, CancelKind.SEAT)


def test_who_declined_in_their_calendar_and_then_says_yes_by_a_link_gets_the_entry_back_once() -> None:
    story = _declined()
    story.wants(entry())
    story.answered("p-a", PartStat.ACCEPTED, declined_in_calendar=0)
    assert story.due() == [], "whether there is a seat is not decided yet"
    [message] = story.wants(entry(), "p-a")
    assert (message.method, message.sequence, message.partstat) == (Method.REQUEST, 1, PartStat.ACCEPTED)
    story.transmits()
    assert story.due() == []
    assert [each.method for each in story.wants(None, off=True)] == [Method.CANCEL]


def test_who_declined_in_their_calendar_and_finds_no_seat_left_is_left_alone() -> None:
    story = _declined()
    story.wants(entry())
    story.answered("p-a", PartStat.ACCEPTED, declined_in_calendar=0)
    story.now += timedelta(hours=1)
    assert story.due() == []


def test_who_says_yes_again_in_their_calendar_but_finds_no_seat_left_is_told_after_a_moment() -> None:
    story = _declined()
    story.wants(entry())
    story.answered("p-a", PartStat.ACCEPTED)
    assert story.due() == []
    story.now += timedelta(minutes=1)
    assert [(each.method, each.cancels) for each in story.due()] == [(Method.CANCEL, CancelKind.SEAT)]


def test_a_session_that_is_off_is_told_at_once_to_who_just_said_yes() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.ACCEPTED)
    assert [each.cancels for each in story.wants(None, off=True)] == [CancelKind.SESSION]


def test_a_no_to_earlier_times_is_no_reason_to_send_the_entry_again() -> None:
    story = _declined()
    story.wants(entry(start=entry().start + HOUR), "p-a")
    story.transmits()
    story.answered("p-a", PartStat.ACCEPTED, declined_in_calendar=0)
    assert story.due() == []


def test_who_declined_is_not_told_of_another_place_but_asked_anew_for_another_time() -> None:
    story = _declined()
    assert story.wants(entry(location="Hall"), "p-a") == []
    [message] = story.wants(entry(start=entry().start + HOUR), "p-a")
    assert (message.method, message.sequence, message.partstat) == (Method.REQUEST, 1, None)


def test_an_answer_to_other_times_no_longer_counts() -> None:
    story = _declined()
    story.wants(entry(start=entry().start + HOUR), "p-a")
    story.transmits()
    [message] = story.wants(None, off=True)
    assert message.method is Method.CANCEL


def test_an_answer_counts_on_when_only_the_place_changed_since() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.ACCEPTED)
    for place in ("Hall", "Gym"):
        [message] = story.wants(entry(location=place), "p-a")
        assert message.partstat is PartStat.ACCEPTED
        story.transmits()


@pytest.mark.parametrize("partstat", [PartStat.ACCEPTED, PartStat.TENTATIVE])
def test_with_another_place_the_calendar_keeps_the_answer(partstat: PartStat) -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", partstat)
    [message] = story.wants(entry(location="Hall"), "p-a")
    [event] = components(message)
    assert event["ATTENDEE"].params["PARTSTAT"] == partstat.upper()
    assert "RSVP" not in event["ATTENDEE"].params
    assert "no need to give it again" in _text(message)


def test_with_another_time_the_calendar_asks_anew() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.ACCEPTED)
    [message] = story.wants(entry(start=entry().start + HOUR), "p-a")
    [event] = components(message)
    assert (event["ATTENDEE"].params["PARTSTAT"], event["ATTENDEE"].params["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    assert "Please press" in _text(message)


def test_a_delegated_answer_is_never_written_without_its_delegate() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.DELEGATED)
    [message] = story.wants(entry(location="Hall"), "p-a")
    assert message.partstat is None


def test_a_refresh_gets_the_same_sequence_a_new_stamp_and_a_new_number() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.ACCEPTED, refresh_asked_at=story.now + timedelta(minutes=1))
    story.now += timedelta(hours=2)
    [message] = story.due()
    assert (message.method, message.sequence, message.n, message.again) == (Method.REQUEST, 0, 2, True)
    assert message.partstat is PartStat.ACCEPTED
    mails = [write_mail(each, COMMUNITY, contact(), story.now, PAGE) for each in (message, _first())]
    assert mails[0].message_id == "<retrieval.p-a.0.request.2@northgate.example>"
    assert mails[0].message_id != mails[1].message_id
    assert "how &#34;Retrieval practice&#34; stands" in _html(message)


def test_a_refresh_is_answered_once_and_again_when_asked_again() -> None:
    story = told(entry(), "p-a")
    for number in (2, 3):
        story.answered("p-a", None, refresh_asked_at=story.now + timedelta(minutes=1))
        assert [each.n for each in story.transmits()] == [number]
        assert story.due() == []


@pytest.mark.parametrize("question", ["refresh_asked_at", "counter_declined_at"])
def test_a_question_from_a_clock_that_is_ahead_is_answered_once(question: str) -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.TENTATIVE, **{question: story.now + timedelta(days=1)})
    assert len(story.transmits()) == 1
    story.wants(entry(location="Hall"), "p-a")
    assert [each.again for each in story.transmits()] == [False]


def test_an_update_that_was_sent_since_answers_a_refresh() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", None, refresh_asked_at=story.now + timedelta(seconds=30))
    story.wants(entry(location="Hall"), "p-a")
    assert [(each.sequence, each.again) for each in story.transmits()] == [(1, False)]


def test_a_refresh_after_a_cancellation_gets_the_cancellation() -> None:
    story = told(entry(), "p-a")
    story.wants(None, off=True)
    story.transmits()
    story.answered("p-a", None, refresh_asked_at=story.now + timedelta(minutes=1))
    [message] = story.transmits()
    assert (message.method, message.cancels, message.sequence) == (Method.CANCEL, CancelKind.SESSION, 1)
    assert "STATUS:CANCELLED" in unfolded(message)


def test_who_never_got_the_first_mail_and_asks_for_it_is_invited() -> None:
    story = Story()
    story.wants(entry(), "p-a")
    story.transmits(Refused("550"))
    story.answered("p-a", None, refresh_asked_at=story.now + timedelta(minutes=1))
    [message] = story.transmits()
    assert "Subject: Invitation: " in write_mail(message, COMMUNITY, contact(), NOW, PAGE).text


def test_a_refused_counter_is_declined_with_the_sequence_of_the_entry() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.TENTATIVE, counter_declined_at=story.now + timedelta(minutes=2))
    story.now += timedelta(minutes=5)
    [message] = story.transmits()
    assert (message.method, message.sequence, message.entry) == (Method.DECLINECOUNTER, 0, entry())
    text = unfolded(message)
    assert "METHOD:DECLINECOUNTER\r\n" in text
    assert "RSVP" not in text
    assert "cannot move" in _text(message)
    assert story.due() == []


def test_after_a_declined_counter_changes_are_told_as_before() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.TENTATIVE, counter_declined_at=story.now + timedelta(minutes=2))
    story.transmits()
    [update] = story.wants(entry(location="Hall"), "p-a")
    assert (update.method, update.n, update.sequence, update.before) == (Method.REQUEST, 3, 1, entry())
    [cancel] = story.wants(entry())
    assert (cancel.method, cancel.entry) == (Method.CANCEL, entry())


def test_a_new_request_answers_a_counter_too() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.TENTATIVE, counter_declined_at=story.now + timedelta(seconds=90))
    story.wants(entry(start=entry().start + HOUR), "p-a")
    story.now += timedelta(minutes=5)
    assert [each.method for each in story.transmits()] == [Method.REQUEST]


def test_nobody_without_a_seat_is_told_that_a_counter_is_declined() -> None:
    story = told(entry(), "p-a")
    story.wants(entry())
    story.transmits()
    story.answered("p-a", PartStat.TENTATIVE, counter_declined_at=story.now + timedelta(minutes=2))
    story.now += timedelta(minutes=5)
    assert story.due() == []


def test_a_deferred_decline_of_a_counter_gives_way_to_a_change() -> None:
    story = told(entry(), "p-a")
    story.answered("p-a", PartStat.TENTATIVE, counter_declined_at=story.now + timedelta(minutes=2))
    story.now += timedelta(minutes=5)
    [message] = story.due()
    story.transmit(message, Deferred("451"))
    assert story.due() == []
    [update] = story.wants(entry(location="Hall"), "p-a")
    assert (update.method, update.sequence) == (Method.REQUEST, 1)


def test_a_moved_date_asks_anew_while_the_answer_to_the_series_stands() -> None:
    held = series()
    story = told(held, "p-a")
    story.answered("p-a", PartStat.ACCEPTED)
    off = with_changed(held, moved(held, 1))
    [message] = story.wants(off, "p-a")
    assert message.partstat is None
    story.transmits()
    whole = off.model_copy(update={"location": "Hall", "changed": (moved(held, 1),)})
    [update] = story.wants(whole, "p-a")
    assert (update.occurrence, update.partstat) == (None, PartStat.ACCEPTED)


def test_who_declined_a_series_is_not_told_of_its_dates() -> None:
    held = series()
    story = told(held, "p-a")
    story.answered("p-a", PartStat.DECLINED)
    assert story.wants(with_changed(held, cancelled(held, 1)), "p-a") == []


def _first():
    [message] = Story().wants(entry(), "p-a")
    return message


def _text(message: MessageDue) -> str:
    return _readings(message)[0]


def _html(message: MessageDue) -> str:
    return _readings(message)[1]


def _readings(message: MessageDue) -> list[str]:
    parsed = message_from_string(write_mail(message, COMMUNITY, contact(), NOW, PAGE).text, policy=default)
    return [parsed.get_body((kind,)).get_content() for kind in ("plain", "html")]
