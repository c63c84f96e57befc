"""Every kind of message that the notifier sends, with texts that are plain, in other scripts, or hostile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.notifier.content.composing import Composer
from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Method, Occurrence
from shared.contract.facts.registrations import Community, Contact
from shared.contract.facts.replies import PartStat
from shared.links import LinkKey
from shared.time.intervals import local_instant
from shared.time.zones import zone
from tests.unit.notifier.notifier_samples import COMMUNITY, NOW, contact, entry, message

COMPOSER = Composer(LinkKey(b"k" * 32), "https://northgate.example", reads_replies=True)

HOSTILE = {
    "CR": "a\rATTENDEE:mailto:evil@evil.example",
    "LF": "a\nATTENDEE:mailto:evil@evil.example",
    "CRLF": "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
    "header": "a\r\nBcc: evil@evil.example\r\n\r\nbody",
    "NUL": "a\x00b",
    "VT and FF": "a\x0bb\x0cc",
    "NEL": "a\x85ATTENDEE:mailto:evil@evil.example",
    "line separator": "a\u2028ATTENDEE:mailto:evil@evil.example\u2029b",
    "other controls": "".join(map(chr, range(1, 32))) + "x\x7f\x9f",
    "quotes": "the \"best\" of 'us'",
    "punctuation": "a,b;c:d\\n\\,e=f",
    "circumflex": "^n ^' ^^ caret",
    "lone surrogates": "a\ud800b\udfffc",
    "10,000 characters": "Grüße, 学び; 🎓 " * 667,
    "emoji": "👩‍🏫 teaching 🇬🇧 🧑🏽‍🎓",
    "right to left": "שיעור בעברית درس",
    "encoded word": "=?utf-8?b?eA==?= and =?q?",
    "folding spaces": "a" + " " * 200 + "b",
    "HTML": "<script>alert(1)</script> & <b>bold",
    "template": "{{ 7 * 7 }} {% raw %}",
}


@dataclass(frozen=True)
class Sample:
    """One message with everything that it is made of."""

    message: MessageDue
    community: Community
    recipient: Contact

    @property
    def reply_to(self) -> str:
        return COMPOSER.sender(self.community, self.message.person, self.message.session)

    def mail(self) -> bytes:
        return COMPOSER.mail(self.message, self.community, self.recipient, NOW).text.encode("ascii")


def _sample(community: dict[str, Any] | None = None, recipient: dict[str, Any] | None = None, **other: Any) -> Sample:
    return Sample(message(**other), COMMUNITY.model_copy(update=community or {}), contact(**recipient or {}))


def _moved(**other: Any) -> dict[str, Any]:
    return {"n": 2, "sequence": 1, "before": entry(), "entry": entry(**other), "created": NOW - timedelta(days=3)}


def _ordinary() -> Iterator[tuple[str, Sample]]:
    yield "invitation", _sample()
    yield "online", _sample(entry=entry(location="", join_url="https://meet.example/a?b=c,d;e&f"))
    yield "hybrid", _sample(entry=entry(join_url="https://meet.example/abc"))
    yield "place not known yet", _sample(entry=entry(location=""))
    yield "no description", _sample(entry=entry(description=""))
    yield "part of a series of sessions", _sample(session="enquiry-2", entry=entry(title="Enquiry (part 2 of 3)"))
    yield "moved in time", _sample(**_moved(start=datetime(2027, 1, 13, 9, tzinfo=UTC)))
    yield "moved to another place", _sample(**_moved(location="Hall, Eastgate College"))
    yield "longer", _sample(**_moved(minutes=90))
    yield "restored after a cancellation", _sample(n=3, sequence=2)
    yield "sent many times", _sample(n=120, sequence=118)
    yield "session cancelled", _sample(n=2, sequence=1, method=Method.CANCEL, cancels=CancelKind.SESSION)
    yield "seat given back", _sample(n=2, sequence=1, method=Method.CANCEL, cancels=CancelKind.SEAT)
    yield (
        "online session cancelled",
        _sample(
            n=2,
            sequence=1,
            method=Method.CANCEL,
            cancels=CancelKind.SESSION,
            entry=entry(join_url="https://meet.example/abc", location=""),
        ),
    )
    yield "other clocks than the session's", _sample(recipient={"zone": "Asia/Kolkata"})
    yield "over midnight", _sample(entry=entry(start=datetime(2027, 6, 30, 22, 30, tzinfo=UTC), minutes=120))
    yield "over the new year", _sample(entry=entry(start=datetime(2027, 12, 31, 23, 30, tzinfo=UTC)))
    yield "over the gap", _sample(entry=entry(start=datetime(2027, 3, 28, 0, 30, tzinfo=UTC)))
    yield "over the fold", _sample(entry=entry(start=datetime(2027, 10, 30, 23, 30, tzinfo=UTC), minutes=180))
    yield "in the first of two hours", _sample(entry=entry(start=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), minutes=15))
    yield (
        "in the second of two hours",
        _sample(entry=entry(start=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), minutes=15)),
    )
    yield "a zone in UTC", _sample(entry=entry(zone="Africa/Cairo"))
    yield "UTC itself", _sample(entry=entry(zone="UTC"))
    yield "leap day", _sample(entry=entry(start=datetime(2028, 2, 29, 12, tzinfo=UTC), zone="Australia/Lord_Howe"))
    yield "a reader of German", _sample(recipient={"language": "de"})
    yield "a reader of German, moved", _sample(recipient={"language": "de"}, **_moved(location="Hall"))
    yield "a reader of a language without words", _sample(recipient={"language": "xx"})
    yield "with an alarm", _sample(community={"alarm_minutes": 30})
    yield "told again after an answer", _sample(n=2, again=True, partstat=PartStat.ACCEPTED)
    yield "refused a counter proposal", _sample(n=2, again=True, method=Method.DECLINECOUNTER)
    yield "the longest id there may be", _sample(session="s" * 26, person="p" * 26, recipient={"person": "p" * 26})


def _weekly(first: datetime = datetime(2027, 3, 9, 16, tzinfo=UTC), **other: Any) -> CalendarEntry:
    """Five Tuesdays at 16:00 by London's clocks, which go forward after the third."""
    dates = tuple(
        local_instant((first + timedelta(weeks=each)).date(), first.time(), zone("Europe/London")) for each in range(5)
    )
    dates = other.pop("dates", dates)
    return entry(start=dates[0], dates=dates, **other)


