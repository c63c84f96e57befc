"""What an organiser must send: criteria O1 to O27 of the field's scheduling tests, as far as they apply to us.

docs/invitations.md lists them all, also those that our model rules out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from notifier_samples import COMMUNITY, NOW, POLICY, contact, entry, message
from planned_messages import SESSION, Story, cancelled, components, moved, series, told, unfolded, with_changed
from pydantic import ValidationError
from seated_release import View, release, seating

from services.notifier.content.calendar_object import itip
from services.notifier.content.mail import write_mail
from services.notifier.delivery.agenda import tasks
from services.notifier.planning.book import Book
from shared.bus.facts import Facts
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Invite, Method
from shared.contract.facts.replies import PartStat

ENTRY = Invite.example["entry"]


def _kinds(story: Story) -> list[tuple[str, Method, int]]:
    return [(each.person, each.method, each.sequence) for each in story.due()]


def test_o1_a_session_without_people_sends_nothing() -> None:
    view = View(release(1, "retrieval"), seating(1))
    assert view.due() == []
    view.know(release(2, "retrieval", hours=1), seating(2))
    assert view.due() == []


def test_o2_without_an_organiser_nothing_is_sent() -> None:
    view = View(release(1, "retrieval"), seating(1, "p-001"))
    assert len(view.due()) == 1
    assert tasks(Facts(), Book(Facts()), NOW, POLICY) == []
    with pytest.raises(ValidationError, match="mailbox"):
        type(COMMUNITY).model_validate(COMMUNITY.model_dump(exclude={"mailbox"}))


def test_o3_objects_hold_events_and_time_zones_and_nothing_else() -> None:
    for each in (message(), message(entry=series()), message(method=Method.CANCEL, cancels=CancelKind.SEAT)):
        calendar = Calendar.from_ical(itip(each, COMMUNITY, contact(), NOW))
        assert {part.name for part in calendar.subcomponents} == {"VTIMEZONE", "VEVENT"}


def test_o4_without_anything_old_or_new_nothing_is_sent() -> None:
    assert Story().wants(None) == []


def test_o5_a_first_seat_is_one_request_with_an_answer_asked_for() -> None:
    story = Story()
    [first] = story.wants(entry(), "p-001")
    assert (first.method, first.n, first.sequence) == (Method.REQUEST, 1, 0)
    [event] = components(first)
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["DTSTAMP"].dt == NOW
    assert "METHOD:REQUEST\r\n" in unfolded(first)


def test_o6_all_components_of_an_object_have_one_uid() -> None:
    held = series()
    assert {each["UID"] for each in components(message(entry=with_changed(held, moved(held, 1), moved(held, 2))))} == {
        "retrieval@northgate.example"
    }


def test_o7_all_components_of_an_object_have_one_organiser() -> None:
    held = series()
    found = components(message(entry=with_changed(held, moved(held, 1), moved(held, 2))))
    assert len(found) == 3
    assert len({str(each["ORGANIZER"]) for each in found}) == 1


def test_o8_an_entry_without_a_start_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="start"):
        CalendarEntry.model_validate({name: value for name, value in ENTRY.items() if name != "start"})


def test_o10_a_cancelled_date_is_left_out_beside_those_left_out_before() -> None:
    held = series()
    text = unfolded(message(entry=with_changed(held, cancelled(held, 1), cancelled(held, 2))))
    assert "EXDATE;TZID=Europe/London:20270119T153000,20270126T153000\r\n" in text


@pytest.mark.parametrize(
    ("zone", "form"),
    [("Europe/London", ";TZID=Europe/London:20270119T153000"), ("Africa/Cairo", ":20270119T153000Z")],
)
def test_o12_a_left_out_date_is_told_by_the_clock_of_the_start(zone: str, form: str) -> None:
    held = series(zone=zone)
    text = unfolded(message(entry=with_changed(held, cancelled(held, 1))))
    assert f"EXDATE{form}\r\n" in text
    assert f"DTSTART{form.replace('0119', '0112')}\r\n" in text


def test_o13_the_rule_of_a_series_survives_changes_of_its_dates() -> None:
    held = series()
    every_other = held.model_copy(update={"dates": held.dates[::2]})
    changed = with_changed(every_other, moved(every_other, 1))
    for each in (every_other, changed):
        assert "RRULE:FREQ=WEEKLY;COUNT=2;INTERVAL=2\r\n" in unfolded(message(entry=each))


def test_o15_removed_kept_and_added_people_get_a_cancel_nothing_and_a_request() -> None:
    story = told(entry(), "p-a", "p-b")
    story.wants(entry(), "p-b", "p-c")
    assert _kinds(story) == [("p-a", Method.CANCEL, 1), ("p-c", Method.REQUEST, 0)]


def test_o16_with_another_length_also_who_stays_gets_a_request() -> None:
    story = told(entry(), "p-a", "p-b")
    story.wants(entry(minutes=45), "p-b", "p-c")
    assert _kinds(story) == [("p-a", Method.CANCEL, 1), ("p-b", Method.REQUEST, 1), ("p-c", Method.REQUEST, 0)]


def test_o17_the_organiser_is_never_the_recipient() -> None:
    reply_to = "sessions+abc@northgate.example"
    [event] = Calendar.from_ical(itip(message(), COMMUNITY, contact(), NOW, reply_to=reply_to)).walk("VEVENT")
    assert event["ORGANIZER"] == f"mailto:{reply_to}"
    assert event["ORGANIZER"] != event["ATTENDEE"]


def test_o18_a_session_that_gets_its_first_people_invites_them() -> None:
    story = Story()
    assert story.wants(entry()) == []
    story.wants(entry(), "p-a")
    assert _kinds(story) == [("p-a", Method.REQUEST, 0)]


def test_o19_a_session_that_loses_all_its_people_cancels_for_each() -> None:
    story = told(entry(), "p-a", "p-b")
    found = story.wants(entry())
    assert [(each.person, each.method, each.cancels) for each in found] == [
        ("p-a", Method.CANCEL, CancelKind.SEAT),
        ("p-b", Method.CANCEL, CancelKind.SEAT),
    ]


def test_o20_a_date_that_is_called_off_is_told() -> None:
    held = series()
    story = told(held, "p-a")
    [message] = story.wants(with_changed(held, cancelled(held, 1)), "p-a")
    assert (message.method, message.cancels, message.sequence) == (Method.CANCEL, CancelKind.OCCURRENCE, 1)


def test_o21_nothing_is_sent_when_nothing_changed() -> None:
    story = told(entry(), "p-a")
    assert story.wants(entry(), "p-a") == []


def test_o22_who_asks_gets_the_present_state_although_nothing_changed() -> None:
    story = told(entry(), "p-a", "p-b")
    story.answered("p-a", None, refresh_asked_at=story.now + timedelta(minutes=1))
    [again] = story.transmits()
    assert (again.person, again.method, again.sequence, again.n) == ("p-a", Method.REQUEST, 0, 2)
    assert story.due() == []


def test_o23_a_session_that_is_off_is_cancelled_for_all() -> None:
    story = told(entry(), "p-a", "p-b")
    found = story.wants(None, off=True)
    assert [(each.person, each.cancels) for each in found] == [
        ("p-a", CancelKind.SESSION),
        ("p-b", CancelKind.SESSION),
    ]
    assert all("STATUS:CANCELLED\r\n" in unfolded(each) for each in found)


def test_o24_a_cancellation_tells_the_time_that_was_with_its_zone_and_a_higher_sequence() -> None:
    story = told(entry(), "p-a")
    [message] = story.wants(None, off=True)
    text = unfolded(message)
    for line in (
        "SEQUENCE:1",
        "DTSTART;TZID=Europe/London:20270112T153000",
        "DTEND;TZID=Europe/London:20270112T163000",
        "BEGIN:VTIMEZONE",
    ):
        assert f"\r\n{line}\r\n" in text


def test_o25_nothing_of_a_calendar_servers_own_goes_out() -> None:
    held = series()
    for each in (message(), message(entry=with_changed(held, moved(held, 1)))):
        assert "SCHEDULE-" not in unfolded(each)


def test_o26_zones_are_iana_zones_and_travel_along() -> None:
    with pytest.raises(ValidationError, match="zone"):
        CalendarEntry.model_validate(ENTRY | {"zone": "/custom/Berlin"})
    assert "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n" in unfolded(message(entry=entry(zone="America/New_York")))


def test_o27_an_address_in_other_letters_is_no_new_person() -> None:
    view = View(release(1, "retrieval"), seating(1, "p-001"))
    view.transmit()
    shouted = contact(address="P-001@HILLSIDE.EXAMPLE").model_dump() | {"name": "p-001"}
    view.know(type(contact()).model_validate(shouted))
    assert view.due() == []


def test_b3_whole_and_single_cancellations_are_told_apart_also_in_words() -> None:
    story = told(entry(), "p-a")
    [seat] = story.wants(entry())
    [session] = story.wants(None, off=True)
    assert ("STATUS" in unfolded(seat), "STATUS:CANCELLED" in unfolded(session)) == (False, True)
    subjects = [
        write_mail(each, COMMUNITY, contact(), NOW, "https://x.example").text.partition("Subject: ")[2].split(":")[0]
        for each in (seat, session)
    ]
    assert subjects == ["Seat given back", "Cancelled"]


def test_b4_one_cancelled_date_goes_out_alone_and_leaves_the_others() -> None:
    held = series()
    story = told(held, "p-a")
    off = with_changed(held, cancelled(held, 1))
    [message] = story.wants(off, "p-a")
    [event] = components(message)
    assert event["RECURRENCE-ID"].dt == held.dates[1]
    assert (event["STATUS"], event["SEQUENCE"], "RRULE" in event) == ("CANCELLED", 1, False)
    story.transmits()
    assert story.sent[("p-a", SESSION)].entry_held == off
    assert story.due() == []


def test_b4_one_moved_date_goes_out_alone_with_its_own_sequence() -> None:
    held = series()
    story = told(held, "p-a")
    [message] = story.wants(with_changed(held, moved(held, 2, location="Hall")), "p-a")
    [event] = components(message)
    assert event["RECURRENCE-ID"].dt == held.dates[2]
    assert event["DTSTART"].dt.astimezone(UTC) == held.dates[2] + timedelta(hours=1)
    assert (event["LOCATION"], event["SEQUENCE"]) == ("Hall", 1)
    assert message.method is Method.REQUEST


def test_b5_cancelled_and_restored_the_session_comes_back_with_a_higher_sequence() -> None:
    story = told(entry(), "p-a")
    story.wants(None, off=True)
    story.transmits()
    [back] = story.wants(entry(), "p-a")
    [event] = components(back)
    assert (back.method, event["SEQUENCE"], event["STATUS"]) == (Method.REQUEST, 2, "CONFIRMED")


def test_b5_a_seat_given_back_and_taken_again_keeps_its_uid() -> None:
    story = told(entry(), "p-a")
    [gone] = story.wants(entry())
    story.transmits()
    [back] = story.wants(entry(), "p-a")
    assert components(gone)[0]["UID"] == components(back)[0]["UID"]
    assert back.sequence > gone.sequence


def test_b9_nobody_else_hears_of_an_answer() -> None:
    story = told(entry(), "p-a", "p-b")
    for partstat in PartStat:
        story.answered("p-a", partstat)
        assert story.due() == []


def test_b9_one_more_person_is_one_more_mail() -> None:
    story = told(entry(), "p-a", "p-b")
    assert [each.person for each in story.wants(entry(), "p-a", "p-b", "p-c")] == ["p-c"]


def test_b10_nothing_is_sent_about_what_is_over_but_cancellations_until_the_end() -> None:
    story = told(entry(), "p-a")
    story.now = entry().start + timedelta(minutes=59)
    assert [each.method for each in story.wants(None, off=True)] == [Method.CANCEL]
    story.now = entry().start + timedelta(minutes=60)
    assert story.due() == []
    assert story.wants(entry(location="Hall"), "p-a", "p-new") == []


def test_b10_a_date_of_a_series_that_is_over_is_not_told() -> None:
    held = series()
    story = told(held, "p-a")
    story.now = held.dates[1] + timedelta(hours=3)
    assert story.wants(with_changed(held, moved(held, 0)), "p-a") == []
    [message] = story.wants(with_changed(held, moved(held, 0), moved(held, 3)), "p-a")
    assert message.occurrence == held.dates[3]


def test_b11_everybody_gets_an_object_of_their_own() -> None:
    story = Story()
    for each in story.wants(entry(), "p-a", "p-b"):
        text = unfolded(each)
        assert text.count("ATTENDEE") == 1
        assert f"mailto:{each.person}@x.example" in text


def test_b13_the_same_facts_twice_are_one_message() -> None:
    view = View(release(1, "retrieval"), seating(1, "p-001"))
    view.know(release(1, "retrieval"), seating(1, "p-001"))
    [message] = view.due()
    view.claim(message)
    view.know(release(1, "retrieval"), seating(1, "p-001"))
    assert view.due() == []


def test_b13_a_message_is_written_the_same_each_time() -> None:
    first, second = (write_mail(message(), COMMUNITY, contact(), NOW, "https://x.example") for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # 02:30 after the gap
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # 01:30, the first time
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),  # 01:30, the second time
    ],
)
def test_b15_an_hour_that_is_skipped_or_comes_twice_is_told_as_the_right_instant(instant: datetime) -> None:
    [event] = components(message(entry=entry(start=instant, minutes=15)))
    assert event["DTSTART"].dt.astimezone(UTC) == instant
