"""What a mail to the reply address turns out to be, for the shapes that calendars and servers send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reply_samples import (
    BEN,
    MAILBOX,
    UID,
    apple,
    delivery_report,
    failed,
    google,
    ics,
    mail,
    outlook,
    thunderbird,
    vevent,
)

from services.notifier.replies.incoming import (
    AttendeeCancel,
    Automatic,
    Counter,
    DeliveryReport,
    Incoming,
    ItipAnswer,
    Personal,
    Refresh,
    Reply,
    Unreadable,
)
from services.notifier.replies.reading import LARGEST_MAIL, read_message
from shared.contract.facts.replies import PartStat

TEN_FIFTEEN = datetime(2026, 12, 2, 10, 15, tzinfo=UTC)
HALF_PAST_THREE = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)


def only(message: Incoming) -> ItipAnswer:
    assert isinstance(message, Reply), message
    [answer] = message.answers
    return answer


@pytest.mark.parametrize(
    ("raw", "partstat"),
    [
        (google(), PartStat.ACCEPTED),
        (google("DECLINED"), PartStat.DECLINED),
        (outlook(), PartStat.DECLINED),
        (apple(), PartStat.TENTATIVE),
        (thunderbird(), PartStat.ACCEPTED),
    ],
    ids=["google accepts", "google declines", "outlook", "apple", "thunderbird"],
)
def test_r1_the_answers_of_common_calendars_are_read_alike(raw: bytes, partstat: PartStat) -> None:
    answer = only(read_message(raw))
    assert (answer.uid, answer.attendee, answer.partstat) == (UID, BEN, partstat)
    assert (answer.sequence, answer.stamp, answer.start) == (0, TEN_FIFTEEN, HALF_PAST_THREE)
    assert answer.minutes == 60


def test_b6_a_reply_without_organizer_and_with_mailto_in_capitals_is_read() -> None:
    message = read_message(outlook())
    assert isinstance(message, Reply)
    assert message.organizer is None
    assert message.answers[0].attendee == BEN
    assert message.answers[0].comment == "Parents' evening, sorry"


def test_the_organizer_tells_whom_a_reply_was_made_for() -> None:
    event = vevent(ORGANIZER="ORGANIZER;CN=x:MAILTO:Sessions+TOKEN@Northgate.Example")
    message = read_message(mail(ics(event)))
    assert isinstance(message, Reply)
    assert message.organizer == "sessions+token@northgate.example"


def test_b7_who_delegates_and_to_whom() -> None:
    delegated = vevent(
        ATTENDEE=f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:Cleo@lakeside.example":mailto:{BEN}\r\n'
        f'ATTENDEE;PARTSTAT=NEEDS-ACTION;DELEGATED-FROM="mailto:{BEN}":mailto:cleo@lakeside.example'
    )
    answer = only(read_message(mail(ics(delegated))))
    assert (answer.attendee, answer.partstat, answer.delegate) == (BEN, PartStat.DELEGATED, "cleo@lakeside.example")


@pytest.mark.parametrize(
    ("method", "kind"), [("REPLY", Reply), ("COUNTER", Counter), ("REFRESH", Refresh), ("CANCEL", AttendeeCancel)]
)
def test_each_method_that_attendees_send_is_its_own_kind(method: str, kind: type[Incoming]) -> None:
    assert type(read_message(mail(ics(vevent(), method=method), method=method))) is kind


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH", "ADD", "X-OWN"])
def test_p5_other_methods_are_refused(method: str) -> None:
    message = read_message(mail(ics(vevent(), method=method), method=method))
    assert isinstance(message, Unreadable)
    assert "METHOD" in message.why


def test_p5_tasks_are_refused() -> None:
    task = ics("BEGIN:VTODO\r\nUID:x\r\nDTSTAMP:20261202T101500Z\r\nEND:VTODO")
    assert read_message(mail(task)) == Unreadable("it has no event", read_message(mail(task)).head)


def test_the_method_of_the_part_counts_where_the_object_has_none() -> None:
    assert isinstance(read_message(mail(ics(vevent(), method=None), method="REPLY")), Reply)


def test_b8_a_counter_tells_the_time_it_proposes() -> None:
    event = vevent(DTSTART="DTSTART:20270113T100000Z", DTEND="DTEND:20270113T103000Z", stamp="20261202T101500Z")
    message = read_message(mail(ics(event, method="COUNTER")))
    assert isinstance(message, Counter)
    assert (message.answers[0].start, message.answers[0].minutes) == (datetime(2027, 1, 13, 10, tzinfo=UTC), 30)


def test_r4_several_events_are_several_answers_and_say_which_occurrence_they_are_about() -> None:
    single = vevent("RECURRENCE-ID;TZID=Europe/London:20270112T153000", partstat="DECLINED")
    message = read_message(mail(ics(vevent(), single)))
    assert isinstance(message, Reply)
    assert [(each.partstat, each.recurrence) for each in message.answers] == [
        (PartStat.ACCEPTED, None),
        (PartStat.DECLINED, HALF_PAST_THREE),
    ]


@pytest.mark.parametrize("stated", ["RECURRENCE-ID:20270112T153000Z", "RECURRENCE-ID;TZID=Asia/Dubai:20270112T193000"])
def test_p9_a_recurrence_id_is_the_same_instant_in_any_zone(stated: str) -> None:
    assert only(read_message(mail(ics(vevent(stated))))).recurrence == HALF_PAST_THREE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"DTSTAMP": ""}, "stamp"),
        ({"SEQUENCE": ""}, "sequence"),
        ({"DTSTART": ""}, "start"),
        ({"ATTENDEE": ""}, "attendee"),
        ({"DTSTAMP": "DTSTAMP:nonsense"}, "stamp"),
        ({"SEQUENCE": "SEQUENCE:many"}, "sequence"),
        ({"ATTENDEE": "ATTENDEE;PARTSTAT=PERHAPS:mailto:ben@hillside.example"}, "partstat"),
    ],
)
def test_what_is_missing_or_broken_is_none_and_the_rest_is_read(changed: dict[str, str], field: str) -> None:
    answer = only(read_message(mail(ics(vevent(**changed)))))
    assert getattr(answer, field) is None
    assert answer.uid == UID


def test_a_wrong_character_set_spoils_nothing() -> None:
    event = vevent("COMMENT:Grüße", ATTENDEE=f'ATTENDEE;PARTSTAT=ACCEPTED;CN="Jörg, Ben":mailto:{BEN}')
    assert only(read_message(mail(ics(event).encode("utf-8")).replace(b"UTF-8", b"us-ascii"))).comment == "Grüße"
    assert only(read_message(mail(ics(event).encode("latin-1")))).comment == "Grüße"
    assert only(read_message(mail(b"\xef\xbb\xbf" + ics(event).encode()))).attendee == BEN


def test_the_first_calendar_part_that_can_be_read_counts() -> None:
    raw = mail("BEGIN:VCALENDAR\r\nnothing")
    assert isinstance(read_message(raw), Unreadable)
    good = mail(ics(vevent()))
    cut = good.index(b"--=_limit\r\nContent-Type: text/calendar")
    assert only(read_message(raw.replace(b"--=_limit--\r\n", good[cut:]))).attendee == BEN


def test_a_mail_within_a_mail_is_not_looked_into() -> None:
    inner = mail(ics(vevent()))
    raw = (
        (
            f"From: {BEN}\r\nTo: {MAILBOX}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            "--x\r\nContent-Type: text/plain\r\n\r\nFYI\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
        ).encode()
        + inner
        + b"\r\n--x--\r\n"
    )
    assert isinstance(read_message(raw), Personal)


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied; owner-email=x",
        "Auto-Submitted: auto-notified",
        "List-Id: <staff.hillside.example>",
        "List-Unsubscribe: <mailto:leave@hillside.example>",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Return-Path: <>",
    ],
)
def test_b12_automatic_mail_is_told_apart_even_with_an_answer_in_it(field: str) -> None:
    assert isinstance(read_message(mail(ics(vevent()), field)), Automatic)


def test_b12_mail_without_a_sender_to_return_it_to_is_automatic() -> None:
    assert isinstance(read_message(mail(ics(vevent())), null_sender=True), Automatic)


@pytest.mark.parametrize(
    ("field", "kind"), [("auto-generated", Automatic), ("AUTO-REPLIED", Automatic), ("no", Personal), ("No", Personal)]
)
def test_b12_a_letter_that_a_machine_wrote_is_automatic(field: str, kind: type[Incoming]) -> None:
    assert type(read_message(mail(None, f"Auto-Submitted: {field}"))) is kind


def test_a_calendar_that_calls_its_answer_auto_generated_still_speaks_for_its_owner_but_is_never_answered() -> None:
    message = read_message(google())
    assert isinstance(message, Reply)
    assert not message.head.answerable
    assert read_message(thunderbird()).head.answerable


def test_a_delivery_report_tells_who_did_not_get_which_mail_and_why() -> None:
    report = read_message(delivery_report(failed()))
    assert isinstance(report, DeliveryReport)
    assert report.original_id == "<drawing.ben.0.request@northgate.example>"
    [status] = report.statuses
    assert (status.recipient, status.action, status.status) == (BEN, "failed", "5.1.1")
    assert status.diagnostic == "550 5.1.1 no such user"


def test_a_letter_by_a_human_is_personal() -> None:
    message = read_message(mail(None))
    assert isinstance(message, Personal)
    assert message.head.sender == BEN


def test_too_much_is_refused() -> None:
    assert isinstance(read_message(b"x" * (LARGEST_MAIL + 1)), Unreadable)
    large = read_message(mail(ics(vevent(f"COMMENT:{'x' * 300_000}"))))
    assert isinstance(large, Unreadable)
    assert "larger" in large.why
    many = read_message(mail(ics(*[vevent()] * 51)))
    assert isinstance(many, Unreadable)


def test_parts_within_parts_without_end_are_survived() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(3000)
    )
    assert isinstance(read_message(b"From: a@b.example\r\n" + deep), Unreadable | Personal)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_make_reading_fail(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from([google(), outlook(), apple(), delivery_report(failed())]))
    at = data.draw(st.integers(0, len(sample)))
    junk = data.draw(st.binary(max_size=40))
    cut = data.draw(st.integers(0, 200))
    read_message(sample[:at] + junk + sample[at + cut :])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_in_a_calendar_part_makes_reading_fail(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    read_message(mail(raw))
    read_message(mail(ics(vevent(f"COMMENT:{text}")).encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b"(" * 5000,
        b"Delivered-To: " + b"(" * 100_000,
        b"Content-Type: text/calendar; method=REPLY; charset=undefined",
        b"Content-Type: text/calendar; method=REPLY; charset=idna",
        b"Content-Type: text/calendar; method=REPLY; charset=punycode",
        b"Content-Type: text/calendar; method=REPLY; charset*=utf-8''undefined",
        b'Content-Type: text/calendar; method=REPLY; charset="a\0b"',
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822; charset=idna",
    ],
)
def test_heads_on_which_the_mail_library_raises_are_read_all_the_same(head: bytes) -> None:
    read_message(head + b"\r\nTo: sessions@northgate.example\r\n\r\n\xff\xfe" + ics(vevent()).encode())


@pytest.mark.parametrize("line_end", [b"", b"\r\n", b"\n", b"\r"])
def test_a_field_with_endless_parameters_is_refused_before_it_takes_minutes(line_end: bytes) -> None:
    field = b"Content-Type: text/calendar;" + (line_end + b" a=b;") * 200_000
    found = read_message(b"From: ben@hillside.example\r\n" + field + b"\r\n\r\nx")
    assert found == Unreadable("it has a header field without end")


def test_long_bodies_and_long_plain_fields_are_no_endless_parameters() -> None:
    body = b"Content-Type: is what this line begins with\r\n" + b"  indented\r\n" * 10
    found = read_message(b"From: ben@hillside.example\r\nReferences: " + b"<a@b>\r\n " * 5000 + b"\r\n\r\n" + body)
    assert isinstance(found, Personal)


@pytest.mark.parametrize("stated", ["RECURRENCE-ID:some day", "RECURRENCE-ID;TZID=Europe/London:20271312T153000"])
def test_an_answer_about_a_date_that_cannot_be_read_is_not_taken_for_one_about_all(stated: str) -> None:
    message = read_message(mail(ics(vevent(stated, partstat="DECLINED"))))
    assert isinstance(message, Unreadable)
    assert "RECURRENCE-ID" in message.why
