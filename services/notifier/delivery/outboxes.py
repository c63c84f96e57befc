"""What waits to go out, and what releasing a draft would send, looked at before anybody releases it.

The scheduler tells the draft, and registrations who would get which seat; the rest is the planning that a release
goes through, on facts that were supposed instead of written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

from services.notifier.content.composing import Composer
from services.notifier.delivery.agenda import Supposed, calendars, messages
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import DeliveryPolicy
from services.notifier.delivery.outbox import listing, outbox
from services.notifier.delivery.reporting import sessions_of
from services.notifier.delivery.task import Task
from services.notifier.planning.book import Book
from shared.bus.client import Requester
from shared.bus.facts import Facts
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import COMMUNITY
from shared.contract.commands.hypothetical import AskHypotheticalSeatings, HypotheticalSeatings
from shared.contract.commands.scheduler import AskPlan, PlanShown
from shared.contract.commands.sending import AskOutbox, Outbox
from shared.contract.facts.registrations import Community, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service

_PATIENCE = 60.0
_TRIES = 5
_Question = tuple[str, AskOutbox]


class Outboxes:
    """Answers what waits, or what a draft would send; nothing is written.

    A question about a draft that comes again while it is being answered (who asks is less patient than a large
    programme needs) gets the answer that is on its way.
    """

    def __init__(
        self, runtime: Runtime, book: Book, policy: DeliveryPolicy, holding: Holding, composer: Composer
    ) -> None:
        self._runtime = runtime
        self._book = book
        self._policy = policy
        self._holding = holding
        self._composer = composer
        self._under_way: dict[_Question, asyncio.Task[Outbox]] = {}

    async def answer(self, community: str, question: AskOutbox) -> Outbox:
        """What waits, or what the present draft would send. Raises Rejection when there is none, UnreachableError."""
        if not question.draft:
            facts, now = self._runtime.facts, self._runtime.bus.clock.now()
            return outbox(facts, self._book, community, question, now, self._policy, self._holding, self._composer)
        asked = (community, question)
        answering = self._under_way.get(asked)
        if answering is None:
            answering = self._under_way[asked] = asyncio.create_task(self._of_draft(community, question))
            answering.add_done_callback(lambda _: self._under_way.pop(asked, None))
        return await asyncio.shield(answering)

    async def _of_draft(self, community: str, question: AskOutbox) -> Outbox:
        requester = Requester(self._runtime.bus, community, patience=_PATIENCE)
        shown = await requester.ask(Service.SCHEDULER, AskPlan(programme=question.programme), PlanShown)
        release = _as_released(shown)
        seatings, seq = await _seatings(requester, release)
        await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), max(seq, release.input_seq))
        now = self._runtime.bus.clock.now()
        supposed = Supposed(release, {each.session: each for each in seatings})
        facts = self._runtime.facts
        waiting = would_send(facts, self._book, community, supposed, now, self._policy, self._holding)
        found = listing(facts, community, question, waiting, self._composer, now)
        return found.model_copy(update={"draft": release.request, "outdated": shown.outdated})


def would_send(
    facts: Facts,
    book: Book,
    community: str,
    supposed: Supposed,
    now: datetime,
    policy: DeliveryPolicy,
    holding: Holding,
) -> list[Task]:
    """The messages about a programme that would be due, were that released and seated so.

    What is on its way at this moment is left out: what follows it shows when it has ended.
    """
    known = facts.state(COMMUNITY, Community, community, community)
    if known is None:
        return []
    sessions = {*sessions_of(facts, community, supposed.release.programme), *supposed.seatings}
    due = messages(facts, book, known, calendars(facts, community, supposed), now, policy, holding)
    return [task.barred(holding) for task in due if task.about in sessions]


def _as_released(shown: PlanShown) -> Release:
    """The release that publishing the draft would make."""
    plan = shown.plan
    if plan is None or plan.draft is None or shown.zone is None:
        allowed = "a programme with a draft: plan it first"
        raise Rejection.of(RejectionCode.UNKNOWN, "programme", "has no draft", allowed)
    return Release(
        programme=plan.programme,
        number=shown.releases + 1,
        request=plan.request,
        zone=shown.zone,
        placements=plan.draft.placements,
        totals=plan.draft.totals,
        problem_digest=plan.draft.problem_digest,
        input_seq=plan.draft.input_seq,
    )


async def _seatings(requester: Requester, release: Release) -> tuple[Iterable[Seating], int]:
    """All pages of the seatings as they would be, and what registrations knew; asked anew when that changes."""
    for _ in range(_TRIES):
        first = await _page(requester, release, 1)
        rest = [await _page(requester, release, number) for number in range(2, first.pages + 1)]
        if all(each.input_seq == first.input_seq for each in rest):
            return [seating for page in (first, *rest) for seating in page.seatings], first.input_seq
    problem, allowed = "changes all the time", "the same question again, a little later"
    raise Rejection.of(RejectionCode.BUSY, "programme", problem, allowed)


async def _page(requester: Requester, release: Release, number: int) -> HypotheticalSeatings:
    question = AskHypotheticalSeatings(release=release, page=number)
    return await requester.ask(Service.REGISTRATIONS, question, HypotheticalSeatings)
