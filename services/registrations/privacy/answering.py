"""Commands and questions about what is held on people."""

from __future__ import annotations

from pydantic import BaseModel

from services.registrations.decisions.erasures import erase
from services.registrations.decisions.ledger import Ledger
from services.registrations.privacy.duty import waits_for
from services.registrations.privacy.expiring import expiring
from services.registrations.privacy.exporting import exported
from shared.bus.eraser import Going
from shared.bus.executing import carry_out
from shared.bus.facts import Facts
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import Write
from shared.contract.catalogue import CONTACT, ERASURE
from shared.contract.commands.privacy import (
    AskErasures,
    AskExpiring,
    ErasedPerson,
    ErasePerson,
    Erasures,
    ExportPerson,
)
from shared.contract.facts.privacy import Erased, Erasure

PRIVACY_COMMANDS = (ErasePerson, ExportPerson, AskErasures, AskExpiring)


async def privacy(runtime: Runtime, request: Request) -> BaseModel:
    """The answer to one of ``PRIVACY_COMMANDS``. Raises Rejection."""
    match request.command:
        case ErasePerson() as command:
            return await erased(runtime, request, command)
        case ExportPerson() as question:
            return exported(runtime.facts, request.community, question)
        case AskErasures():
            return erasures(runtime.facts, request.community)
        case AskExpiring() as question:
            return await expiring(runtime.facts, request.community, question, runtime.bus.clock.now())
    raise TypeError(f"no answer to {type(request.command).__name__}")


async def erased(runtime: Runtime, request: Request, command: ErasePerson) -> BaseModel:
    """The tombstone is stored: also when the storage is nearly full, for it is what makes room."""

    def decide() -> list[Write]:
        ledger = Ledger(runtime.facts, request.community, runtime.bus.clock.now())
        erase(ledger, command, request.actor)
        return ledger.writes

    ref = CONTACT.ref(request.community, command.person)
    return await carry_out(runtime, request, ref, decide, even_when_full=True)


def erasures(facts: Facts, community: str) -> Erasures:
    """Everybody who was erased, the latest last."""
    known = sorted(facts.states(ERASURE, Erasure, community).values(), key=lambda each: (each.at, each.person))
    return Erasures(people=tuple(_told(facts, community, each) for each in known))


def _told(facts: Facts, community: str, erasure: Erasure) -> ErasedPerson:
    waiting = waits_for(facts, Going(community, erasure.person))
    own = () if erasure.swept_at is not None else ("registrations",)
    return ErasedPerson(
        person=erasure.person,
        at=erasure.at,
        done=erasure.swept_at is not None,
        waits_for=(*(str(each) for each in waiting), *own),
        successor=_successor(facts, community, erasure.person),
    )


def _successor(facts: Facts, community: str, person: str) -> str | None:
    """Who took that person's place and is not erased."""
    tombstone = facts.get(CONTACT.ref(community, person))
    state = tombstone.state if tombstone is not None else None
    successor = state.successor if isinstance(state, Erased) else None
    return successor if successor is not None and not facts.is_erased(community, successor) else None
