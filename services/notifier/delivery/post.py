"""The post: keeps the mails beside invitations that wait for the courier.

Those are notices that were handed over to be sent, notices whose last fact asks for another step, and mails of which
no fact tells. The round carries them out together with invitations: all that holds or slows those does so with these.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import RESOLVED, DeliveryPolicy, NextStep, next_step, wakes_at
from services.notifier.delivery.outgoing_notice import OutgoingNotice
from services.notifier.delivery.task import SingleMail, Task, Work
from services.notifier.delivery.transmission import MailTransport
from shared.bus.facts import Stored
from shared.bus.service import Runtime
from shared.contract.catalogue import COMMUNITY, CONTACT, ERASURE, NOTICE
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import InviteStatus
from shared.contract.facts.registrations import Community, Contact
from shared.contract.subjects import EntityRef

log = logging.getLogger(__name__)

_PATIENCE = 20.0
_SINGLE_MAILS_AT_MOST = 100


@dataclass(frozen=True)
class _Offer:
    """A notice that waits to be claimed, and who waits for that."""

    notice: OutgoingNotice
    claimed: asyncio.Future[bool]


class Post:
    """Takes mails from whoever writes them; safe to use from several tasks at a time."""

    def __init__(self, runtime: Runtime, transport: MailTransport, holding: Holding, policy: DeliveryPolicy) -> None:
        self._runtime = runtime
        self._transport = transport
        self._holding = holding
        self._policy = policy
        self._under_way: dict[EntityRef, Stored] = {}
        self._offers: dict[EntityRef, _Offer] = {}
        self._single: deque[SingleMail] = deque(maxlen=_SINGLE_MAILS_AT_MOST)
        self._listeners: list[Callable[[], None]] = []
        runtime.facts.listen(self._notice)

    def listen(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called when there is something new to send."""
        self._listeners.append(listener)

    def may_mail(self, community: str, contact: Contact, about: str = "", starts: Iterable[datetime] = ()) -> bool:
        """Whether a mail to that person may go out now, by all that holds invitations (see holding), too.

        What is about a session that ``starts`` soon goes out at night, too.
        """
        relay = self._transport.relay
        if not relay.is_open and not relay.may_probe(asyncio.get_running_loop().time()):
            return False
        return self._holding.hold(community, contact, about, starts, self._now()) is None

    def is_told(self, ref: EntityRef) -> bool:
        """Whether that notice was claimed before, by anybody."""
        return self._runtime.facts.get(ref) is not None

    async def send(self, notice: OutgoingNotice, *, patience: float = _PATIENCE) -> bool:
        """Hand a notice over, and wait until it is claimed, by whomever: from then on it is taken care of.

        False when its turn has not come within ``patience`` seconds; it is withdrawn then.
        """
        if self.is_told(notice.ref):
            return True
        offer = self._offers.get(notice.ref)
        if offer is None:
            offer = self._offers[notice.ref] = _Offer(notice, asyncio.get_running_loop().create_future())
        self._tell()
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(offer.claimed)
        except TimeoutError:
            return self.is_told(notice.ref)
        finally:
            self._offers.pop(notice.ref, None)

    def send_single(self, single: SingleMail) -> None:
        """Hand over a mail of which no fact tells. When too many wait, the oldest is dropped."""
        self._single.append(single)
        self._tell()

    def tried(self, single: SingleMail) -> None:
        """It is on its way, and is not tried again."""
        if single in self._single:
            self._single.remove(single)

    def work(self, now: datetime) -> list[Work]:
        """Everything that can be done now, also what is held; singles of a community that is paused are left out."""
        steps = (each.held(self._holding, now) for each in (*self._steps(now), *self._firsts(now)))
        single = (each for each in self._single if not self._holding.is_paused(each.community.community))
        return [*steps, *single]

    def next_wake(self, now: datetime) -> datetime | None:
        """The earliest instant at which a notice that waits asks for its next step."""
        waiting = (
            wakes_at(stored.state)
            for stored in self._under_way.values()
            if next_step(stored.state, now, self._policy) is NextStep.WAIT
        )
        return min((each for each in waiting if each is not None), default=None)

    def _steps(self, now: datetime) -> Iterator[Task]:
        """What notices that were begun ask for; those that have ended are forgotten."""
        for ref, stored in list(self._under_way.items()):
            step = next_step(stored.state, now, self._policy)
            if step in RESOLVED:
                del self._under_way[ref]
            elif step is not NextStep.WAIT:
                yield from self._task(ref, step=step, seq=stored.seq, last=stored.state)

    def _firsts(self, now: datetime) -> Iterator[Task]:
        for ref, offer in list(self._offers.items()):
            if now < offer.notice.ends_at:
                yield from self._task(ref, message=offer.notice)

    def _task(
        self,
        ref: EntityRef,
        *,
        step: NextStep = NextStep.TRANSMIT_AGAIN,
        seq: int = 0,
        last: Notice | None = None,
        message: OutgoingNotice | None = None,
    ) -> Iterator[Task]:
        facts, name = self._runtime.facts, ref.community
        community = facts.state(COMMUNITY, Community, name, name)
        contact = facts.state(CONTACT, Contact, name, ref.ids[0])
        if community is not None and contact is not None:
            yield Task(community, contact, step, seq=seq, last=last, message=message)

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity == ERASURE.entity:
            self._forget(stored.ref.community, stored.ref.ids[0])
            return
        if stored.ref.entity != NOTICE.entity or not isinstance(stored.state, Notice):
            return
        if stored.state.status in {InviteStatus.SENT, InviteStatus.REFUSED}:
            self._under_way.pop(stored.ref, None)
        else:
            self._under_way[stored.ref] = stored
        offer = self._offers.pop(stored.ref, None)
        if offer is not None and not offer.claimed.done():
            offer.claimed.set_result(True)

    def _forget(self, community: str, person: str) -> None:
        for ref in [*self._under_way, *self._offers]:
            if ref.community == community and ref.ids[0] == person:
                self._under_way.pop(ref, None)
                self._offers.pop(ref, None)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()
