"""The post: claims a notice, hands it to the mail server, records the outcome, and finishes what others began.

A notice lives as an invitation does (see delivery): the claim is stored before the first byte leaves, and its subject
holds what it is about and the occasion, so that nobody is told the same twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from nats.js.errors import NotFoundError

from services.notifier.content.composing import Composer
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import DeliveryPolicy, Mail, NextStep, claimed_again, decided, expired, next_step
from services.notifier.delivery.outcome import About, Deferred, Outcome, Refused
from services.notifier.delivery.suppression import suppress
from services.notifier.delivery.transmission import MailTransport
from shared.bus.background import in_background
from shared.bus.facts import Stored
from shared.bus.retry import growing_delay, is_transient
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.bus.streams import stream_of
from shared.contract.catalogue import COMMUNITY, CONTACT, NOTICE
from shared.contract.facts.notices import Notice, NoticeKind
from shared.contract.facts.notifier import InviteStatus
from shared.contract.facts.registrations import Community, Contact
from shared.contract.facts.sending import SuppressionReason
from shared.contract.subjects import EntityRef, Service
from shared.contract.values import new_id
from shared.links import LinkKey

log = logging.getLogger(__name__)

_LONGEST_WAIT = 15.0
_BUSY_WAIT = 0.5
_LAST_NOTICES = 3.0


@dataclass(frozen=True)
class Claim:
    """A notice that this process may transmit."""

    ref: EntityRef
    notice: Notice
    seq: int


class Post:
    """Sends notices; safe to use from several tasks at a time."""

    def __init__(
        self,
        runtime: Runtime,
        transport: MailTransport,
        holding: Holding,
        policy: DeliveryPolicy,
        key: LinkKey,
        composer: Composer,
    ) -> None:
        self._runtime = runtime
        self._transport = transport
        self._holding = holding
        self._policy = policy
        self._key = key
        self._composer = composer
        self._process = new_id()
        self._under_way: dict[EntityRef, Stored] = {}
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        runtime.facts.listen(self._notice)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Finishing what was claimed, deferred or is in doubt, for as long as the block lasts."""
        async with in_background(self._work(), "notices"):
            yield
        if self._on_their_way:
            # They get their outcome; a cancelled one would be in doubt, and go out twice.
            await asyncio.wait(self._on_their_way, timeout=_LAST_NOTICES)

    def may_mail(self, community: str, contact: Contact, about: str = "", starts: Iterable[datetime] = ()) -> bool:
        """Whether a mail to that person may go out now, by all that holds invitations (see delivery), too.

        What is about a session that ``starts`` soon goes out at night, too.
        """
        relay = self._transport.relay
        if not relay.is_open and not relay.may_probe(asyncio.get_running_loop().time()):
            return False
        return self._holding.hold(community, contact, about, starts, self._now()) is None

    def is_told(self, ref: EntityRef) -> bool:
        """Whether that notice was claimed before, by anybody."""
        return self._runtime.facts.get(ref) is not None

    async def claim(self, ref: EntityRef, community: Community, written: Mail, ends_at: datetime) -> Claim | None:
        """Claim a notice; None when somebody else has it. It is worth nothing once ``ends_at`` is past."""
        now = self._now()
        mail = self._composer.signed(written, community, now)
        person, kind, about, occasion = ref.ids
        notice = Notice(
            person=person,
            kind=NoticeKind(kind),
            about=about,
            occasion=occasion,
            status=InviteStatus.CLAIMED,
            message_id=mail.message_id,
            ends_at=ends_at,
            claimed_at=now,
            deadline=now + self._policy.claim_lasts,
            mail=mail.text,
        )
        try:
            return Claim(ref, notice, await self._append(ref, notice, 0))
        except ConflictError:
            await self._runtime.store.load(ref)
            return None

    async def transmit(self, claim: Claim) -> None:
        """Hand a claimed notice to the mail server and store the outcome, also when the caller is cancelled."""
        work = asyncio.create_task(self._transmit(claim))
        self._on_their_way.add(work)
        work.add_done_callback(self._on_their_way.discard)
        await asyncio.shield(work)

    async def _transmit(self, claim: Claim) -> None:
        notice = claim.notice
        facts = self._runtime.facts
        community = facts.state(COMMUNITY, Community, claim.ref.community, claim.ref.community)
        contact = facts.state(CONTACT, Contact, claim.ref.community, notice.person)
        if community is None or contact is None or not self._may_go(claim.ref.community, contact, notice):
            outcome: Outcome = Deferred("the recipient takes no mail at the moment")
        elif self._now() > notice.deadline - self._transport.total_deadline:
            outcome = Deferred("storing the claim took too long; nothing was transmitted")
        else:
            assert notice.mail is not None, "a claim holds the bytes"
            raw = notice.mail.encode("ascii")
            sender = self._composer.sender(community, notice.person, notice.about)
            outcome = await self._transport.send(raw, sender=sender, recipient=contact.address)
        await self._record(claim, decided(notice, outcome, self._now(), self._policy))
        if isinstance(outcome, Refused) and outcome.about is About.RECIPIENT and contact is not None:
            # Not before the outcome: a crash in between costs one more refusal.
            reason, name = SuppressionReason.REFUSED, claim.ref.community
            await suppress(self._runtime, self._key, name, contact, reason, outcome.answer)

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        failures = 0
        while True:
            self._changed.clear()
            try:
                for ref, stored in list(self._under_way.items()):
                    await self._finish(ref, stored)
                failures = 0
            except Exception:
                # The broker may be away; what is unfinished is still so when it is back.
                failures += 1
                log.exception("a notice could not be finished; trying again")
                await asyncio.sleep(growing_delay(failures, cap=_LONGEST_WAIT))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_BUSY_WAIT if self._under_way else _LONGEST_WAIT):
                    await self._changed.wait()

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity != NOTICE.entity or not isinstance(stored.state, Notice):
            return
        if stored.state.status in {InviteStatus.SENT, InviteStatus.REFUSED}:
            self._under_way.pop(stored.ref, None)
        else:
            self._under_way[stored.ref] = stored
            self._changed.set()

    async def _finish(self, ref: EntityRef, stored: Stored) -> None:
        last: Notice = stored.state
        try:
            match next_step(last, self._now(), self._policy):
                case NextStep.RECORD_DOUBT:
                    await self._append(ref, expired(last, self._now(), self._policy), stored.seq)
                case NextStep.TRANSMIT_AGAIN:
                    await self._again(ref, last, stored.seq)
                case NextStep.REPORT | NextStep.DONE:
                    self._under_way.pop(ref, None)
        except ConflictError:
            await self._runtime.store.load(ref)

    def _may_go(self, community: str, contact: Contact, notice: Notice) -> bool:
        # A reminder is worth nothing from the start of its session on; letters are about a week.
        starts = [notice.ends_at] if notice.kind is NoticeKind.REMINDER else []
        return self.may_mail(community, contact, notice.about, starts)

    async def _again(self, ref: EntityRef, last: Notice, seq: int) -> None:
        contact = self._runtime.facts.state(CONTACT, Contact, ref.community, last.person)
        if contact is None or not self._may_go(ref.community, contact, last):
            return
        mail = await self._stored_mail(ref)
        if mail is None:
            log.error("the bytes of %s are gone; it is not sent again", last.message_id)
            self._under_way.pop(ref, None)
            return
        again = claimed_again(last, mail, self._now(), self._policy)
        await self.transmit(Claim(ref, again, await self._append(ref, again, seq)))

    async def _record(self, claim: Claim, fact: Notice) -> None:
        """Store an outcome, however long the broker is away: once it is lost, the mail would go out again."""
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._append(claim.ref, fact, claim.seq)
            except ConflictError:
                # Its deadline passed and another process took it over.
                await self._runtime.store.load(claim.ref)
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(growing_delay(attempt, cap=5.0))
            else:
                return

    async def _append(self, ref: EntityRef, fact: Notice, expected_seq: int) -> int:
        whose = self._process if fact.status is InviteStatus.CLAIMED else ""
        cause = Cause(ref.community, Service.NOTIFIER, f"{'.'.join(ref.ids)}.{fact.attempt}.{fact.status}.{whose}")
        return await self._runtime.store.append(cause, [Write(ref, fact.status, fact, expected_seq)])

    async def _stored_mail(self, ref: EntityRef) -> str | None:
        try:
            raw = await self._runtime.bus.js.get_last_msg(stream_of(Service.NOTIFIER), ref.fact("claimed"), direct=True)
        except NotFoundError:
            return None
        return Notice.read(raw.data or b"{}").mail

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()
