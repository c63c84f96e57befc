"""What a calendar feed lists: SEQUENCE and DTSTAMP of what releases changed, and how long cancelled sessions stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from notifier_samples import COMMUNITY, NOW, entry
from seated_release import LIBRARY, START, proposal, release, seating

from services.notifier.content.calendar_object import Revision
from services.notifier.feeds.calendar import Calendar, Heading, calendar
from services.notifier.feeds.listing import KnownProposal, KnownRelease, ListedSession, public_sessions, shown
from shared.contract.facts.scheduler import Release


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


def known(number: int, *sessions: str, **other: int) -> KnownRelease:
    state: Release = release(number, *sessions, **other)
    return KnownRelease(state, day(number))


def listed(*releases: KnownRelease, changed: datetime | None = None) -> dict[str, ListedSession]:
    proposals = {
        name: KnownProposal(proposal(name, tags=("maths",), abstract="About it."), changed)
        for name in ("retrieval", "reading")
    }
    found = public_sessions(releases, {"retrieval": seating(len(releases), "p-001")}, proposals, {})
    return {each.session: each for each in found}


def revision(session: ListedSession) -> tuple[int, datetime, datetime]:
    return session.revision.sequence, session.revision.stamp, session.revision.created


def test_a_release_that_changes_nothing_of_a_session_leaves_its_stamp() -> None:
    found = listed(known(1, "retrieval"), known(2, "retrieval", "reading"))
    assert revision(found["retrieval"]) == (0, day(1), day(1))
    assert revision(found["reading"]) == (0, day(2), day(2))
    assert found["retrieval"].entry.location == LIBRARY.line()
    assert found["retrieval"].tags == ("maths", "workshop")


def test_a_move_a_cancellation_and_a_return_each_raise_the_sequence() -> None:
    moved = listed(known(1, "retrieval"), known(2, "retrieval", hours=1))["retrieval"]
    assert (revision(moved), moved.entry.start, moved.cancelled) == (
        (1, day(2), day(1)),
        START + timedelta(hours=1),
        False,
    )
    off = listed(known(1, "retrieval"), known(2), known(3))["retrieval"]
    assert (revision(off), off.entry.start, off.cancelled) == ((1, day(2), day(1)), START, True)
    back = listed(known(1, "retrieval"), known(2), known(3, "retrieval"))["retrieval"]
    assert (revision(back), back.cancelled) == ((2, day(3), day(1)), False)


def test_releases_of_another_programme_cancel_nothing_and_order_of_arrival_does_not_matter() -> None:
    other = known(2, "reading", programme="autumn")
    assert not listed(known(1, "retrieval"), other)["retrieval"].cancelled
    one, two = known(1, "retrieval"), known(2, "retrieval", hours=1)
    assert listed(one, two) == listed(two, one)


def test_a_changed_text_is_a_later_stamp_and_a_room_of_an_older_release_is_not_told() -> None:
    assert revision(listed(known(1, "retrieval"), changed=day(9))["retrieval"]) == (0, day(9), day(1))
    stale = public_sessions(
        [known(1, "retrieval"), known(2, "retrieval")],
        {"retrieval": seating(1, "p-001")},
        {"retrieval": KnownProposal(proposal("retrieval"), None)},
        {},
    )
    assert stale[0].entry.location == ""


def test_cancelled_sessions_leave_after_a_while_and_others_a_year_after_they_ended() -> None:
    found = list(listed(known(1, "retrieval", "reading"), known(2, "retrieval")).values())
    assert {each.session for each in shown(found, day(3), 30)} == {"retrieval", "reading"}
    assert {each.session for each in shown(found, day(2) + timedelta(days=30), 30)} == {"retrieval"}
    assert shown(found, START + timedelta(days=367), 30) == []


def made(*sessions: ListedSession) -> Calendar:
    return calendar(sessions, Heading("Northgate", "https://desk.example/northgate", None), COMMUNITY)


def one(**other: str) -> ListedSession:
    return ListedSession("retrieval", entry(**other), Revision(3, NOW, NOW - timedelta(days=2)), ("maths",))


def test_equal_state_gives_equal_bytes_and_any_change_another_etag() -> None:
    assert made(one()) == made(one())
    assert made(one()).etag != made(one(title="Another")).etag
    assert made(one()).modified == NOW
    assert made().body.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("field", ["title", "description", "location"])
@pytest.mark.parametrize("text", ["Ask amara.osei@hillside.example now", "x@y.example", "<Bo@north.example>"])
def test_b16_no_address_is_in_a_feed(field: str, text: str) -> None:
    body = made(one(**{field: text})).body.replace(b"\r\n ", b"")
    assert b"address on request" in body
    for each in (b"hillside.example", b"@y.example", b"@north.example", b"mailto:", b"ATTENDEE"):
        assert each not in body
    assert body.count(b"@") == 1  # the UID


def test_a_long_text_of_one_word_takes_no_longer_than_it_must() -> None:
    body = made(one(description="a" * 4000 + "@" + "b" * 4000), *(one(description="@" * 4000) for _ in range(20))).body
    assert b"BEGIN:VEVENT" in body
