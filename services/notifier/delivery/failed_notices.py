"""Notices that did not reach their person and are not tried again: the organiser is told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from services.notifier.delivery.life import RESOLVED, DeliveryPolicy, next_step
from services.notifier.delivery.reporting import why
from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import ERASURE, NOTICE
from shared.contract.commands.notifier import UndeliveredNotice
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import InviteStatus
from shared.contract.subjects import EntityRef

_FAILED = frozenset({InviteStatus.REFUSED, InviteStatus.DEFERRED, InviteStatus.IN_DOUBT})


class FailedNotices:
    """Follows the notices. There may be very many, of which few fail."""

    def __init__(self, facts: Facts) -> None:
        self._failed: dict[EntityRef, Notice] = {}
        facts.listen(self._notice)

    def about(
        self, community: str, subjects: Collection[str], now: datetime, policy: DeliveryPolicy
    ) -> Iterator[UndeliveredNotice]:
        """Those about any of these sessions, proposals or programmes, the last claimed first."""
        failed = [
            notice
            for ref, notice in self._failed.items()
            if ref.community == community and notice.about in subjects and next_step(notice, now, policy) in RESOLVED
        ]
        for notice in sorted(failed, key=lambda each: each.claimed_at, reverse=True):
            yield UndeliveredNotice(person=notice.person, kind=notice.kind, about=notice.about, why=why(notice))

    def _notice(self, stored: Stored) -> None:
        ref = stored.ref
        if ref.entity == ERASURE.entity:
            for known in [
                each for each in self._failed if each.community == ref.community and each.ids[0] == ref.ids[0]
            ]:
                del self._failed[known]
        elif ref.entity == NOTICE.entity and isinstance(stored.state, Notice):
            if stored.state.status in _FAILED:
                self._failed[ref] = stored.state
            else:
                self._failed.pop(ref, None)
