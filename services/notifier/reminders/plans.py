"""Which reminders should be planned: one for each seat whose session is further off than the lead time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifier.planning.answers import Key
from services.notifier.planning.message import Calendars
from shared.contract.catalogue import NOTICE
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Community, Seating
from shared.contract.subjects import EntityRef


@dataclass(frozen=True)
class Reminder:
    """When somebody is reminded, and of a session that starts when."""

    at: datetime
    start: datetime

    @property
    def lasts(self) -> timedelta:
        """From when it fires until it is worth nothing."""
        return self.start - self.at


@dataclass(frozen=True)
class Planned:
    """A reminder as the broker has it, by the broker's clock, and its sequence there."""

    at: datetime
    start: datetime
    seq: int


@dataclass(frozen=True)
class Changes:
    """What makes the broker's reminders what they should be."""

    publish: Mapping[Key, Reminder]
    delete: Mapping[Key, Planned]

    def __bool__(self) -> bool:
        return bool(self.publish or self.delete)


def lead_time(community: Community, programme: str) -> timedelta:
    """How long before a session of that programme people are reminded; zero: never."""
    return timedelta(hours=community.reminder_hours_of.get(programme, community.reminder_hours))


def reminders(calendars: Calendars, seatings: Iterable[Seating], community: Community) -> dict[Key, Reminder]:
    """The reminders of every seat, past ones too; ``seatings`` tell to which programme a session belongs."""
    leads = {each.session: lead_time(community, each.programme) for each in seatings}
    return {
        key: Reminder(entry.start - leads[key[1]], entry.start)
        for key, entry in calendars.entries.items()
        if leads.get(key[1])
    }


def changes(
    wanted: Mapping[Key, Reminder],
    planned: Mapping[Key, Planned],
    calendars: Calendars,
    since: datetime,
    skew: timedelta,
) -> Changes:
    """What to publish and what to delete. ``skew`` is what our clock shows more than the broker's.

    A reminder whose time had come by ``since``, when things became as they are, is not planned any more: who was
    seated so late was just told. One that is planned for then and has not fired yet is left alone, and so is all that
    is about a session that is not settled.
    """
    publish, delete = {}, {}
    for key, reminder in wanted.items():
        known = planned.get(key)
        if known is not None and known.start == reminder.start and _same_second(known.at + skew, reminder.at):
            continue
        if reminder.at > since:
            publish[key] = reminder
        elif known is not None and known.start != reminder.start:
            delete[key] = known
    delete |= {key: known for key, known in planned.items() if key not in wanted and calendars.is_settled(key[1])}
    return Changes(publish, delete)


def _same_second(one: datetime, other: datetime) -> bool:
    """Schedules are kept in whole seconds, and two processes' clocks may differ by that much."""
    return abs(one - other) <= timedelta(seconds=2)


def notice_of(community: str, key: Key, start: datetime) -> EntityRef:
    """The notice of a session's start: one for each start that it moves to."""
    person, session = key
    return NOTICE.ref(community, person, NoticeKind.REMINDER, session, f"{start:%Y%m%dt%H%Mz}")
