"""Sends what people are asked and told about proposals, seats and enrolments, each once for its occasion.

Level-triggered: what is due follows from the last facts, what was told from our own notices. Nothing is remembered
that a new process would not find out by itself. This is the only place of the package that uses the post.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime
from functools import partial

from services.notifier.asking.causes import causes_of, notices_of
from services.notifier.asking.composing import Composition
from services.notifier.asking.letters import Addressee
from services.notifier.asking.stretches import NoticeDue, next_due, now_due
from services.notifier.delivery.outgoing_notice import OutgoingNotice
from services.notifier.delivery.post import Post
from services.notifier.notices.urgency import presses
from services.notifier.notices.writing import write_notice
from shared.bus.background import in_background
from shared.bus.facts import Stored
from shared.bus.service import Runtime
from shared.contract.catalogue import COMMUNITY, CONTACT, PROGRAMME, RELEASE, SENDING
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Community, Contact
from shared.contract.subjects import EntityRef
from shared.links import LinkKey

log = logging.getLogger(__name__)

_LOOK_EVERY = 20.0
_SETTLE = 0.1
_LINES = 16
_AT_ONCE = 200
_WITHOUT_PAUSE = 500
_ORDER = (
    NoticeKind.EDIT_LINK,
    NoticeKind.SEAT_OFFER,
    NoticeKind.CONFIRM,
    NoticeKind.PROPOSAL_RECEIVED,
    NoticeKind.ENROLLED,
)
_BEFORE_ITS_OWNER_CAME = frozenset({NoticeKind.EDIT_LINK, NoticeKind.CONFIRM})
"""what goes to an address that a stranger gave, and nobody has shown to be theirs"""
_HELP = frozenset({COMMUNITY.entity, CONTACT.entity, PROGRAMME.entity, RELEASE.entity, SENDING.entity})
"""changes that may let go out what is due already"""


class AskingSender:
    """At work for as long as the block lasts."""

    def __init__(self, runtime: Runtime, post: Post, key: LinkKey, web_url: str) -> None:
        self._runtime = runtime
        self._post = post
        self._composition = Composition(runtime.facts, key, web_url)
        self._changed: dict[EntityRef, None] = {}
        """entities that are to be looked at anew"""
        self._untold: dict[NoticeKind, dict[EntityRef, list[NoticeDue]]] = {kind: {} for kind in _ORDER}
        """what they called for, by kind and entity, as far as nobody was told yet"""
        self._stirred = asyncio.Event()
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        return in_background(self._work(), "asking")

    def _notice(self, stored: Stored) -> None:
        causes = dict.fromkeys(causes_of(stored))
        self._changed |= causes
        if causes or stored.ref.entity in _HELP:
            self._stirred.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while True:
            self._stirred.clear()
            try:
                patience = await self._round()
            except Exception:  # the round starts from the facts alone, so the next one does what this one did not
                log.exception("what people are asked could not be sent; trying again")
                patience = _LOOK_EVERY
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._stirred.wait()
                    await asyncio.sleep(_SETTLE)

    async def _round(self) -> float:
        """Send what is due now, the most urgent first; the seconds until it is worth to look again."""
        await self._look()
        now = self._now()
        due: list[tuple[EntityRef, NoticeDue]] = []
        next_at: datetime | None = None
        async for cause, notices in self._all_untold(now):
            due += [(cause, each) for each in now_due(notices, now) if self._may_go(cause.community, each)]
            next_at = min(filter(None, (next_at, next_due(notices, now))), default=None)
            if len(due) >= _AT_ONCE:
                break
        lines = asyncio.Semaphore(_LINES)
        sent = await asyncio.gather(*(self._send(*each, lines) for each in due))
        if len(due) >= _AT_ONCE:
            return 0.0 if any(sent) else _SETTLE
        return min(_LOOK_EVERY, (next_at - now).total_seconds()) if next_at is not None else _LOOK_EVERY

    async def _look(self) -> None:
        """See what the entities that have changed call for now."""
        number = 0
        while self._changed:
            number += 1
            if number % _WITHOUT_PAUSE == 0:
                await asyncio.sleep(0)
            cause, _ = self._changed.popitem()
            untold = self._untold_of(cause, self._now())
            for kind, causes in self._untold.items():
                causes.pop(cause, None)
                if of_kind := [each for each in untold if each.kind is kind]:
                    causes[cause] = of_kind

    async def _all_untold(self, now: datetime) -> AsyncIterator[tuple[EntityRef, list[NoticeDue]]]:
        """What nobody was told yet, in order of urgency. What is told or stale by now is forgotten."""
        for causes in self._untold.values():
            for number, (cause, notices) in enumerate(list(causes.items())):
                if number % _WITHOUT_PAUSE == 0:
                    await asyncio.sleep(0)
                left = [each for each in notices if now < each.ends_at and not self._is_told(cause.community, each)]
                if left:
                    causes[cause] = left
                    yield cause, left
                else:
                    del causes[cause]

    def _untold_of(self, cause: EntityRef, now: datetime) -> list[NoticeDue]:
        notices = notices_of(self._runtime.facts, cause)
        return [each for each in notices if now < each.ends_at and not self._is_told(cause.community, each)]

    def _may_go(self, name: str, due: NoticeDue) -> bool:
        """Whether its reader is known, has shown that the address is theirs where that matters, and takes mail now."""
        contact = self._runtime.facts.state(CONTACT, Contact, name, due.person)
        if contact is None or not (contact.verified or due.kind in _BEFORE_ITS_OWNER_CAME):
            return False
        return self._post.may_mail(name, contact, due.about, presses(due.kind, due.ends_at, self._now()))

    async def _send(self, cause: EntityRef, due: NoticeDue, lines: asyncio.Semaphore) -> bool:
        """Whether it is on its way. What is not goes behind the others of its kind."""
        sent = False
        try:
            async with lines:
                sent = await self._hand_over(cause, due)
        except Exception:  # one letter that cannot be written must not keep the others from going out
            log.exception("a notice could not be sent; trying again")
        causes = self._untold[due.kind]
        if not sent and cause in causes:
            causes[cause] = causes.pop(cause)
        return sent

    async def _hand_over(self, cause: EntityRef, due: NoticeDue) -> bool:
        facts, now, name = self._runtime.facts, self._now(), cause.community
        community = facts.state(COMMUNITY, Community, name, name)
        contact = facts.state(CONTACT, Contact, name, due.person)
        # The facts may have changed while it waited for its turn.
        if community is None or contact is None or due not in self._untold_of(cause, now):
            return False
        written = self._composition.of(due, Addressee(community, contact), now, chase=self._is_chase(cause, due))
        if written is None:
            return False
        ref = due.ref(name)
        write = partial(write_notice, ref, written.letter, community, contact, more=written.more)
        return await self._post.send(OutgoingNotice(ref, due.ends_at, write))

    def _is_chase(self, cause: EntityRef, due: NoticeDue) -> bool:
        """Whether the same was asked of that person before."""
        return any(
            (each.kind, each.person) == (due.kind, due.person)
            and each.since < due.since
            and self._is_told(cause.community, each)
            for each in notices_of(self._runtime.facts, cause)
        )

    def _is_told(self, name: str, due: NoticeDue) -> bool:
        return self._post.is_told(due.ref(name))

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()
