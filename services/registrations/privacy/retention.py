"""The end of what is kept: people of whom nothing was heard for as long as their community wants are erased."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from services.registrations.decisions.erasures import erase
from services.registrations.decisions.ledger import Ledger
from services.registrations.privacy.expiring import expiring, is_heard_of_since
from shared.bus.background import in_background
from shared.bus.executing import refresh
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import COMMUNITY
from shared.contract.commands.privacy import AskExpiring, ErasePerson, ExpiringPerson
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_EVERY = 3600.0
_TODAY = AskExpiring(within_days=0)


class RetentionPeriods:
    """Looks at start-up and every hour, for as long as the block lasts.

    Level-triggered: who is to go follows from the facts alone. Two processes that erase the same person conflict, and
    one of them has done it.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def running(self) -> AbstractAsyncContextManager[object]:
        return in_background(self._work(), "retention periods")

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while True:
            try:
                await self.end_periods()
            except Exception as error:  # noqa: BLE001 - whoever is overdue is so in an hour, too
                log.warning("retention periods could not be ended: %s; trying again", type(error).__name__)
            await asyncio.sleep(_EVERY)

    async def end_periods(self) -> int:
        """Erase whoever's period has ended; how many."""
        count = 0
        for community in tuple(self._runtime.facts.communities(COMMUNITY)):
            now = self._runtime.bus.clock.now()
            for each in (await expiring(self._runtime.facts, community, _TODAY, now)).people:
                count += await self._erase(community, each)
        if count:
            log.info("the retention period of %d people has ended", count)
        return count

    async def _erase(self, community: str, expired: ExpiringPerson) -> bool:
        person = expired.person
        if is_heard_of_since(self._runtime.facts, community, person, expired.last_active):
            return False
        ledger = Ledger(self._runtime.facts, community, self._runtime.bus.clock.now())
        erase(ledger, ErasePerson(person=person), Actor(ActorKind.ORGANISER))
        if not ledger.writes:
            return False
        try:
            cause = Cause(community, Service.REGISTRATIONS, f"retention-{person}")
            await self._runtime.store.append(cause, ledger.writes)
        except ConflictError:
            # Something was heard of them just now, or another process was quicker.
            await refresh(self._runtime, ledger.writes)
            return False
        return True
