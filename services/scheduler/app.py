"""The scheduler, wired."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from pydantic import BaseModel

from services.scheduler.asking import Asking
from services.scheduler.exports.answers import answer
from services.scheduler.packs_reading.library import packs_with
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.pins import pin, pins, unpin
from services.scheduler.planning import Planner
from services.scheduler.plans import cancel_plan, last_release, publish_release, request_plan
from services.scheduler.questions import is_outdated, shown
from services.scheduler.settings import SchedulerSettings
from shared.bus.endpoints import Execute
from shared.bus.eraser import Eraser, Receipts
from shared.bus.executing import carry_out
from shared.bus.facts import Facts
from shared.bus.permissions import READS
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.service import Runtime, ServiceApp
from shared.bus.store import ConflictError, Write
from shared.bus.streams import stream_of
from shared.contract.catalogue import PIN, PLAN, RELEASE, SCHEDULER_RECEIPT
from shared.contract.commands.explaining import AskAlternatives, AskExplanation, AskWhatIf
from shared.contract.commands.pins import AskPins, PinSession, UnpinSession
from shared.contract.commands.scheduler import (
    AskAttendance,
    AskChangelog,
    AskDifference,
    AskExport,
    AskPlan,
    AskRelease,
    CancelPlan,
    PublishRelease,
    RequestPlan,
)
from shared.contract.facts.scheduler import Plan
from shared.contract.results import Accepted
from shared.contract.subjects import EntityRef, Service, facts_of

log = logging.getLogger(__name__)


def make_app(settings: SchedulerSettings) -> ServiceApp:
    """The service with its endpoints; nothing connects before it runs."""

    @asynccontextmanager
    async def start(runtime: Runtime) -> AsyncIterator[Execute]:
        packs = _packs(settings, runtime)
        asking = Asking(runtime.facts, packs)

        async def execute(request: Request) -> BaseModel:
            facts, community = runtime.facts, request.community
            match request.command:
                case AskPlan() | AskRelease() | AskAttendance() as question:
                    return shown(facts, community, question, packs)
                case AskDifference() | AskChangelog() | AskExport() as question:
                    return answer(facts, community, question)
                case AskExplanation() | AskWhatIf() | AskAlternatives() as question:
                    return await asking.answer(community, question, runtime.bus.clock.now())
                case PublishRelease() as command:
                    return await _publish(runtime, request, command, packs)
                case AskPins() as question:
                    return pins(facts, community, question)
            return await _carry_out(runtime, request)

        eraser = Eraser(runtime, Receipts(runtime, Service.SCHEDULER, SCHEDULER_RECEIPT))
        async with eraser.running(), Planner(runtime, packs).running():
            yield execute

    own_facts = Source(stream_of(Service.SCHEDULER), facts_of(Service.SCHEDULER))
    sources = [own_facts, *(Source.of(kind) for kind in READS[Service.SCHEDULER])]
    return ServiceApp(settings, Service.SCHEDULER, sources, start)


async def _carry_out(runtime: Runtime, request: Request) -> Accepted:
    """What changes a plan or a pin."""
    facts, community = runtime.facts, request.community
    match request.command:
        case RequestPlan() as command:
            command = await _up_to_now(runtime, command)
            ref = PLAN.ref(community, command.programme)
            return await carry_out(
                runtime, request, ref, partial(request_plan, facts, community, command, request.cause.digest)
            )
        case CancelPlan() as command:
            ref = PLAN.ref(community, command.programme)
            return await carry_out(runtime, request, ref, partial(cancel_plan, facts, community, command))
        case PinSession() as command:
            ref = PIN.ref(community, command.session)
            return await carry_out(runtime, request, ref, partial(pin, facts, community, command))
        case UnpinSession() as command:
            ref = PIN.ref(community, command.session)
            return await carry_out(runtime, request, ref, partial(unpin, facts, community, command))
    raise TypeError(f"no answer to {type(request.command).__name__}")


def _packs(settings: SchedulerSettings, runtime: Runtime) -> Mapping[str, Pack]:
    """The packs that are in order. What is wrong with others stands in the log, and ``doctor`` tells it."""
    library = packs_with(settings.pack_folder)
    for problem in library.problems:
        log.error("policy pack left out: %s", problem)
    runtime.health.notes.extend(f"policy pack left out: {problem}" for problem in library.problems)
    return library.packs


async def _up_to_now(runtime: Runtime, command: RequestPlan) -> RequestPlan:
    """The same request, for all facts that are stored at this moment, whether its sender knows of them or not."""
    return command.model_copy(update={"at_least_seq": max(command.at_least_seq, await _read_up_to_now(runtime))})


async def _read_up_to_now(runtime: Runtime) -> int:
    """Wait until all that registrations has stored by now is in the view; the sequence of the last.

    Who changes something and asks at once is not told that it is unknown, nor releases a draft that it made an old one.
    """
    stream = stream_of(Service.REGISTRATIONS)
    state = (await runtime.bus.js.stream_info(stream)).state
    await runtime.replay.passed(stream, state.last_seq)
    return int(state.last_seq)


async def _publish(runtime: Runtime, request: Request, command: PublishRelease, packs: Mapping[str, Pack]) -> Accepted:
    facts, community = runtime.facts, request.community

    await _read_up_to_now(runtime)
    ref = _release_ref(facts, community, command)
    at = runtime.bus.clock.now()

    def writes() -> list[Write]:
        if _release_ref(facts, community, command) != ref:
            raise ConflictError(ref)
        plan = facts.state(PLAN, Plan, community, command.programme)
        outdated = plan is not None and is_outdated(facts, community, plan, packs)
        return publish_release(facts, community, command, outdated=outdated, at=at)

    return await carry_out(runtime, request, ref, writes, even_when_full=True)


def _release_ref(facts: Facts, community: str, command: PublishRelease) -> EntityRef:
    """The release that this draft became, or the next one."""
    last = last_release(facts, community, command.programme)
    if last is not None and last.request == command.request:
        return RELEASE.ref(community, command.programme, str(last.number))
    return RELEASE.ref(community, command.programme, str((last.number if last is not None else 0) + 1))
