"""What a person's calendar program does with our messages, on a CalDAV store."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx

from shared.contract.facts.notifier import CancelKind
from tests.oracles.messages import Sample
from tests.oracles.reading import Reader, ReadEvent
from tests.oracles.test_every_message import calendar_object

HOME = "/amara/sessions/"
_EVERYTHING = """<?xml version="1.0"?>
<calendar-query xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/></D:prop>
<filter><comp-filter name="VCALENDAR"><comp-filter name="VEVENT"/></comp-filter></filter></calendar-query>"""
_BETWEEN = """<?xml version="1.0"?>
<calendar-query xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/></D:prop>
<filter><comp-filter name="VCALENDAR"><comp-filter name="VEVENT"><time-range start="{}" end="{}"/></comp-filter>
</comp-filter></filter></calendar-query>"""


class CalendarClient:
    """As RFC 5546, 2.1.5 and 3.2 have it: one object for each UID, newer SEQUENCE over older, and METHOD left out
    (RFC 4791, 4.1)."""

    def __init__(self, store: httpx.Client, reader: Reader) -> None:
        self._store = store
        self._reader = reader

    def takes(self, sample: Sample) -> bool:
        """Apply a message; False if it is older than what is there."""
        raw = calendar_object(sample)
        [told, *_] = self._events(raw)
        held = self.event(sample)
        if held is not None and (told.sequence or 0) < (held.sequence or 0):
            return False
        if sample.message.cancels is CancelKind.SEAT:
            self._store.delete(self._path(sample)).raise_for_status()
        elif told.recurrence_id is None:
            self._put(sample, raw.replace(f"METHOD:{sample.message.method}\r\n".encode(), b""))
        else:
            self._put(sample, _with_occurrence(self._store.get(self._path(sample)).content, raw))
        return True

    def event(self, sample: Sample) -> ReadEvent | None:
        """What it holds of the session, of a series its first event."""
        return next(iter(self.events(sample)), None)

    def events(self, sample: Sample) -> tuple[ReadEvent, ...]:
        """All that it holds of the session."""
        answer = self._store.get(self._path(sample))
        if answer.status_code == httpx.codes.NOT_FOUND:
            return ()
        return self._events(answer.raise_for_status().content)

    def objects(self, query: str = _EVERYTHING) -> int:
        answer = self._store.request("REPORT", HOME, content=query, headers={"Depth": "1"}).raise_for_status()
        return answer.text.count("getetag>") // 2

    def objects_on(self, day: datetime) -> int:
        return self._objects_between(day, day + timedelta(days=1))

    def objects_at(self, start: datetime) -> int:
        """How many there are in the quarter of an hour from that instant."""
        return self._objects_between(start, start + timedelta(minutes=15))

    def _objects_between(self, start: datetime, end: datetime) -> int:
        return self.objects(_BETWEEN.format(f"{start:%Y%m%dT%H%M%SZ}", f"{end:%Y%m%dT%H%M%SZ}"))

    def _events(self, raw: bytes) -> tuple[ReadEvent, ...]:
        [reading] = self._reader.calendars([raw])
        assert reading.errors == ()
        return reading.events

    def _put(self, sample: Sample, stored: bytes) -> None:
        answer = self._store.put(self._path(sample), content=stored, headers={"Content-Type": "text/calendar"})
        answer.raise_for_status()

    def _path(self, sample: Sample) -> str:
        return f"{HOME}{sample.message.session}.ics"


def _with_occurrence(held: bytes, told: bytes) -> bytes:
    """The object with the event of one occurrence beside its others."""
    begin, end = told.index(b"BEGIN:VEVENT"), told.index(b"END:VCALENDAR")
    return held.replace(b"END:VCALENDAR", told[begin:end] + b"END:VCALENDAR")
