"""The planner: solves every programme whose last plan fact is a request, outside the event loop.

Level-triggered: a scheduler that dies while it solves leaves the request where it was, and the next one solves it
again. A request that is cancelled or replaced stops the solve that runs for it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from pydantic import ValidationError

from services.scheduler.building import build_problem
from services.scheduler.errors import ProblemError, SchedulerError, complaints
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.plans import finish_plan, last_release
from services.scheduler.problem import Problem
from services.scheduler.resolving.modes import solve_in_mode
from services.scheduler.search import SearchProgress
from services.scheduler.solving import Solution
from services.scheduler.view import view_of
from shared.bus.background import cancelled, in_background
from shared.bus.facts import Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError
from shared.bus.streams import stream_of
from shared.contract.catalogue import PLAN
from shared.contract.facts.scheduler import Draft, Placement, Plan, PlanStatus, Progress
from shared.contract.subjects import ProgressSubject, Service

log = logging.getLogger(__name__)


@dataclass
class _Solve:
    """A solve under way: for which request, how to stop it, and the task that waits for it."""

    request: str
    cancel: threading.Event
    task: asyncio.Task[None]


class Planner:
    """Keeps a solve running for every requested plan, for as long as the block lasts."""

    def __init__(self, runtime: Runtime, packs: Mapping[str, Pack]) -> None:
        self._runtime = runtime
        self._packs = packs
        self._solves: dict[tuple[str, str], _Solve] = {}
        self._drafted: dict[tuple[str, str], tuple[Placement, ...]] = {}
        """By community and programme, where to begin the next search."""
        self._changed = asyncio.Event()
        self._changed.set()
        runtime.facts.listen(self._notice)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        try:
            async with in_background(self._work(), "planner"):
                yield
        finally:
            for each in self._solves.values():
                each.cancel.set()
            await cancelled(*(each.task for each in self._solves.values()))

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity == PLAN.entity:
            self._changed.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while True:
            await self._changed.wait()
            self._changed.clear()
            for community in self._runtime.facts.communities(PLAN):
                for plan in self._runtime.facts.states(PLAN, Plan, community).values():
                    self._look_at(community, plan)

    def _look_at(self, community: str, plan: Plan) -> None:
        key = (community, plan.programme)
        solve_now = self._solves.get(key)
        wanted = plan.status is PlanStatus.REQUESTED
        if solve_now is not None and (not wanted or solve_now.request != plan.request):
            solve_now.cancel.set()
            del self._solves[key]
        if wanted and key not in self._solves:
            cancel = threading.Event()
            task = asyncio.create_task(self._plan(community, plan, cancel), name=f"solve {plan.programme}")
            self._solves[key] = _Solve(plan.request, cancel, task)

    async def _plan(self, community: str, plan: Plan, cancel: threading.Event) -> None:
        """Solve, then store the outcome until it is stored, or somebody else's is."""
        outcome = await self._outcome(community, plan, cancel)
        failures = 0
        while not cancel.is_set():
            try:
                await self._store(community, plan, outcome)
            except Exception:
                # A solved plan is not thrown away, whatever keeps it from being stored.
                failures += 1
                log.exception("the plan of %s could not be stored; trying again", plan.programme)
                await asyncio.sleep(growing_delay(failures, cap=30.0))
            else:
                return

    async def _outcome(self, community: str, plan: Plan, cancel: threading.Event) -> Draft | str:
        """The draft, or in words why there is none; a request never stays open because of an error of ours."""
        await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), plan.at_least_seq)
        try:
            return await self._draft(community, plan, cancel)
        except SchedulerError as error:
            return str(error)
        except Exception as error:
            # The same problem would fail the same way for ever; a person has to look.
            log.exception("the plan of %s could not be solved", plan.programme)
            return f"the solver failed ({type(error).__name__}); the scheduler's log says where"

    async def _draft(self, community: str, plan: Plan, cancel: threading.Event) -> Draft:
        """Build the problem from the view and solve it, in threads. Raises SchedulerError."""
        input_seq = self._runtime.facts.last_seq(Service.REGISTRATIONS)
        try:
            view, now = view_of(self._runtime.facts, community), self._runtime.bus.clock.now()
            build = partial(build_problem, asked_at=now, include_maybe=plan.include_maybe)
            problem = await asyncio.to_thread(build, view, plan.programme, self._packs)
        except ValidationError as error:
            raise ProblemError("; ".join(complaints(Problem, error))) from error
        loop = asyncio.get_running_loop()
        tell = partial(self._tell, community, plan)

        def found(incumbent: SearchProgress) -> None:
            # From a solving thread: the event loop publishes.
            loop.call_soon_threadsafe(tell, incumbent)

        solution: Solution = await asyncio.to_thread(
            solve_in_mode,
            problem,
            plan.limits,
            mode=plan.mode,
            disturbance=plan.disturbance,
            on_progress=found,
            cancel=cancel,
            start=self._begin_from(community, plan),
        )
        self._drafted[community, plan.programme] = solution.placements
        return solution.draft(input_seq=input_seq)

    def _begin_from(self, community: str, plan: Plan) -> tuple[Placement, ...]:
        """The last draft that this process made, or the last release; nothing when the answer is to be reproducible."""
        if plan.limits.deterministic:
            return ()
        release = last_release(self._runtime.facts, community, plan.programme)
        return self._drafted.get((community, plan.programme), release.placements if release else ())

    def _tell(self, community: str, plan: Plan, incumbent: SearchProgress) -> None:
        progress = Progress(
            programme=plan.programme,
            request=plan.request,
            seconds=round(incumbent.seconds, 2),
            objective=incumbent.objective,
            bound=incumbent.bound,
            placed=incumbent.placed,
            sessions=incumbent.sessions,
            rules=dict(incumbent.rules),
        )
        subject = str(ProgressSubject(community, plan.programme))
        task = asyncio.create_task(self._runtime.bus.client.publish(subject, progress.model_dump_json().encode()))
        task.add_done_callback(_ignore_lost_progress)

    async def _store(self, community: str, plan: Plan, outcome: Draft | str) -> None:
        writes = finish_plan(self._runtime.facts, community, plan, outcome)
        try:
            if writes:
                await self._runtime.store.append(Cause(community, Service.SCHEDULER, f"finish-{plan.request}"), writes)
        except ConflictError as conflict:
            log.info("the plan of %s was changed while it was solved", plan.programme)
            await self._runtime.store.load(conflict.ref)


def _ignore_lost_progress(task: asyncio.Task[None]) -> None:
    # Live progress is worth nothing later; a broker that is away just misses it.
    if not task.cancelled() and task.exception() is not None:
        log.debug("progress was not published: %s", task.exception())
