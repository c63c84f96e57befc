"""Decisions about single sessions of an accepted proposal in parts: not held after all, or held again."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.proposals import check_own
from shared.contract.authority import Actor
from shared.contract.catalogue import PROPOSAL
from shared.contract.commands.calls import CallOffSession
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode


def call_off(ledger: Ledger, command: CallOffSession, actor: Actor) -> None:
    """Whoever presents it, brought it or organises may leave out some of its sessions, never all of them."""
    known = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    check_own(known, actor)
    ledger.check_origin(known, actor, "proposal")
    if known.status is not ProposalStatus.ACCEPTED:
        raise Rejection.of(RejectionCode.CONFLICT, "proposal", f"is {known.status}", "an accepted proposal")
    if known.parts == 1:
        allowed = "a proposal in several parts; one with a single session is withdrawn (proposal.withdraw)"
        raise Rejection.of(RejectionCode.CONFLICT, "proposal", "has a single session", allowed)
    if command.session not in known.sessions():
        raise Rejection.of(RejectionCode.UNKNOWN, "session", "is none of its sessions", ", ".join(known.sessions()))
    off = {*known.called_off, command.session} if command.off else {*known.called_off} - {command.session}
    changed = known.model_copy(update={"called_off": tuple(each for each in known.sessions() if each in off)})
    if not changed.to_hold():
        allowed = "one of several that are held; to hold none of them, withdraw the proposal (proposal.withdraw)"
        raise Rejection.of(RejectionCode.CONFLICT, "session", "is the last one that is held", allowed)
    if changed != known:
        ledger.write(PROPOSAL, (known.proposal,), known.status, changed)
