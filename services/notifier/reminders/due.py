"""Takes reminders that the broker has fired, and mails those that are still true.

No mail is sent inside an un-acknowledged message: it is acknowledged when the notice is claimed, and the courier sends
the mail, or whoever finds the claim left behind.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError

from services.notifier.delivery.agenda import seats_held
from services.notifier.delivery.life import Mail
from services.notifier.delivery.outgoing_notice import OutgoingNotice
from services.notifier.delivery.post import Post
from services.notifier.notices.links import Links
from services.notifier.notices.preferences import wants
from services.notifier.notices.unsubscribing import list_headers
from services.notifier.notices.writing import write_notice
from services.notifier.planning.message import Calendars
from services.notifier.reminders.letter import ReminderLinks, reminder_letter
from services.notifier.reminders.plans import notice_of
from services.notifier.reminders.schedules import read_start
from shared.bus.background import in_background
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.streams import DUE_CONSUMER, REMINDERS
from shared.contract import subjects
from shared.contract.catalogue import COMMUNITY, CONTACT
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Community, Contact
from shared.contract.subjects import EntityRef, ReminderSubject
from shared.links import LinkKey

log = logging.getLogger(__name__)

_BATCH = 32
_FETCH_PATIENCE = 5.0
_LATER = 15.0
_SOON = 1.0
_PATIENCE = 10.0
"""The broker gives a message to somebody else when it is not acknowledged within 30 s."""


class Verdict(StrEnum):
    """What to do about a reminder that has fired."""

    SEND = auto()
    DROP = auto()
    SOON = auto()
    """the seats of the newest release are just being made"""


def judged(subject: ReminderSubject, start: datetime, held: Calendars, now: datetime) -> Verdict:
    """Whether a reminder of a session that starts at ``start`` is still true, by what calendars should hold."""
    if now >= start:
        return Verdict.DROP
    entry = held.entries.get((subject.person, subject.session))
    if entry is not None and entry.start == start:
        return Verdict.SEND
    return Verdict.DROP if held.is_settled(subject.session) else Verdict.SOON


@dataclass(frozen=True)
class _Recipient:
    community: Community
    contact: Contact
    entry: CalendarEntry


class DueReminders:
    """Takes what has fired for as long as the block lasts."""

    def __init__(self, runtime: Runtime, post: Post, key: LinkKey, web_url: str) -> None:
        self._runtime = runtime
        self._post = post
        self._key = key
        self._web_url = web_url

    def running(self) -> AbstractAsyncContextManager[object]:
        return in_background(self._work(), "due reminders")

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._take()
            except (NatsError, OSError, TimeoutError) as error:
                log.warning("reminders cannot be taken: %s; trying again", type(error).__name__)
            except Exception:
                # One reminder that cannot be handled comes again; the others must go on.
                log.exception("a reminder could not be handled; trying again")
            await asyncio.sleep(growing_delay(min(attempt, 6), cap=5.0))

    async def _take(self) -> None:
        subscription = await self._runtime.bus.js.pull_subscribe_bind(consumer=DUE_CONSUMER, stream=REMINDERS)
        try:
            while True:
                try:
                    messages = await subscription.fetch(_BATCH, timeout=_FETCH_PATIENCE)
                except NatsTimeoutError:
                    continue
                held: dict[str, Calendars] = {}
                ends = await asyncio.gather(*(self._handle(each, held) for each in messages), return_exceptions=True)
                for failed in (each for each in ends if isinstance(each, BaseException)):
                    # It comes again, since it is not acknowledged; the others have gone their way.
                    raise failed
        finally:
            await subscription.unsubscribe()

    async def _handle(self, message: Msg, held: dict[str, Calendars]) -> None:
        """Hand the reminder over to be sent, and be done with the message; or have it come again later."""
        subject, start = subjects.parse(message.subject), read_start(message.data)
        if not isinstance(subject, ReminderSubject) or start is None:
            log.error("a fired reminder could not be read and is dropped")
            await message.ack()
            return
        if subject.community not in held:
            held[subject.community] = seats_held(self._runtime.facts, subject.community)
        match judged(subject, start, held[subject.community], self._runtime.bus.clock.now()):
            case Verdict.SOON:
                await message.nak(delay=_SOON)
            case Verdict.DROP:
                await message.ack()
            case Verdict.SEND:
                recipient = self._recipient(subject, held[subject.community])
                if recipient is None or await self._handed_over(subject, recipient):
                    await message.ack()
                else:
                    await message.nak(delay=_LATER)

    def _recipient(self, subject: ReminderSubject, held: Calendars) -> _Recipient | None:
        """Whom to tell of what; None when they are unknown, want no reminders, or were told."""
        facts, name = self._runtime.facts, subject.community
        community = facts.state(COMMUNITY, Community, name, name)
        contact = facts.state(CONTACT, Contact, name, subject.person)
        entry = held.entries[(subject.person, subject.session)]
        told = self._post.is_told(notice_of(name, (subject.person, subject.session), entry.start))
        if community is None or contact is None or told:
            return None
        return (
            _Recipient(community, contact, entry) if wants(facts, name, subject.person, NoticeKind.REMINDER) else None
        )

    async def _handed_over(self, subject: ReminderSubject, to: _Recipient) -> bool:
        """Whether the notice is claimed now; else something holds it."""
        if not self._post.may_mail(subject.community, to.contact, subject.session, [to.entry.start]):
            return False
        ref = notice_of(subject.community, (subject.person, subject.session), to.entry.start)
        return await self._post.send(
            OutgoingNotice(ref, to.entry.start, lambda now: self._written(ref, subject, to, now)), patience=_PATIENCE
        )

    def _written(self, ref: EntityRef, subject: ReminderSubject, to: _Recipient, now: datetime) -> Mail:
        links = Links(self._key, self._web_url, subject.community)
        there = ReminderLinks(
            page=links.page(to.contact, now),
            release_seat=links.release_seat(to.contact, subject.session, to.entry.start),
            unsubscribe=links.unsubscribe(to.contact, NoticeKind.REMINDER, now),
        )
        wording = reminder_letter(to.entry, to.community, to.contact, there)
        more = list_headers(NoticeKind.REMINDER, to.community, to.contact, links, now)
        return write_notice(ref, wording, to.community, to.contact, now, more=more)
