"""What the notifier has to do now, by its view and its book: steps of messages on their way, and new messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.notifier.book import Book
from services.notifier.delivery import DeliveryPolicy, NextStep, next_step, wakes_at
from services.notifier.planning import Calendars, Key, MessageDue, due, should_hold
from shared.bus.facts import Facts
from shared.contract.catalogue import COMMUNITY, CONTACT, PROPOSAL, RELEASE, SEATING
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Community, Contact, Proposal, Seating
from shared.contract.facts.scheduler import Release


@dataclass(frozen=True)
class Task:
    """One thing to do about one person and session: a step of the last message, or a new message."""

    community: Community
    contact: Contact
    step: NextStep
    last: Invite | None = None
    message: MessageDue | None = None

    @property
    def key(self) -> tuple[str, Key]:
        about = self.message or self.last
        assert about is not None, "a task is about a message"
        return self.community.community, (about.person, about.session)


def tasks(facts: Facts, book: Book, now: datetime, policy: DeliveryPolicy) -> list[Task]:
    """Everything that can be done now; people who are not in the view are left out."""
    return [task for name in facts.communities(SEATING) for task in _of_community(facts, book, name, now, policy)]


def _of_community(facts: Facts, book: Book, name: str, now: datetime, policy: DeliveryPolicy) -> Iterator[Task]:
    community = facts.state(COMMUNITY, Community, name, name)
    if community is None:
        return
    contacts = facts.states(CONTACT, Contact, name)
    for (person, _), correspondence in book.of(name).items():
        step = next_step(correspondence.last, now, policy)
        if step in {NextStep.RECORD_DOUBT, NextStep.TRANSMIT_AGAIN} and (person,) in contacts:
            yield Task(community, contacts[(person,)], step, last=correspondence.last)
    for message in due(calendars(facts, name), book.of(name), now, policy):
        if (message.person,) in contacts:
            yield Task(community, contacts[(message.person,)], NextStep.TRANSMIT_AGAIN, message=message)


def calendars(facts: Facts, community: str) -> Calendars:
    """What the calendars of that community should hold."""
    contacts = facts.states(CONTACT, Contact, community)
    return should_hold(
        newest_releases(facts, community),
        {ids[0]: state for ids, state in facts.states(SEATING, Seating, community).items()},
        {ids[0]: state for ids, state in facts.states(PROPOSAL, Proposal, community).items()},
        {ids[0]: contact.name for ids, contact in contacts.items() if contact.name_public},
    )


def newest_releases(facts: Facts, community: str) -> dict[str, Release]:
    """The newest release of each programme."""
    releases = facts.states(RELEASE, Release, community).values()
    return {each.programme: each for each in sorted(releases, key=lambda release: release.number)}


def input_seq(facts: Facts) -> int:
    """The highest sequence of registrations that any seating was built from."""
    seatings = (
        seating
        for community in facts.communities(SEATING)
        for seating in facts.states(SEATING, Seating, community).values()
    )
    return max((seating.input_seq for seating in seatings), default=0)


def next_wake(facts: Facts, book: Book, now: datetime, policy: DeliveryPolicy) -> datetime | None:
    """The earliest instant at which a waiting message asks for its next step."""
    times = (
        wakes_at(correspondence.last)
        for community in facts.communities(SEATING)
        for correspondence in book.of(community).values()
        if next_step(correspondence.last, now, policy) is NextStep.WAIT
    )
    return min((time for time in times if time is not None), default=None)
