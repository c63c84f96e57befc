"""A real CalDAV store, kept as a calendar client keeps it by our mails: all of them land on one object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from radicale import config
from radicale.app import Application

from shared.contract.facts.notifier import CancelKind, Method
from tests.oracles.calendar_client import HOME, CalendarClient
from tests.oracles.meaning import meant_by, seen
from tests.oracles.messages import SAMPLES, Sample
from tests.oracles.reading import Reader
from tests.unit.notifier.notifier_samples import COMMUNITY, NOW, contact, entry, message

_MAKE_CALENDAR = """<?xml version="1.0"?>
<mkcalendar xmlns="urn:ietf:params:xml:ns:caldav"><set xmlns="DAV:"><prop/></set></mkcalendar>"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of an empty calendar."""
    settings = config.load()
    settings.update(
        {"storage": {"filesystem_folder": str(tmp_path)}, "auth": {"type": "none"}, "logging": {"level": "critical"}},
        "test",
    )
    with make_server("127.0.0.1", 0, Application(settings), handler_class=_Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{server.server_port}", auth=("amara", ""), timeout=60
            ) as client:
                client.request("MKCALENDAR", HOME, content=_MAKE_CALENDAR).raise_for_status()
                yield client
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def calendar(store: httpx.Client, reader: Reader) -> CalendarClient:
    return CalendarClient(store, reader)


def _sample(n: int, **other: object) -> Sample:
    fields = {"n": n, "sequence": n - 1, "created": NOW - timedelta(days=n)}
    return Sample(message(**fields | other), COMMUNITY, contact())


MOVED = _sample(2, before=entry(), entry=entry(start=datetime(2027, 7, 13, 9, tzinfo=UTC), location="Hall"))
CANCELLED = _sample(3, method=Method.CANCEL, cancels=CancelKind.SESSION, entry=MOVED.message.entry)
RESTORED = _sample(4, entry=MOVED.message.entry)


def test_invitation_update_cancellation_and_restoring_land_on_one_object(calendar: CalendarClient) -> None:
    for sample in (_sample(1), MOVED, CANCELLED, RESTORED):
        assert calendar.takes(sample)
        assert calendar.objects() == 1
        held = calendar.event(sample)
        assert held is not None
        assert [seen(held)] == meant_by(sample)


def test_the_store_finds_a_session_at_its_instants(calendar: CalendarClient) -> None:
    """It resolves times itself, by the VTIMEZONE that we sent."""
    january, july = (datetime(2027, month, day, tzinfo=UTC) for month, day in ((1, 12), (7, 13)))
    calendar.takes(_sample(1))
    assert (calendar.objects_on(january), calendar.objects_on(july)) == (1, 0)
    calendar.takes(MOVED)
    assert (calendar.objects_on(january), calendar.objects_on(july)) == (0, 1)


def test_the_store_finds_the_occurrences_of_a_series_where_they_are_now(calendar: CalendarClient) -> None:
    usual, changed = SAMPLES["a weekly series"], SAMPLES["a series with changes"]
    held = [each.start for each in changed.message.entry.changed if not each.cancelled]
    gone = [each.original for each in changed.message.entry.changed if each.cancelled]
    assert calendar.takes(usual)
    assert [calendar.objects_at(each) for each in usual.message.entry.dates] == [1] * 5
    assert calendar.takes(changed)
    assert calendar.objects() == 1
    assert [calendar.objects_at(each) for each in held] == [1]
    assert [calendar.objects_at(each) for each in gone] == [0]


def test_a_message_about_one_occurrence_changes_that_one_alone(calendar: CalendarClient) -> None:
    usual, moved, off = (
        SAMPLES[name] for name in ("a weekly series", "one occurrence moved", "one occurrence cancelled")
    )
    assert calendar.takes(usual)
    for sample in (moved, off):
        assert calendar.takes(sample)
        assert calendar.objects() == 1
    held = [seen(each) for each in calendar.events(usual)]
    assert held == [*meant_by(usual), *meant_by(moved), *meant_by(off)]
    original = moved.message.occurrence
    assert original is not None
    now = moved.message.entry.occurrence(original).start
    assert [calendar.objects_at(each) for each in (original, now)] == [0, 1]
    others = [each for each in usual.message.entry.dates if each not in {original, off.message.occurrence}]
    assert [calendar.objects_at(each) for each in others] == [1] * 3


def test_a_message_that_comes_late_changes_nothing(calendar: CalendarClient) -> None:
    assert calendar.takes(MOVED)
    assert not calendar.takes(_sample(1))
    held = calendar.event(MOVED)
    assert held is not None
    assert [seen(held)] == meant_by(MOVED)


def test_a_seat_that_is_given_back_leaves_the_calendar(calendar: CalendarClient) -> None:
    given_back = _sample(2, method=Method.CANCEL, cancels=CancelKind.SEAT)
    assert calendar.takes(_sample(1))
    assert calendar.takes(given_back)
    assert calendar.objects() == 0
    assert calendar.takes(_sample(3))
    assert calendar.objects() == 1


@pytest.mark.parametrize("name", ["hostile everything: CRLF", "hostile everything: 10,000 characters", "a zone in UTC"])
def test_the_store_keeps_what_it_was_given(calendar: CalendarClient, name: str) -> None:
    assert calendar.takes(SAMPLES[name])
    held = calendar.event(SAMPLES[name])
    assert held is not None
    assert [seen(held)] == meant_by(SAMPLES[name])
