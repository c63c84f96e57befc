"""What is known of a person's time, as they are shown it: never an address, never what a calendar entry is about."""

from __future__ import annotations

from datetime import date, timedelta

from services.registrations.calendars.advice import ADVICE
from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import AVAILABILITY, CALENDAR_SOURCE, CONTACT
from shared.contract.commands.calendars import (
    AskAvailability,
    AskCalendars,
    AvailabilityShown,
    Calendars,
    CalendarShown,
    SourceShown,
)
from shared.contract.facts.calendars import CALENDAR_PREFIX, CalendarSource
from shared.contract.facts.registrations import Availability, Contact, StatedWindows
from shared.contract.values import WeeklyWindow, Window
from shared.time.zones import zone

ASK_AGAIN_BEFORE = timedelta(days=14)


def calendars_shown(ledger: Ledger, question: AskCalendars) -> Calendars:
    """A person's calendars. Raises Rejection for somebody who is not here."""
    ledger.require(CONTACT, Contact, "person", question.person)
    return Calendars(calendars=_calendars(ledger, question.person))


def availability_shown(ledger: Ledger, question: AskAvailability) -> AvailabilityShown:
    """All that is known, source by source. Raises Rejection for somebody who is not here."""
    contact = ledger.require(CONTACT, Contact, "person", question.person)
    known = ledger.get(AVAILABILITY, Availability, question.person)
    today = ledger.now.astimezone(zone(contact.zone)).date()
    return AvailabilityShown(
        person=question.person,
        zone=contact.zone,
        sources=tuple(_source(each, today) for each in (known.sources if known is not None else ())),
        calendars=_calendars(ledger, question.person),
    )


def _calendars(ledger: Ledger, person: str) -> tuple[CalendarShown, ...]:
    known = ledger.facts.states(CALENDAR_SOURCE, CalendarSource, ledger.community, person=person)
    return tuple(
        CalendarShown(
            source=each.source,
            kind=each.kind,
            read_at=each.read_at,
            unknown_since=each.unknown_since,
            problem=each.problem,
            advice=ADVICE[each.problem] if each.problem is not None else None,
            next_reading=each.due,
            not_understood=each.not_understood,
            until_day=each.until_day,
        )
        for _, each in sorted(known.items())
        if each.sealed is not None
    )


def _source(stated: StatedWindows, today: date) -> SourceShown:
    last = max((_last_day(each) for each in stated.windows), default=None)
    # A calendar goes on by itself; what a person said by hand does not.
    lasts = stated.source.startswith(CALENDAR_PREFIX) or not any(_is_weekly(each) for each in stated.windows)
    return SourceShown(
        source=stated.source,
        windows=stated.windows,
        lasts_until=last,
        still_true=lasts or last is None or last >= today + ASK_AGAIN_BEFORE,
        unknown_since=stated.unknown_since,
    )


def _is_weekly(window: Window) -> bool:
    return isinstance(window, WeeklyWindow)


def _last_day(window: Window) -> date:
    return window.last if isinstance(window, WeeklyWindow) else window.end.date()
