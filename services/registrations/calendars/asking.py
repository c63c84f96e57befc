"""How each kind of calendar is asked for its content."""

from __future__ import annotations

from datetime import datetime

from services.registrations.calendars.fetching import Question
from services.registrations.calendars.responses import Validators
from services.registrations.imports.horizon import Horizon
from shared.contract.facts.calendars import CalendarKind

_FREE_BUSY = """<?xml version="1.0" encoding="utf-8"?>
<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav">
<C:time-range start="{start}" end="{end}"/>
</C:free-busy-query>
"""


def question(kind: CalendarKind, horizon: Horizon, validators: Validators) -> Question:
    """A plain GET for an iCalendar address; the free-busy report of CalDAV (RFC 4791, 7.10) for a collection."""
    if kind is CalendarKind.ICS:
        return Question(headers={"accept": "text/calendar, */*;q=0.5"} | validators.headers())
    bounds = horizon.interval()
    body = _FREE_BUSY.format(start=_utc(bounds.start), end=_utc(bounds.end))
    headers = {"accept": "text/calendar", "content-type": "application/xml; charset=utf-8", "depth": "1"}
    return Question("REPORT", headers, body.encode())


def _utc(instant: datetime) -> str:
    return instant.strftime("%Y%m%dT%H%M%SZ")
