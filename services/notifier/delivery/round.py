"""The notifier's round: look at what is due, do it over a few connections, wait for the next change.

Level-triggered: each round starts from the facts alone, so being killed at any moment costs nothing but time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from services.notifier.delivery.agenda import all_tasks, input_seq, next_wake
from services.notifier.delivery.courier import Courier
from services.notifier.delivery.dispatch import Dispatch
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import DeliveryPolicy
from services.notifier.delivery.post import Post
from services.notifier.delivery.rates import DomainLimits, DomainRates
from services.notifier.delivery.task import SingleMail, Task, Work
from services.notifier.delivery.transmission import MailTransport
from services.notifier.planning.book import Book
from shared.bus.background import in_background
from shared.bus.facts import Stored
from shared.bus.permissions import READS
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import SENDING, SUPPRESSION
from shared.contract.subjects import EntityRef, Service

log = logging.getLogger(__name__)

_LONGEST_WAIT = 30.0
_LAST_MESSAGES = 3.0
_ROUND_LASTS = 10.0
_NOTE = "mail: "
# What the agenda is made from, but for the invites, which rounds themselves bring about.
_CHANGING = frozenset({"reply", *(kind.entity for kind in (*READS[Service.NOTIFIER], SUPPRESSION, SENDING))})


@dataclass(frozen=True)
class RoundRules:
    """How mails go out: the life of a message, what holds it, how many at a time, and how fast to each domain."""

    policy: DeliveryPolicy
    holding: Holding
    couriers: int
    limits: DomainLimits


class Round:
    """Keeps every calendar what it should be, for as long as the block lasts."""

    def __init__(
        self,
        runtime: Runtime,
        book: Book,
        post: Post,
        courier: Courier,
        transport: MailTransport,
        rules: RoundRules,
    ) -> None:
        self._runtime = runtime
        self._book = book
        self._post = post
        self._courier = courier
        self._transport = transport
        self._rules = rules
        self._rates = DomainRates(rules.limits)
        self._changed = asyncio.Event()
        self._stirred = asyncio.Event()
        self._freed = asyncio.Event()
        self._leaving = False
        self._failures: dict[EntityRef, int] = {}
        self._held_back: dict[EntityRef, float] = {}
        runtime.facts.listen(self._notice)
        post.listen(self._stirred.set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with in_background(self._work(), "round") as work:
            yield
            # Messages on their way get their outcome; a cancelled one would be in doubt.
            self._leaving = True
            self._changed.set()
            self._stirred.set()
            self._freed.set()
            await asyncio.wait({work}, timeout=_LAST_MESSAGES)

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity in _CHANGING:
            self._changed.set()
            self._stirred.set()
            self._freed.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while not self._leaving:
            self._changed.clear()
            self._stirred.clear()
            await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), input_seq(self._runtime.facts))
            due = self._due()
            todo = self._admitted([work for work in due if isinstance(work, SingleMail) or work.hold is None])
            if todo:
                await self._carry_out(todo)
            else:
                await self._rest(due)

    def _due(self) -> list[Work]:
        """Notices first: they are few, and some are about what begins soon."""
        now = _monotonic()
        self._held_back = {key: until for key, until in self._held_back.items() if until > now}
        facts, rules, instant = self._runtime.facts, self._rules, self._runtime.bus.clock.now()
        found = [
            *self._post.work(instant),
            *all_tasks(facts, self._book, instant, rules.policy, rules.holding),
        ]
        if not self._held_back:
            return found
        return [work for work in found if isinstance(work, SingleMail) or work.key not in self._held_back]

    def _admitted(self, tasks: list[Work]) -> list[Work]:
        """All of them while the mail server works; else what needs no server, and one mail when it may be tried."""
        relay = self._transport.relay
        if relay.is_open:
            return tasks
        recorded = [task for task in tasks if not task.transmits]
        probes = [task for task in tasks if task.transmits][:1]
        return recorded + (probes if relay.may_probe(_monotonic()) else [])

    async def _carry_out(self, todo: list[Work]) -> None:
        """Do the tasks, several at a time; stop taking new ones when what should be has changed, or after a while:
        doubts and second tries that have come up meanwhile shall not wait for a long list or a slow domain."""
        dispatch = Dispatch(todo, self._rates)
        was_open, ends = self._transport.relay.is_open, _monotonic() + _ROUND_LASTS

        def goes_on() -> bool:
            is_useful = self._transport.relay.is_open or not was_open
            is_interrupted = self._changed.is_set() or self._leaving or _monotonic() > ends
            return bool(dispatch) and is_useful and not is_interrupted

        async def take() -> None:
            while goes_on():
                self._freed.clear()
                task = dispatch.take(_monotonic())
                if task is None:
                    await self._until_freed(dispatch.wait(_monotonic()))
                    continue
                try:
                    await self._try(task)
                finally:
                    dispatch.done(task)
                    self._freed.set()

        await asyncio.gather(*(take() for _ in range(self._rules.couriers)))
        self._tell_health()

    async def _until_freed(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, 0.01), _LONGEST_WAIT)):
                await self._freed.wait()

    async def _try(self, task: Work) -> None:
        if isinstance(task, SingleMail):
            self._post.tried(task)
            await self._courier.carry_out(task)
            return
        try:
            await self._courier.carry_out(task)
        except Exception:
            # One message that cannot be written or stored must not keep the others from going out.
            failures = self._failures[task.key] = self._failures.get(task.key, 0) + 1
            self._held_back[task.key] = _monotonic() + growing_delay(failures, cap=60.0)
            log.exception("a message could not be handled; trying again later")
        else:
            self._failures.pop(task.key, None)
            self._held_back.pop(task.key, None)

    def _tell_health(self) -> None:
        """The mail server's trouble is a note in the service's health for as long as it lasts."""
        trouble = self._transport.relay.trouble
        others = [note for note in self._runtime.health.notes if not note.startswith(_NOTE)]
        self._runtime.health.notes[:] = [*others, *([f"{_NOTE}{trouble}"] if trouble else [])]

    async def _rest(self, due: list[Work]) -> None:
        """Wait for a change, for the next step of a message, or for the moment at which one that is due may go."""
        if self._leaving:
            return
        now = self._runtime.bus.clock.now()
        tasks = [work for work in due if isinstance(work, Task)]
        wakes = (
            next_wake(self._runtime.facts, self._book, now, self._rules.policy, tasks),
            self._post.next_wake(now),
        )
        wake = min((each for each in wakes if each is not None), default=None)
        seconds = (wake - now).total_seconds() if wake is not None else _LONGEST_WAIT
        waits = [*self._held_back.values()]
        if len(due) > len(tasks) or any(task.hold is None for task in tasks):
            # Not admitted, so the mail server is being left alone.
            waits.append(self._transport.relay.closed_until)
        if waits:
            seconds = min(seconds, max(0.0, min(waits) - _monotonic()))
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, 0.02), _LONGEST_WAIT)):
                await self._stirred.wait()


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
