"""The order in which tasks are taken: each recipient's domain in turn, the earliest sessions of each first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from services.notifier.delivery.rates import DomainRates, domain_of
from services.notifier.delivery.task import Work


class Dispatch:
    """Tasks that wait for a courier: first what is only recorded, then what is transmitted.

    A domain whose limits are reached is passed over until it may have the next.
    """

    def __init__(self, tasks: Iterable[Work], rates: DomainRates) -> None:
        self._rates = rates
        self._queues: dict[str, deque[Work]] = {}
        self._records: deque[Work] = deque()
        for task in tasks:
            if not task.transmits:
                self._records.append(task)
                continue
            self._queues.setdefault(domain_of(task.address), deque()).append(task)
        self._turns = deque(self._queues)

    def __bool__(self) -> bool:
        return bool(self._records or self._turns)

    def take(self, now: float) -> Work | None:
        """The next task that may start; it counts as under way until ``done``. None: none may now."""
        if self._records:
            return self._records.popleft()
        for _ in range(len(self._turns)):
            domain = self._turns.popleft()
            queue = self._queues[domain]
            may_start = self._rates.wait(domain, now) <= 0.0
            task = queue.popleft() if may_start else None
            if queue:
                self._turns.append(domain)
            if task is not None:
                self._rates.start(domain, now)
                return task
        return None

    def done(self, task: Work) -> None:
        if task.transmits:
            self._rates.end(domain_of(task.address))

    def wait(self, now: float) -> float:
        """Seconds until some task may start, if none ends before; infinite when one must end first."""
        return min((self._rates.wait(domain, now) for domain in self._turns), default=0.0)
