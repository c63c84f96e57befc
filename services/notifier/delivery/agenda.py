"""What the notifier has to do now, by its view and its book: steps of messages on their way, and new messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import DeliveryPolicy, NextStep, next_step, wakes_at
from services.notifier.delivery.task import Task
from services.notifier.planning.asked import asked
from services.notifier.planning.book import Book
from services.notifier.planning.entries import Held, should_hold
from services.notifier.planning.message import Calendars
from services.notifier.planning.messages_due import due, is_resolved
from services.notifier.planning.series_entries import SeatsMade, with_series
from shared.bus.facts import Facts
from shared.contract.catalogue import COMMUNITY, CONTACT, INVITE, PROPOSAL, RELEASE, REPLY, SEATING
from shared.contract.facts.registrations import Community, Contact, Proposal, Seating
from shared.contract.facts.replies import Answered
from shared.contract.facts.scheduler import Release, newest_releases


@dataclass(frozen=True)
class Supposed:
    """A release that is not published, and its seatings by session."""

    release: Release
    seatings: Mapping[str, Seating]


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
        task.held(holding, now)
        for name in facts.communities(SEATING)
        for task in of_community(facts, book, name, now, policy, holding)
    ]


def of_community(
    facts: Facts, book: Book, name: str, now: datetime, policy: DeliveryPolicy, holding: Holding
) -> Iterator[Task]:
    """What is due in one community, held or not."""
    community = facts.state(COMMUNITY, Community, name, name)
    if community is None:
        return
    contacts, wanted = facts.states(CONTACT, Contact, name), calendars(facts, name)
    said = asked(facts, name, book.of(name), holding)
    for (person, session), correspondence in book.of(name).items():
        step = next_step(correspondence.last, now, policy)
        if step not in {NextStep.RECORD_DOUBT, NextStep.TRANSMIT_AGAIN} or (person,) not in contacts:
            continue
        if not is_resolved((person, session), wanted, correspondence, now, policy, said):
            last = correspondence.last
            stored = facts.get(INVITE.ref(name, last.person, last.session, str(last.n)))
            contact = contacts[(person,)]
            yield Task(community, contact, step, seq=stored.seq if stored is not None else 0, last=last)
    yield from messages(facts, book, community, wanted, now, policy, holding)


def messages(
    facts: Facts,
    book: Book,
    community: Community,
    wanted: Calendars,
    now: datetime,
    policy: DeliveryPolicy,
    holding: Holding,
) -> Iterator[Task]:
    """The new messages that make every calendar of a community hold what is wanted."""
    name = community.community
    contacts, sent = facts.states(CONTACT, Contact, name), book.of(name)
    for message in due(wanted, sent, now, policy, asked(facts, name, sent, holding)):
        if (message.person,) in contacts:
            yield Task(community, contacts[(message.person,)], message=message)


def calendars(facts: Facts, community: str, supposed: Supposed | None = None) -> Calendars:
    """What the calendars of that community should hold; or would have to, if something were released."""

    def seats_of(session: str) -> SeatsMade | None:
        if supposed is not None and session in supposed.seatings:
            return SeatsMade(supposed.seatings[session], None)
        stored = facts.get(SEATING.ref(community, session))
        seating = facts.state(SEATING, Seating, community, session)
        return SeatsMade(seating, stored.at) if stored is not None and seating is not None else None

    return with_series(
        _held(facts, community, supposed),
        facts.states(PROPOSAL, Proposal, community).values(),
        seats_of,
        lambda key: facts.state(REPLY, Answered, community, *key),
        lambda proposal, session: _earlier(facts, community, proposal.programme, session),
    )


def _earlier(facts: Facts, community: str, programme: str, session: str) -> tuple[datetime, ...]:
    """When a session was to be held by all releases of its programme, the last one first."""
    releases = facts.states(RELEASE, Release, community, programme=programme).values()
    newest_first = sorted(releases, key=lambda each: each.number, reverse=True)
    return tuple(placed.start for each in newest_first for placed in each.placements if placed.session == session)


def seats_held(facts: Facts, community: str) -> Calendars:
    """The same session by session, also of series: what people are reminded of, date by date."""
    return _held(facts, community, None).calendars


def _held(facts: Facts, community: str, supposed: Supposed | None) -> Held:
    contacts = facts.states(CONTACT, Contact, community)
    releases = newest_releases(facts.states(RELEASE, Release, community).values())
    seatings = {ids[0]: state for ids, state in facts.states(SEATING, Seating, community).items()}
    if supposed is not None:
        releases |= {supposed.release.programme: supposed.release}
        seatings |= supposed.seatings
    return should_hold(
        releases,
        seatings,
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
