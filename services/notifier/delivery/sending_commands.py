"""The organiser's commands about sending, carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.notifier.delivery.sending import paused, resumed
from services.notifier.delivery.suppression import lifted
from shared.bus.executing import carry_out
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import Write
from shared.contract.catalogue import SENDING, SUPPRESSION
from shared.contract.commands.sending import LiftSuppression, PauseSending, ResumeSending
from shared.contract.results import Accepted
from shared.contract.subjects import EntityRef


async def sending_changed(runtime: Runtime, request: Request) -> Accepted:
    """Pause, resume or lift, also when the disk is nearly full. Raises Rejection."""
    entity, decide = _decision(runtime, request)
    return await carry_out(runtime, request, entity, decide, even_when_full=True)


def _decision(runtime: Runtime, request: Request) -> tuple[EntityRef, Callable[[], Sequence[Write]]]:
    facts, community, now = runtime.facts, request.community, runtime.bus.clock.now()
    match request.command:
        case PauseSending() as command:
            return SENDING.ref(community, community), lambda: paused(facts, community, command, now)
        case ResumeSending() as command:
            return SENDING.ref(community, community), lambda: resumed(facts, community, command, now)
        case LiftSuppression() as command:
            return SUPPRESSION.ref(community, command.person), lambda: lifted(facts, community, command, now)
    raise TypeError(f"{type(request.command).__name__} is not about sending")