def _tuesdays(zone_name: str) -> tuple[datetime, ...]:
    """Early on all Tuesdays of a school year, over both changes of clocks."""
    first = date(2027, 1, 12)
    return tuple(local_instant(first + timedelta(weeks=each), time(7, 45), zone(zone_name)) for each in range(45))


def _otherwise(series: CalendarEntry, number: int, **other: Any) -> Occurrence:
    return series.occurrence(series.dates[number]).model_copy(update=other)


def _series() -> Iterator[tuple[str, Sample]]:
    weekly = _weekly()
    by_instant = tuple(weekly.start + timedelta(weeks=each) for each in range(5))
    moved = _otherwise(weekly, 3, start=weekly.dates[3] + timedelta(hours=1), location="Hall")
    off = _otherwise(weekly, 1, cancelled=True)
    changed = weekly.model_copy(update={"changed": (off, moved)})
    later = {"n": 2, "sequence": 1, "created": NOW - timedelta(days=3)}
    yield "a weekly series", _sample(entry=weekly)
    for name in ("Europe/Dublin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham", "Africa/Cairo"):
        yield f"a year of Tuesdays in {name}", _sample(entry=_weekly(zone=name, dates=_tuesdays(name)))
    yield "a weekly series with a gap", _sample(entry=_weekly(dates=(*weekly.dates[:2], *weekly.dates[3:])))
    yield "a series by instants", _sample(entry=_weekly(dates=by_instant))
    yield (
        "a series without rule",
        _sample(entry=_weekly(dates=tuple(weekly.start + timedelta(days=each) for each in (0, 1, 5, 36)))),
    )
    yield "a series in UTC", _sample(entry=_weekly(zone="Africa/Cairo", dates=by_instant))
    yield "a series with changes", _sample(entry=changed, before=weekly, **later)
    yield (
        "one occurrence moved",
        _sample(
            entry=weekly.model_copy(update={"changed": (moved,)}), before=weekly, occurrence=moved.original, **later
        ),
    )
    given_back = off.model_copy(update={"given_back": True})
    for name, gone in (("one occurrence cancelled", off), ("the seat of one occurrence given back", given_back)):
        yield (
            name,
            _sample(
                entry=weekly.model_copy(update={"changed": (gone,)}),
                before=weekly,
                occurrence=gone.original,
                method=Method.CANCEL,
                cancels=CancelKind.OCCURRENCE,
                **later,
            ),
        )
    first_off = _otherwise(weekly, 0, cancelled=True, given_back=True)
    yield "a series without its first date", _sample(entry=weekly.model_copy(update={"changed": (first_off,)}))
    yield "a series cancelled", _sample(entry=changed, method=Method.CANCEL, cancels=CancelKind.SESSION, **later)
    yield "a seat in a series given back", _sample(entry=weekly, method=Method.CANCEL, cancels=CancelKind.SEAT, **later)


def _hostile() -> Iterator[tuple[str, Sample]]:
    for name, text in HOSTILE.items():
        yield f"hostile title: {name}", _sample(entry=entry(title=text))
        yield (
            f"hostile everything: {name}",
            _sample(
                community={"organiser": text, "name": text},
                recipient={"name": text},
                **_moved(title=text, description=text, location=text, join_url="https://meet.example/abc"),
            ),
        )
    yield "hostile link", _sample(entry=entry(join_url='https://meet.example/"\r\nATTENDEE:x, y;\x00'))
    yield (
        "hostile cancellation",
        _sample(
            n=2,
            sequence=1,
            method=Method.CANCEL,
            cancels=CancelKind.SESSION,
            entry=entry(title=HOSTILE["CRLF"], location=HOSTILE["NEL"], description=HOSTILE["NUL"]),
        ),
    )


SAMPLES: dict[str, Sample] = dict([*_ordinary(), *_series(), *_hostile()])
