"""Decisions of an organiser about submitted proposals: accepted, one by one or together, or a maybe."""

from __future__ import annotations

from services.registrations.decisions import confirmations
from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import PROPOSAL
from shared.contract.commands.calls import AcceptProposals, ConsiderProposal
from shared.contract.commands.registrations import AcceptProposal
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.results import FieldError, Rejection, RejectionCode

_ACCEPTABLE = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.MAYBE, ProposalStatus.ACCEPTED})
_MOST_FACTS = 1000


def accept(ledger: Ledger, command: AcceptProposal) -> None:
    """A submitted proposal becomes a session, to be placed by the next solve; its presenters are asked to confirm."""
    _accept(ledger, command.proposal, "proposal", ask=command.ask)


def accept_together(ledger: Ledger, command: AcceptProposals) -> None:
    """All of them or none: an organiser who is refused one still has the whole choice before them."""
    wrong: list[FieldError] = []
    codes: set[RejectionCode] = set()
    for index, proposal in enumerate(command.proposals):
        try:
            _accept(ledger, proposal, f"proposals.{index}", ask=command.ask)
        except Rejection as refused:
            wrong += refused.errors
            codes.add(refused.code)
    if wrong:
        raise Rejection(RejectionCode.UNKNOWN if codes == {RejectionCode.UNKNOWN} else RejectionCode.CONFLICT, *wrong)
    if len(ledger.writes) > _MOST_FACTS:
        raise Rejection.of(
            RejectionCode.INVALID, "proposals", "have too many presenters for one decision", "fewer proposals at a time"
        )


def consider(ledger: Ledger, command: ConsiderProposal) -> None:
    """A submitted proposal becomes a maybe, which a plan may take in before it is accepted."""
    known = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    if known.status not in {ProposalStatus.SUBMITTED, ProposalStatus.MAYBE}:
        raise Rejection.of(RejectionCode.CONFLICT, "proposal", f"is {known.status}", "a submitted proposal")
    maybe = known.model_copy(update={"status": ProposalStatus.MAYBE})
    ledger.write(PROPOSAL, (known.proposal,), ProposalStatus.MAYBE, maybe)


def _accept(ledger: Ledger, name: str, field: str, *, ask: bool) -> None:
    known = ledger.require(PROPOSAL, Proposal, field, name)
    if known.status not in _ACCEPTABLE:
        raise Rejection.of(RejectionCode.CONFLICT, field, f"is {known.status}", "a submitted proposal")
    if known.status is ProposalStatus.ACCEPTED:
        if ask:
            confirmations.ask_those_never_asked(ledger, known)
        return
    update = {"status": ProposalStatus.ACCEPTED, "accepted_at": ledger.now, "presenters_declined": ()}
    accepted = known.model_copy(update=update)
    ledger.write(PROPOSAL, (name,), ProposalStatus.ACCEPTED, accepted)
    if ask:
        confirmations.ask(ledger, accepted, accepted.presenters)
    else:
        confirmations.take_as_confirmed(ledger, accepted, accepted.presenters)
