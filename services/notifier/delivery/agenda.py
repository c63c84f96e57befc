"""What the notifier has to do now, by its view and its book: steps of messages on their way, and new messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from services.notifier.delivery.holding import Hold, Holding
from services.notifier.delivery.life import DeliveryPolicy, NextStep, next_step, wakes_at
from services.notifier.planning.asked import asked
from services.notifier.planning.book import Book
from services.notifier.planning.entries import should_hold
from services.notifier.planning.messages_due import Calendars, Key, MessageDue, due, is_resolved
from shared.bus.facts import Facts
from shared.contract.catalogue import COMMUNITY, CONTACT, INVITE, PROPOSAL, RELEASE, SEATING
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Community, Contact, Proposal, Seating
from shared.contract.facts.scheduler import Release, newest_releases


@dataclass(frozen=True)
class Task:
    """One thing to do about one person and session: a step of the last message, or a new message."""

    community: Community
    contact: Contact
    step: NextStep
    seq: int = 0
    """of the fact that this was planned from; 0 for a new message"""
    last: Invite | None = None
    message: MessageDue | None = None
    hold: Hold | None = None
    """what it waits for, although it is due"""

    @property
    def key(self) -> tuple[str, Key]:
        about = self.message or self.last
        assert about is not None, "a task is about a message"
        return self.community.community, (about.person, about.session)

    @property
    def transmits(self) -> bool:
        """Whether a mail goes out, or only a fact is recorded."""
        return self.step is not NextStep.RECORD_DOUBT

    @property
    def starts(self) -> list[datetime]:
        """When the session starts: as the message says, and as the calendar shows it until then."""
        about = self.message or self.last
        assert about is not None, "a task is about a message"
        before = self.message.before if self.message is not None else None
        return [about.entry.start, *([before.start] if before is not None else [])]


def tasks(
    facts: Facts, book: Book, now: datetime, policy: DeliveryPolicy, holding: Holding | None = None
) -> list[Task]:
    """Everything that can be done now; people who are not in the view are left out."""
    return [task for task in all_tasks(facts, book, now, policy, holding) if task.hold is None]


def all_tasks(
    facts: Facts, book: Book, now: datetime, policy: DeliveryPolicy, holding: Holding | None = None
) -> list[Task]:
    """Everything that is due, also what is held."""
    holding = holding or Holding(facts)
    return [
        task
        for name in facts.communities(SEATING)
        for found in of_community(facts, book, name, now, policy, holding)
        for task in (_held(found, holding, now),)
    ]


def _held(task: Task, holding: Holding, now: datetime) -> Task:
    if not task.transmits:
        return task
    community, (_, session) = task.key
    hold = holding.hold(community, task.contact, session, task.starts, now)
    return task if hold is None else replace(task, hold=hold)


def of_community(
    facts: Facts, book: Book, name: str, now: datetime, policy: DeliveryPolicy, holding: Holding
) -> Iterator[Task]:
    """What is due in one community, held or not."""
    community = facts.state(COMMUNITY, Community, name, name)
    if community is None:
        return
    contacts = facts.states(CONTACT, Contact, name)
    wanted = calendars(facts, name)
    for (person, session), correspondence in book.of(name).items():
        step = next_step(correspondence.last, now, policy)
        given_up = is_resolved((person, session), wanted, correspondence, now, policy)
        if step in {NextStep.RECORD_DOUBT, NextStep.TRANSMIT_AGAIN} and not given_up and (person,) in contacts:
            last = correspondence.last
            stored = facts.get(INVITE.ref(name, last.person, last.session, str(last.n)))
            yield Task(community, contacts[(person,)], step, seq=stored.seq if stored is not None else 0, last=last)
    sent = book.of(name)
    for message in due(wanted, sent, now, policy, asked(facts, name, sent, holding)):
        if (message.person,) in contacts:
            yield Task(community, contacts[(message.person,)], NextStep.TRANSMIT_AGAIN, message=message)


def calendars(facts: Facts, community: str) -> Calendars:
    """What the calendars of that community should hold."""
    contacts = facts.states(CONTACT, Contact, community)
    return should_hold(
        newest_releases(facts.states(RELEASE, Release, community).values()),
        {ids[0]: state for ids, state in facts.states(SEATING, Seating, community).items()},
        {ids[0]: state for ids, state in facts.states(PROPOSAL, Proposal, community).items()},
        {ids[0]: contact.name for ids, contact in contacts.items() if contact.name_public},
    )


def input_seq(facts: Facts) -> int:
    """The highest sequence of registrations that any seating was built from."""
    seatings = (
        seating
        for community in facts.communities(SEATING)
        for seating in facts.states(SEATING, Seating, community).values()
    )
    return max((seating.input_seq for seating in seatings), default=0)


def next_wake(
    facts: Facts, book: Book, now: datetime, policy: DeliveryPolicy, held: Iterable[Task] = ()
) -> datetime | None:
    """The earliest instant at which a waiting message asks for its next step, or one that is held may go."""
    times = (
        wakes_at(correspondence.last)
        for community in facts.communities(SEATING)
        for correspondence in book.of(community).values()
        if next_step(correspondence.last, now, policy) is NextStep.WAIT
    )
    holds = (task.hold.until for task in held if task.hold is not None)
    return min((time for time in (*times, *holds) if time is not None), default=None)
