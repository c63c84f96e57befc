"""One session and its people as planning sees them: what is wanted, what was told, what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from notifier_samples import COMMUNITY, NOW, POLICY, contact, entry

from services.notifier.content.calendar_object import itip
from services.notifier.delivery.life import Mail, decided
from services.notifier.delivery.outcome import Outcome, Sent
from services.notifier.planning.answers import Answer, Key
from services.notifier.planning.correspondence import Correspondence
from services.notifier.planning.message import Calendars, MessageDue
from services.notifier.planning.messages_due import claimed, due
from shared.contract.facts.notifier import CalendarEntry, Occurrence
from shared.contract.facts.replies import PartStat

SESSION = "retrieval"
WEEK = timedelta(weeks=1)


def series(weeks: int = 4, **other: object) -> CalendarEntry:
    """A session on the same weekday and at the same time of the clock, here in winter."""
    start = other.pop("start", entry().start)
    assert isinstance(start, datetime)
    return entry(start=start, dates=tuple(start + number * WEEK for number in range(weeks)), **other)


def moved(held: CalendarEntry, number: int, *, hours: int = 1, **other: object) -> Occurrence:
    """The occurrence of that number, hours later."""
    usual = held.occurrence(held.dates[number])
    return usual.model_copy(update={"start": usual.start + timedelta(hours=hours), **other})


def cancelled(held: CalendarEntry, number: int) -> Occurrence:
    return held.occurrence(held.dates[number]).model_copy(update={"cancelled": True})


def with_changed(held: CalendarEntry, *occurrences: Occurrence) -> CalendarEntry:
    return held.model_copy(update={"changed": occurrences})


def without_seat(held: CalendarEntry, number: int) -> CalendarEntry:
    """The series as it is for somebody who gave the seat of that date back."""
    return with_changed(held, cancelled(held, number).model_copy(update={"given_back": True}))


@dataclass
class Story:
    """What happens about one session, step by step."""

    sent: dict[Key, Correspondence] = field(default_factory=dict)
    answers: dict[Key, Answer] = field(default_factory=dict)
    now: datetime = NOW
    _wanted: Calendars = field(default_factory=Calendars)

    def wants(self, held: CalendarEntry | None, *people: str, off: bool = False) -> list[MessageDue]:
        """What is due once these people, and nobody else, should hold that entry."""
        entries = {} if held is None else {(person, SESSION): held for person in people}
        sessions = frozenset({SESSION})
        self._wanted = Calendars(entries, off=sessions) if off else Calendars(entries, placed=sessions)
        return self.due()

    def due(self) -> list[MessageDue]:
        return due(self._wanted, self.sent, self.now, POLICY, self.answers)

    def transmits(self, outcome: Outcome = Sent("250 OK")) -> list[MessageDue]:
        """All that is due goes out, one after the other, until nothing is; what it was."""
        gone = []
        while messages := self.due():
            for message in messages:
                self.now += timedelta(minutes=1)
                self.transmit(message, outcome)
            gone += messages
        return gone

    def transmit(self, message: MessageDue, outcome: Outcome = Sent("250 OK")) -> None:
        key = (message.person, message.session)
        claim = claimed(message, Mail(f"<{message.n}>", "m"), self.now, POLICY)
        known = self.sent.get(key)
        begun = known.after(claim) if known is not None else Correspondence.begun(claim)
        self.sent[key] = begun.after(decided(claim, outcome, self.now, POLICY))

    def answered(self, person: str, partstat: PartStat | None, **other: object) -> None:
        """That person answers what they were told last."""
        self.now += timedelta(minutes=1)
        last = self.sent[(person, SESSION)].last
        answer = {"partstat": partstat, "at": self.now, "sequence": last.sequence} | other
        if partstat is PartStat.DECLINED:
            answer = {"declined_in_calendar": last.sequence} | answer
        self.answers[(person, SESSION)] = Answer(**answer)  # type: ignore[arg-type]


def told(held: CalendarEntry, *people: str) -> Story:
    """These people were invited."""
    story = Story()
    story.wants(held, *people)
    story.transmits()
    return story


def raw_object(message: MessageDue) -> bytes:
    return itip(message, COMMUNITY, contact(person=message.person, address=f"{message.person}@x.example"), NOW)


def unfolded(message: MessageDue) -> str:
    return raw_object(message).replace(b"\r\n ", b"").decode()


def components(message: MessageDue) -> list[Event]:
    return list(Calendar.from_ical(raw_object(message)).walk("VEVENT"))
