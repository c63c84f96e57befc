"""Calendars that are published, as foreign readers see them: a person's own file, and the feed of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.content.calendar_object import Revision
from services.notifier.delivery.life import Mail, decided
from services.notifier.delivery.outcome import Sent
from services.notifier.feeds.calendar import Heading, calendar
from services.notifier.feeds.listing import ListedSession
from services.notifier.planning.calendars import calendar_file
from services.notifier.planning.correspondence import followed
from services.notifier.planning.message import MessageDue
from services.notifier.planning.messages_due import claimed
from services.scheduler.exports.calendar_feed import calendar_feed
from services.scheduler.exports.edition import Edition, EditionSession
from services.scheduler.exports.printable import printable
from shared.contract.facts.notifier import CancelKind, Invite, Method
from tests.oracles.meaning import Meant, instant, published, seen, visible
from tests.oracles.messages import HOSTILE
from tests.oracles.reading import Reader, Reading
from tests.unit.notifier.notifier_samples import COMMUNITY, NOW, POLICY, entry, message
from tests.unit.scheduler.exports.export_samples import LIBRARY, SPRING, at, edition, session


@dataclass(frozen=True)
class Published:
    raw: bytes
    events: tuple[Meant, ...]


def _of_release(release: Edition) -> Published:
    return Published(calendar_feed(release).encode(), tuple(_in_feed(release, each) for each in release.sessions))


def _in_feed(release: Edition, each: EditionSession) -> Meant:
    return Meant(
        uid=f"{each.id}@{release.host.domain}",
        sequence=None,
        status="CONFIRMED",
        start=instant(each.start),
        end=instant(each.end),
        starts=(instant(each.start),),
        attendees=(),
        summary=visible(each.full_title),
        location=visible(each.venue.line),
    )


def _of_person(*messages: MessageDue, meant: tuple[Meant, ...]) -> Published:
    claims = [claimed(each, Mail("<m>", "m"), NOW, POLICY) for each in messages]
    facts: list[Invite] = [fact for each in claims for fact in (each, decided(each, Sent("250"), NOW, POLICY))]
    return Published(calendar_file(followed(facts).values(), COMMUNITY), meant)


def _one_persons() -> Published:
    dubai = entry(start=entry().start + timedelta(days=80), zone="Asia/Dubai", location="")
    cairo = entry(start=entry().start + timedelta(days=90), zone="Africa/Cairo", join_url="https://meet.example/c")
    moved = message(n=2, sequence=1, entry=entry(location="Hall"))
    gone = message(session="gone", n=2, sequence=1, method=Method.CANCEL, cancels=CancelKind.SEAT)
    return _of_person(
        *(message(), message(session="gone"), message(session="dubai", entry=dubai)),
        *(message(session="cairo", entry=cairo), moved, gone),
        meant=(
            published("retrieval@northgate.example", moved.entry, 1),
            published("dubai@northgate.example", dubai, 0),
            published("cairo@northgate.example", cairo, 0),
        ),
    )


def _feed(*listed: ListedSession) -> Published:
    made = calendar(listed, Heading('Sessions, "all"; of 2027', "https://desk.example/a?b=c,d", None), COMMUNITY)
    meant = tuple(
        replace(
            published(f"{each.session}@northgate.example", each.entry, each.revision.sequence),
            status="CANCELLED" if each.cancelled else "CONFIRMED",
        )
        for each in listed
    )
    return Published(made.body, meant)


def _listed(session: str, *, cancelled: bool = False, **other: Any) -> ListedSession:
    revision = Revision(sequence=3, stamp=NOW, created=NOW - timedelta(days=2))
    return ListedSession(session, entry(**other), revision, tags=("maths", "a, b; c"), cancelled=cancelled)


def _hostile(text: str) -> Edition:
    cleaned = printable(text)
    talk = session("talk", at(12, 9), title=cleaned, abstract=cleaned, venue=replace(LIBRARY, name=cleaned))
    return edition(talk, host=replace(SPRING.host, organiser=cleaned, name=cleaned), title=cleaned)


def _around_the_year(zone_name: str) -> Edition:
    return edition(
        *(session(f"s-{day}", at(1, 12, 45) + timedelta(days=day)) for day in range(0, 400, 5)), zone=zone_name
    )


def _fold(zone_name: str) -> Edition:
    """Every quarter of an hour of the night in which clocks go back."""
    return edition(
        *(session(f"s-{number}", at(30, 22, month=10) + timedelta(minutes=15 * number)) for number in range(24)),
        zone=zone_name,
    )


PUBLISHED: dict[str, Published] = {
    "one person's calendar": _one_persons(),
    "nobody's calendar": _of_person(meant=()),
    "a release": _of_release(SPRING),
    "a release with links": _of_release(replace(SPRING, url="https://desk.example/northgate")),
    "a release without sessions": _of_release(edition()),
    **{
        f"a release in {each}": _of_release(_around_the_year(each))
        for each in ("Europe/Dublin", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca", "America/Nuuk", "UTC")
    },
    **{f"a release in the fold of {each}": _of_release(_fold(each)) for each in ("Europe/London", "Europe/Berlin")},
    "a feed": _feed(
        _listed("retrieval"),
        _listed("cairo", zone="Africa/Cairo", location=""),
        _listed("off", cancelled=True, zone="Asia/Dubai"),
    ),
    "a feed without sessions": _feed(),
    **{
        f"a hostile feed: {name}": _feed(_listed("a", title=text, description=text, location=text))
        # Feeds take addresses out of texts.
        for name, text in ((name, text.replace("@", ".")) for name, text in HOSTILE.items())
    },
    **{f"a hostile release: {name}": _of_release(_hostile(text)) for name, text in HOSTILE.items()},
}


@pytest.fixture(scope="module")
def readings(reader: Reader) -> Mapping[str, Reading]:
    return dict(zip(PUBLISHED, reader.calendars([each.raw for each in PUBLISHED.values()]), strict=True))


@pytest.mark.parametrize("name", PUBLISHED)
def test_readers_see_in_what_is_published_what_was_meant(name: str, readings: Mapping[str, Reading]) -> None:
    reading = readings[name]
    if PUBLISHED[name].events:
        assert reading.errors == ()
    assert reading.method == "PUBLISH"
    assert tuple(seen(each) for each in reading.events) == PUBLISHED[name].events
