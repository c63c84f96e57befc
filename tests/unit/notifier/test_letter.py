"""What mails say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from notifier_samples import COMMUNITY, NOW, PAGE, contact, entry, message

from services.notifier.content.letter import Letter, letter
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.replies import PartStat


def _letter(**other: Any) -> Letter:
    recipient = other.pop("recipient", contact())
    return letter(message(**other), COMMUNITY, recipient, NOW, PAGE)


def test_an_invitation_tells_what_when_where_and_how_to_get_it_into_the_calendar() -> None:
    told = _letter()
    assert told.subject == "Invitation: Retrieval practice, Tue, 12 Jan 2027, 15:30"
    for form in (told.text, told.html):
        for part in ("Amara Osei", "Tuesday, 12 January 2027, 15:30 to 16:30 (Europe/London)", "Library", "Yes", PAGE):
            assert part in form
        assert "For you" not in form


def test_the_readers_own_clock_is_shown_when_it_differs() -> None:
    told = _letter(recipient=contact(zone="Asia/Dubai"))
    assert "For you: Tuesday, 12 January 2027, 19:30 to 20:30 (Asia/Dubai)" in told.text
    assert "For you" not in _letter(recipient=contact(zone="Europe/Lisbon")).text


def test_a_session_past_midnight_tells_the_day_it_ends() -> None:
    late = entry(start=datetime(2027, 1, 12, 23, 30, tzinfo=UTC))
    assert "Tuesday, 12 January 2027, 23:30 to 00:30 on Wednesday, 13 January 2027" in _letter(entry=late).text


def test_an_update_tells_what_was_and_what_is() -> None:
    told = _letter(
        n=2, sequence=1, before=entry(location="Hall, Hillside School"), entry=entry(join_url="https://m.example")
    )
    assert told.subject.startswith("Changed: ")
    assert "Where, before: Hall, Hillside School\nWhere, now: Library, Hillside School\n" in told.text
    assert "Join online, before: no link\nJoin online, now: https://m.example\n" in told.text
    assert "When, before" not in told.text
    assert "<del>Hall, Hillside School</del>" in told.html


def test_a_cancellation_tells_which_kind_it_is() -> None:
    off = _letter(method=Method.CANCEL, cancels=CancelKind.SESSION, before=entry(), n=2, sequence=1)
    seat = _letter(method=Method.CANCEL, cancels=CancelKind.SEAT, before=entry(), n=2, sequence=1)
    assert off.subject.startswith("Cancelled: ")
    assert "left the programme" in off.text
    assert seat.subject.startswith("Seat given back: ")
    assert "given back" in seat.html
    assert "press" not in off.text + seat.text


def test_markup_in_a_title_stays_text() -> None:
    told = _letter(entry=entry(title="<script>x</script> & co"))
    assert "&lt;script&gt;" in told.html
    assert "<script>" not in told.html
    assert "<script>x</script> & co" in told.text


def test_an_unknown_place_is_left_out() -> None:
    assert "Where" not in _letter(entry=entry(location="")).text


def test_readers_of_one_message_get_their_own_name_and_links_and_nobody_elses() -> None:
    answers = {each: f"https://desk.example/{{}}/{each}" for each in (PartStat.ACCEPTED, PartStat.DECLINED)}

    def to(name: str) -> Letter:
        urls = {each: url.format(f"a&{name}") for each, url in answers.items()}
        return letter(message(), COMMUNITY, contact(name=f"{name} <b>"), NOW, f"https://d.example/me/{name}?a&b", urls)

    first, second = to("amara"), to("ben")
    for told, own, other in ((first, "amara", "ben"), (second, "ben", "amara")):
        assert f"Hello {own} <b>,\n" in told.text
        assert f"https://desk.example/a&{own}/accepted\n" in told.text
        assert f"Hello {own} &lt;b&gt;," in told.html
        assert f'href="https://d.example/me/{own}?a&amp;b"' in told.html
        assert other not in told.text + told.html
        assert "\0" not in told.text + told.html


def test_a_name_that_looks_like_a_place_to_fill_in_stays_a_name() -> None:
    told = _letter(recipient=contact(name="\0page\0 %(when)s {{ about }}"))
    assert "Hello page  %(when)s {{ about }},\n" in told.text
