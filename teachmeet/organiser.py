"""What an organiser does, as functions over the bus: import files, ask for a schedule, release it, wait for mails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nats.aio.msg import Msg

from services.registrations.imports.drafts import DraftCommand
from shared.bus.client import Requester
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.commands.registrations import AcceptProposal
from shared.contract.commands.scheduler import (
    AskAttendance,
    AskPlan,
    AskRelease,
    Attendance,
    PlanShown,
    PublishRelease,
    ReleaseShown,
    RequestPlan,
)
from shared.contract.envelope import digest
from shared.contract.facts.scheduler import Disturbance, Limits, Plan, PlanMode, PlanStatus, Progress, Release
from shared.contract.results import Rejection
from shared.contract.subjects import Service, progress_of
from shared.contract.values import new_id
from teachmeet.errors import CannotError

_POLL = 0.1
UNBOUNDED = Disturbance()


class PlanFailedError(CannotError):
    """The solve ended without a draft."""


@dataclass(frozen=True)
class Refused:
    """An imported row that registrations rejected."""

    draft: DraftCommand
    rejection: Rejection


@dataclass(frozen=True)
class Imported:
    """What became of an import: commands accepted, rows refused, and the highest sequence stored."""

    accepted: tuple[DraftCommand, ...]
    refused: tuple[Refused, ...]
    seq: int


class Organiser:
    """Acts as the organiser of one community."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester
        self._run = new_id()

    async def import_drafts(self, drafts: Iterable[DraftCommand]) -> Imported:
        """Send imported rows one after the other; a refused row costs no other. The same file again changes nothing."""
        accepted, refused, seq = [], [], 0
        for draft in drafts:
            try:
                seq = max(seq, await self.send(draft))
                accepted.append(draft)
            except Rejection as rejection:
                refused.append(Refused(draft, rejection))
        return Imported(tuple(accepted), tuple(refused), seq)

    async def send(self, draft: DraftCommand) -> int:
        """Send one row; its sequence. Raises Rejection."""
        body = json.dumps(draft.payload, default=str).encode()
        identity = digest(self._run, draft.entity, draft.verb, body.decode())
        reply = await self._requester.ask_raw(
            Service.REGISTRATIONS, draft.entity, draft.verb, body, id=f"import-{identity}"
        )
        return int(json.loads(reply).get("seq", 0))

    async def accept(self, proposals: Iterable[str]) -> int:
        """Accept proposals whose presenters have said yes already; the highest sequence stored. Raises Rejection."""
        seq = 0
        for proposal in proposals:
            accepted = await self._requester.command(
                Service.REGISTRATIONS,
                AcceptProposal(proposal=proposal, ask=False),
                id=f"accept-{self._run}-{proposal}",
            )
            seq = max(seq, accepted.seq)
        return seq

    async def request_plan(
        self,
        programme: str,
        *,
        at_least_seq: int,
        limits: Limits,
        mode: PlanMode,
        disturbance: Disturbance = UNBOUNDED,
        include_maybe: bool = False,
        id: str | None = None,
    ) -> None:
        command = RequestPlan(
            programme=programme,
            at_least_seq=at_least_seq,
            limits=limits,
            mode=mode,
            disturbance=disturbance,
            include_maybe=include_maybe,
        )
        await self._requester.command(Service.SCHEDULER, command, id=id)

    async def show_plan(self, programme: str) -> PlanShown:
        return await self._requester.ask(Service.SCHEDULER, AskPlan(programme=programme), PlanShown)

    async def drafted(self, programme: str) -> PlanShown:
        """Wait until the requested plan is a draft. Raises PlanFailedError."""
        while True:
            shown = await self.show_plan(programme)
            if shown.plan is None or shown.plan.status in {PlanStatus.FAILED, PlanStatus.CANCELLED}:
                raise PlanFailedError(_why(shown.plan))
            if shown.plan.status is PlanStatus.DRAFTED:
                return shown
            await asyncio.sleep(_POLL)

    async def publish(
        self,
        programme: str,
        request: str,
        *,
        accept_outdated: bool = False,
        accept_blocked: bool = False,
        note: str | None = None,
    ) -> Release:
        """Release a draft. Raises Rejection."""
        command = PublishRelease(
            programme=programme,
            request=request,
            accept_outdated=accept_outdated,
            accept_blocked=accept_blocked,
            note=note,
        )
        await self._requester.command(Service.SCHEDULER, command, id=f"publish-{request}")
        shown = await self._requester.ask(Service.SCHEDULER, AskRelease(programme=programme), ReleaseShown)
        assert shown.release is not None, "what was published can be shown"
        return shown.release

    async def attendance(self, programme: str) -> Attendance:
        return await self._requester.ask(Service.SCHEDULER, AskAttendance(programme=programme), Attendance)

    async def delivered(
        self, programme: str, release: int, note: Callable[[Delivery], None] = lambda _: None
    ) -> Delivery:
        """Wait until every message about a release is sent or given up; ``note`` is told how far it is."""
        while True:
            question = AskDelivery(programme=programme, release=release)
            state = await self._requester.ask(Service.NOTIFIER, question, Delivery)
            note(state)
            if state.complete:
                return state
            await asyncio.sleep(_POLL)

    @asynccontextmanager
    async def progress(self, programme: str, note: Callable[[Progress], None]) -> AsyncIterator[None]:
        """Have ``note`` called with the live progress of solves for as long as the block lasts."""

        async def heard(message: Msg) -> None:
            note(Progress.model_validate_json(message.data))

        subject = progress_of(community=self._requester.community, programme=programme)
        subscription = await self._requester.bus.client.subscribe(subject, cb=heard)
        await self._requester.bus.client.flush()
        try:
            yield
        finally:
            await subscription.unsubscribe()


def _why(plan: Plan | None) -> str:
    return plan.problem or f"the plan is {plan.status}" if plan is not None else "no plan was asked for"
