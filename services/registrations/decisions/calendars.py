"""Decisions about calendars that are read for people, and about what people say of their time in words."""

from __future__ import annotations

from services.registrations.calendars.outcomes import statement
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.statements import check_is_no_calendar, put_statement, replace_windows
from shared.availability.words import Heard, hear
from shared.contract.authority import Actor
from shared.contract.catalogue import AVAILABILITY, CALENDAR_SOURCE, CONTACT
from shared.contract.commands.calendars import (
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    RenewAvailability,
    SayAvailability,
)
from shared.contract.facts.calendars import CalendarSource, stated_as
from shared.contract.facts.registrations import Availability, Contact
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import EntityRef
from shared.contract.values import WeeklyWindow, Window
from shared.time.zones import zone

MAX_CALENDARS = 10
MAX_YEARS = 5
OWN_WORD = "self"


def decide_on_calendar(ledger: Ledger, command: Command, actor: Actor) -> None:
    """Collect in ``ledger`` what the command changes. Raises Rejection, and TypeError for other commands."""
    match command:
        case RenewAvailability():
            renew(ledger, command, actor)
        case DisconnectCalendar():
            disconnect(ledger, command)
        case ReadCalendar():
            read_soon(ledger, command)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def target_of_calendar(community: str, command: Command) -> EntityRef:
    """The entity that the command is about. Raises TypeError for other commands."""
    match command:
        case RenewAvailability():
            return AVAILABILITY.ref(community, command.person)
        case DisconnectCalendar() | ReadCalendar():
            return CALENDAR_SOURCE.ref(community, command.person, command.source)
    raise TypeError(f"no entity for {type(command).__name__}")


def heard(ledger: Ledger, command: SayAvailability) -> Heard:
    """What is understood of somebody's words, in their own zone. Raises Rejection when nothing is."""
    contact = ledger.require(CONTACT, Contact, "person", command.person)
    today = ledger.now.astimezone(zone(contact.zone)).date()
    if command.until is not None and not today <= command.until <= today.replace(year=today.year + MAX_YEARS, day=1):
        raise Rejection.of(
            RejectionCode.INVALID, "until", "is past or too far off", f"a day from today, within {MAX_YEARS} years"
        )
    found = hear(command.text, zone=contact.zone, today=today, until=command.until)
    if not found.windows:
        raise Rejection(RejectionCode.INVALID, *found.problems)
    return found


def say(ledger: Ledger, command: SayAvailability) -> None:
    """Replace what the person said by hand by what is understood of these words."""
    replace_windows(ledger, command.person, OWN_WORD, heard(ledger, command).windows)


def renew(ledger: Ledger, command: RenewAvailability, actor: Actor) -> None:
    """Have the windows of a weekly pattern last longer."""
    contact = ledger.require(CONTACT, Contact, "person", command.person)
    today = ledger.now.astimezone(zone(contact.zone)).date()
    if not today <= command.until <= today.replace(year=today.year + MAX_YEARS, day=1):
        raise Rejection.of(
            RejectionCode.INVALID, "until", "is past or too far off", f"a day from today, within {MAX_YEARS} years"
        )
    source = actor.source(command.source)
    known = ledger.get(AVAILABILITY, Availability, command.person)
    stated = next((each for each in known.sources if each.source == source), None) if known is not None else None
    latest = max((each.last for each in _weekly(stated.windows if stated else ())), default=None)
    if stated is None or latest is None:
        raise Rejection.of(
            RejectionCode.CONFLICT, "source", "says nothing weekly", "a source with a weekly pattern; say one first"
        )
    # What was said for a stretch of its own (three weeks in May) is not what lasts.
    windows = tuple(
        each.model_copy(update={"last": command.until})
        if isinstance(each, WeeklyWindow) and each.last == latest and each.first <= command.until
        else each
        for each in stated.windows
    )
    replace_windows(ledger, command.person, source, windows)


def _weekly(windows: tuple[Window, ...]) -> list[WeeklyWindow]:
    return [each for each in windows if isinstance(each, WeeklyWindow)]


def connect(ledger: Ledger, command: ConnectCalendar, sealed: str) -> None:
    """Have a calendar read from now on. Until it was read, nobody knows what it says."""
    ledger.require(CONTACT, Contact, "person", command.person)
    known = ledger.facts.states(CALENDAR_SOURCE, CalendarSource, ledger.community, person=command.person)
    connected = [each for each in known.values() if each.source != command.source and each.sealed is not None]
    if len(connected) >= MAX_CALENDARS:
        raise Rejection.of(
            RejectionCode.CONFLICT, "source", "is one calendar too many", f"at most {MAX_CALENDARS}; disconnect one"
        )
    source = CalendarSource(
        person=command.person,
        source=command.source,
        kind=command.kind,
        sealed=sealed,
        connected=ledger.now,
        due=ledger.now,
        unknown_since=ledger.now,
    )
    ledger.write(CALENDAR_SOURCE, (command.person, command.source), "connected", source)
    put_statement(ledger, command.person, statement(source, ()))


def disconnect(ledger: Ledger, command: DisconnectCalendar) -> None:
    """Forget a calendar: its address, and what was read there."""
    source = _connected(ledger, command.person, command.source)
    empty = CalendarSource(
        person=source.person, source=source.source, kind=source.kind, connected=source.connected, due=source.due
    )
    ledger.write(CALENDAR_SOURCE, (command.person, command.source), "disconnected", empty)
    put_statement(ledger, command.person, None, source=stated_as(command.source))


def read_soon(ledger: Ledger, command: ReadCalendar) -> None:
    """Have a calendar read without waiting for its turn; who reads it now is not disturbed.

    A server that asked to be left alone is left alone, whoever is in a hurry.
    """
    source = _connected(ledger, command.person, command.source)
    if source.not_before is not None and source.not_before > ledger.now:
        raise Rejection.of(
            RejectionCode.CONFLICT,
            "source",
            f"may not be read yet: its server asked to be left alone until {source.not_before:%Y-%m-%d %H:%M} UTC",
            "the same command from then on",
        )
    if source.due > ledger.now:
        hurried = source.model_copy(update={"due": ledger.now})
        ledger.write(CALENDAR_SOURCE, (command.person, command.source), "connected", hurried)


def _connected(ledger: Ledger, person: str, name: str) -> CalendarSource:
    ledger.require(CONTACT, Contact, "person", person)
    known = ledger.get(CALENDAR_SOURCE, CalendarSource, person, name)
    if known is None or known.sealed is None:
        raise Rejection.of(
            RejectionCode.UNKNOWN, "source", "names no calendar that is read", "the name of a connected calendar"
        )
    return known


def upload(ledger: Ledger, person: str, source: str, windows: tuple[Window, ...]) -> None:
    """Replace what a file said before."""
    ledger.require(CONTACT, Contact, "person", person)
    check_is_no_calendar(ledger, person, source)
    replace_windows(ledger, person, source, windows)


def record(ledger: Ledger, read: CalendarSource, what: str, windows: tuple[Window, ...] | None) -> None:
    """What a reading changes: the calendar's own state, and what it says of the person (None: the same as before)."""
    ledger.write(CALENDAR_SOURCE, (read.person, read.source), what, read)
    if windows is None:
        known = ledger.get(AVAILABILITY, Availability, read.person)
        stated = (each for each in known.sources if each.source == read.stated_as) if known is not None else iter(())
        windows = next((each.windows for each in stated), ())
    put_statement(ledger, read.person, statement(read, windows))
