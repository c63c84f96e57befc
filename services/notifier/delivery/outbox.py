"""What waits to go out about a programme, before it goes: how much of which kind, to whom, and how it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from services.notifier.content.composing import Composer
from services.notifier.delivery.agenda import all_tasks
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import DeliveryPolicy
from services.notifier.delivery.reporting import sessions_of
from services.notifier.delivery.sending import is_paused
from services.notifier.delivery.task import Task
from services.notifier.planning.book import Book
from services.notifier.planning.message import MessageDue
from shared.bus.facts import Facts
from shared.contract.commands.sending import AskOutbox, Outbox, OutgoingKind, OutgoingMessage, SampleMessage
from shared.contract.facts.notifier import CancelKind, Invite, Method


def outbox(
    facts: Facts,
    book: Book,
    community: str,
    question: AskOutbox,
    now: datetime,
    policy: DeliveryPolicy,
    holding: Holding,
    composer: Composer,
) -> Outbox:
    """Every invitation, update and cancellation that is due about the programme, held or not."""
    sessions = sessions_of(facts, community, question.programme)
    waiting = [
        task
        for task in all_tasks(facts, book, now, policy, holding)
        if task.transmits and task.community.community == community and task.about in sessions
    ]
    return listing(facts, community, question, waiting, composer, now)


def listing(
    facts: Facts, community: str, question: AskOutbox, waiting: Sequence[Task], composer: Composer, now: datetime
) -> Outbox:
    """What is told of messages that wait, or would."""
    return Outbox(
        programme=question.programme,
        paused=is_paused(facts, community),
        counts=dict(Counter(map(kind_of, waiting))),
        people=len({task.contact.person for task in waiting}),
        messages=tuple(_listed(task) for task in waiting[: question.limit]),
        samples=tuple(_samples(waiting, composer, now)) if question.samples else (),
    )


def kind_of(task: Task) -> OutgoingKind:
    """What a message does to the calendar, in the organiser's words."""
    about = task.subject
    if not isinstance(about, MessageDue | Invite):
        return OutgoingKind.OTHER
    match about.method, about.cancels:
        case Method.REQUEST, _:
            return OutgoingKind.INVITATION if _is_first(about) else OutgoingKind.UPDATE
        case Method.CANCEL, CancelKind.SEAT:
            return OutgoingKind.SEAT_TAKEN_BACK
        case Method.CANCEL, _:
            return OutgoingKind.CANCELLATION
    return OutgoingKind.OTHER


def _is_first(about: MessageDue | Invite) -> bool:
    return about.before is None if isinstance(about, MessageDue) else about.sequence == 0


def _listed(task: Task) -> OutgoingMessage:
    hold = task.hold
    return OutgoingMessage(
        person=task.contact.person,
        session=task.about,
        kind=kind_of(task),
        held=str(hold.why) if hold is not None else None,
        until=hold.until if hold is not None else None,
    )


def _samples(waiting: Iterable[Task], composer: Composer, now: datetime) -> list[SampleMessage]:
    """The first message of each kind. One that was tried before has its bytes already and is not composed anew."""
    found: dict[OutgoingKind, SampleMessage] = {}
    for task in waiting:
        kind = kind_of(task)
        if isinstance(task.message, MessageDue) and kind not in found:
            mail = composer.mail(task.message, task.community, task.contact, now)
            found[kind] = SampleMessage(kind=kind, person=task.contact.person, session=task.about, mail=mail.text)
    return list(found.values())
