"""Questions of whoever feeds registrations, answered from the view."""

from __future__ import annotations

from pydantic import BaseModel

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.exports.pages import data_page
from services.registrations.naming import named
from services.registrations.shown import person_shown, programme_shown, proposal_shown
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.contract.commands.intake import AskData, AskPersonState, AskProgramme, AskProposal


async def shown(runtime: Runtime, request: Request, keys: AddressKey) -> BaseModel:
    """The answer to such a question. Raises Rejection, and TypeError for anything else."""
    ledger = Ledger(runtime.facts, request.community, runtime.bus.clock.now())
    match named(ledger, request, keys) if isinstance(request.command, AskPersonState) else request.command:
        case AskPersonState() as question:
            return person_shown(ledger, question, request.actor)
        case AskProposal() as question:
            return proposal_shown(ledger, question, request.actor)
        case AskProgramme() as question:
            return programme_shown(ledger, question, request.actor)
        case AskData() as question:
            return await data_page(runtime.facts, request.community, question)
    raise TypeError(f"no answer to {type(request.command).__name__}")
