"""Decisions about what people say: availability and interest."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor
from shared.contract.catalogue import AVAILABILITY, CALENDAR_SOURCE, CONTACT, INTEREST, PROPOSAL
from shared.contract.commands.interests import InterestRow
from shared.contract.commands.registrations import StateAvailability, StateInterest
from shared.contract.facts.calendars import CALENDAR_PREFIX, CalendarSource
from shared.contract.facts.registrations import Availability, Contact, Interest, StatedWindows
from shared.contract.results import Rejection, RejectionCode
from shared.contract.values import Window


def state_availability(ledger: Ledger, command: StateAvailability, actor: Actor) -> None:
    """Replace what this actor's source said of the person; other sources stay as they are."""
    ledger.require(CONTACT, Contact, "person", command.person)
    source = actor.source(command.source)
    check_is_no_calendar(ledger, command.person, source)
    replace_windows(ledger, command.person, source, command.windows)


def check_is_no_calendar(ledger: Ledger, person: str, source: str) -> None:
    """Raises Rejection for the name of a connected calendar: its next reading would take these words away."""
    name = source.removeprefix(CALENDAR_PREFIX)
    known = ledger.get(CALENDAR_SOURCE, CalendarSource, person, name) if name != source else None
    if known is not None and known.sealed is not None:
        raise Rejection.of(
            RejectionCode.CONFLICT, "source", "is a connected calendar", "another name, or disconnect the calendar"
        )


def replace_windows(ledger: Ledger, person: str, source: str, windows: tuple[Window, ...]) -> None:
    put_statement(ledger, person, StatedWindows(source=source, windows=windows))


def put_statement(ledger: Ledger, person: str, stated: StatedWindows | None, *, source: str | None = None) -> None:
    """Replace what a source says, or (None) have ``source`` say nothing any more."""
    name = stated.source if stated is not None else source
    known = ledger.get(AVAILABILITY, Availability, person)
    others = [each for each in known.sources if each.source != name] if known is not None else []
    own = [stated] if stated is not None else []
    sources = sorted([*others, *own], key=lambda each: each.source)
    ledger.write(AVAILABILITY, (person,), "stated", Availability(person=person, sources=tuple(sources)))


def state_interest(ledger: Ledger, command: StateInterest | InterestRow) -> None:
    ledger.check_known(CONTACT, "person", command.person)
    ledger.check_known(PROPOSAL, "session", command.session)
    interest = Interest(person=command.person, session=command.session, level=command.level)
    ledger.write(INTEREST, (command.person, command.session), "stated", interest)
