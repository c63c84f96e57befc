"""Decisions about proposals: drafted, submitted, accepted, withdrawn."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import CONTACT, PROGRAMME, PROPOSAL
from shared.contract.commands.registrations import AcceptProposal, DraftProposal, WithdrawProposal
from shared.contract.facts.registrations import Contact, Programme, Proposal, ProposalStatus
from shared.contract.results import FieldError, Rejection, RejectionCode


def save(ledger: Ledger, command: DraftProposal, actor: Actor, status: ProposalStatus) -> None:
    """Draft or submit a proposal, or change one that is not accepted yet."""
    programme = ledger.require(PROGRAMME, Programme, "programme", command.programme)
    _check_open(ledger, programme, actor)
    _check_presenters(ledger, command)
    _check_gap(command)
    known = ledger.get(PROPOSAL, Proposal, command.proposal)
    origin = ledger.check_origin(known, actor, "proposal")
    proposal = Proposal(**command.model_dump(), status=status, origin=origin)
    if known is not None:
        _check_own(known, actor)
        if known.status is ProposalStatus.ACCEPTED:
            _check_unchanged(known, proposal)
            return
    ledger.write(PROPOSAL, (command.proposal,), status, proposal)


def accept(ledger: Ledger, command: AcceptProposal) -> None:
    """A submitted proposal becomes a session, to be placed by the next solve."""
    known = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    if known.status not in {ProposalStatus.SUBMITTED, ProposalStatus.ACCEPTED}:
        raise Rejection.of(RejectionCode.CONFLICT, "proposal", f"is {known.status}", "a submitted proposal")
    _write(ledger, known, ProposalStatus.ACCEPTED)


def withdraw(ledger: Ledger, command: WithdrawProposal, actor: Actor) -> None:
    known = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    ledger.check_origin(known, actor, "proposal")
    _check_own(known, actor)
    _write(ledger, known, ProposalStatus.WITHDRAWN)


def _write(ledger: Ledger, known: Proposal, status: ProposalStatus) -> None:
    changed = known.model_copy(update={"status": status})
    ledger.write(PROPOSAL, (known.proposal,), status, changed)


def _check_open(ledger: Ledger, programme: Programme, actor: Actor) -> None:
    call = programme.call
    if call is None or actor.kind is ActorKind.ORGANISER:
        return
    if not call.opens <= ledger.now < call.closes:
        allowed = f"a programme whose call is open; this one's is from {call.opens:%Y-%m-%d} to {call.closes:%Y-%m-%d}"
        raise Rejection.of(RejectionCode.CONFLICT, "programme", "does not take proposals now", allowed)


def _check_presenters(ledger: Ledger, command: DraftProposal) -> None:
    unknown = [
        FieldError(field=f"presenters.{index}", problem="names nobody here", allowed="the id of a registered person")
        for index, person in enumerate(command.presenters)
        if ledger.get(CONTACT, Contact, person) is None
    ]
    if unknown:
        raise Rejection(RejectionCode.UNKNOWN, *unknown)


def _check_gap(command: DraftProposal) -> None:
    fewest, most = command.part_gap_days
    if not 0 <= fewest <= most <= 366:
        raise Rejection.of(
            RejectionCode.INVALID, "part_gap_days", "is not a range of days", "fewest and most days, 0 to 366, in order"
        )


def _check_own(known: Proposal, actor: Actor) -> None:
    if actor.kind is ActorKind.PERSON and actor.name not in known.presenters:
        raise Rejection.of(RejectionCode.NOT_ALLOWED, "proposal", "is somebody else's", "a proposal that you present")


def _check_unchanged(accepted: Proposal, proposal: Proposal) -> None:
    if proposal.model_copy(update={"status": accepted.status, "applied": accepted.applied}) != accepted:
        raise Rejection.of(
            RejectionCode.CONFLICT, "proposal", "is accepted already", "a new proposal, or withdraw this one first"
        )
