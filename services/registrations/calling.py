"""Commands around a call that are answered with more, or with less, than that they are accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pydantic import BaseModel

from services.registrations.decisions.access import WrongCodeError
from services.registrations.proposal_questions import similar_told
from services.registrations.similarity import look_alikes
from shared.bus.executing import refresh
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import ConflictError
from shared.contract.catalogue import PROPOSAL
from shared.contract.commands.calls import BeginProposal, InvitePresenter, Noted, ProposalSaved
from shared.contract.commands.registrations import SubmitProposal
from shared.contract.facts.registrations import Proposal
from shared.contract.results import Accepted

_TRIES = 8


async def counted(
    runtime: Runtime, request: Request, work: Callable[[], Awaitable[Accepted]], *, tries: int = _TRIES
) -> Accepted:
    """What ``work`` answers. A wrong access code is refused only once it is counted, whoever else guesses meanwhile.

    Raises Rejection, ConflictError after 8 tries, and TimeoutError.
    """
    try:
        return await work()
    except WrongCodeError as wrong:
        if not wrong.counted:
            raise
        try:
            await runtime.store.append(request.cause, wrong.counted)
        except ConflictError:
            if tries == 1:
                raise
            await refresh(runtime, wrong.counted)
        else:
            raise
    return await counted(runtime, request, work, tries=tries - 1)


async def told(runtime: Runtime, request: Request, accepted: Accepted) -> BaseModel:
    """What the sender of an accepted command is told."""
    match request.command:
        case BeginProposal() | InvitePresenter():
            # Neither the entity nor its sequence: they would tell whether the address is known.
            return Noted()
        case SubmitProposal() as command:
            proposals = runtime.facts.states(PROPOSAL, Proposal, request.community)
            saved = proposals.get((command.proposal,))
            if saved is None:
                return accepted
            alike = await asyncio.to_thread(look_alikes, saved, list(proposals.values()))
            return ProposalSaved(**dict(accepted), similar=similar_told(alike, request.actor))
    return accepted
