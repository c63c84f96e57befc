"""Bytes leave their claims 30 days after the outcome: the claim is deleted with overwrite, the outcome stays."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from services.notifier.delivery.life import RESOLVED, DeliveryPolicy, next_step
from shared.bus.background import in_background
from shared.bus.erasing import erase_message
from shared.bus.facts import Stored
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import INVITE, NOTICE
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import Invite
from shared.contract.subjects import EntityRef, Service

log = logging.getLogger(__name__)

BYTES_STAY = timedelta(days=30)
_MAILS = frozenset({INVITE.entity, NOTICE.entity})
_EVERY = 3600.0


class Retention:
    """Sweeps at start-up and every hour, for as long as the block lasts."""

    def __init__(self, runtime: Runtime, policy: DeliveryPolicy) -> None:
        self._runtime = runtime
        self._policy = policy
        self._claims: dict[EntityRef, list[int]] = {}
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        """At work for as long as the block lasts."""
        return in_background(self._work(), "retention")

    def _notice(self, stored: Stored) -> None:
        told = stored.ref.entity in _MAILS and isinstance(stored.state, Invite | Notice)
        if told and stored.state.mail is not None:
            self._claims.setdefault(stored.ref, []).append(stored.seq)

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while True:
            try:
                await self.sweep(self._runtime.bus.clock.now())
            except Exception:
                # Tidying up must not end the notifier, which has mails to send.
                log.exception("old mail bytes could not be deleted; trying again in an hour")
            await asyncio.sleep(_EVERY)

    async def sweep(self, now: datetime) -> int:
        """Delete the claims of messages that ended more than 30 days before ``now``; how many there were."""
        deleted = 0
        for ref in [ref for ref in self._claims if self._is_old(ref, now)]:
            for seq in self._claims[ref]:
                await erase_message(self._runtime.bus, stream_of(Service.NOTIFIER), seq)
                deleted += 1
            del self._claims[ref]
        return deleted

    def _is_old(self, ref: EntityRef, now: datetime) -> bool:
        """Whether the last outcome is old, and no further attempt will need the bytes."""
        stored = self._runtime.facts.get(ref)
        if stored is None or not isinstance(stored.state, Invite | Notice):
            return False
        decided = stored.state.decided_at
        ended = next_step(stored.state, now, self._policy) in RESOLVED
        return ended and decided is not None and decided < now - BYTES_STAY
