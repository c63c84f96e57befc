"""Decisions about proposals by those who make them: drafted, submitted, changed, withdrawn."""

from __future__ import annotations

from services.registrations.decisions import confirmations
from services.registrations.decisions.access import admission
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.terms import check_terms, minutes_of
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import PROGRAMME, PROPOSAL
from shared.contract.commands.registrations import DraftProposal, WithdrawProposal
from shared.contract.details import ProposalWords
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode

_WORDS = tuple(ProposalWords.model_fields)
_KEPT = (
    "begun_at",
    "link_wanted",
    "links_wanted",
    "submitted_at",
    "accepted_at",
    "presenters_declined",
    "access",
    "called_off",
)


def save(ledger: Ledger, command: DraftProposal, actor: Actor, status: ProposalStatus, keys: AddressKey) -> None:
    """Draft or submit a proposal, or change one.

    While the call is open everything may change in one that is not accepted. In an accepted one its presenters may
    change words and kit, which move no session, at any time; the organiser may change everything, and it stays
    accepted.
    """
    programme = ledger.require(PROGRAMME, Programme, "programme", command.programme)
    known = ledger.get(PROPOSAL, Proposal, command.proposal)
    origin = ledger.check_origin(known, actor, "proposal")
    if known is not None:
        check_own(known, actor)
    if known is not None and known.status is ProposalStatus.ACCEPTED:
        _save_accepted(ledger, programme, command, known, actor)
        return
    access = admission(ledger, programme, actor, command.access_code, known, keys)
    check_terms(ledger, command)
    kept = _kept(known) | {"access": access}
    if status is ProposalStatus.SUBMITTED:
        if known is not None and known.status is ProposalStatus.MAYBE:
            status = ProposalStatus.MAYBE
        if known is None or known.submitted_at is None or known.status is ProposalStatus.WITHDRAWN:
            kept["submitted_at"] = ledger.now
    proposal = _stated(programme, command, known, kept | {"status": status, "origin": origin})
    ledger.write(PROPOSAL, (command.proposal,), status, proposal)


def withdraw(ledger: Ledger, command: WithdrawProposal, actor: Actor) -> None:
    """Whoever presents it, brought it or organises may withdraw it at any time."""
    known = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    ledger.check_origin(known, actor, "proposal")
    check_own(known, actor)
    withdrawn = known.model_copy(update={"status": ProposalStatus.WITHDRAWN, "called_off": ()})
    ledger.write(PROPOSAL, (known.proposal,), ProposalStatus.WITHDRAWN, withdrawn)


def check_own(known: Proposal, actor: Actor) -> None:
    """Raise the rejection of a person who does not present it."""
    if actor.kind is ActorKind.PERSON and actor.name not in known.presenters:
        raise Rejection.of(RejectionCode.NOT_ALLOWED, "proposal", "is somebody else's", "a proposal that you present")


def change_presenters(ledger: Ledger, changed: Proposal, known: Proposal) -> None:
    """Keep a proposal with other presenters. Who joins one that is accepted is asked to confirm."""
    declined = tuple(each for each in known.presenters_declined if each in changed.presenters)
    changed = changed.model_copy(update={"presenters_declined": declined})
    ledger.write(PROPOSAL, (changed.proposal,), changed.status, changed)
    if changed.status is ProposalStatus.ACCEPTED:
        confirmations.ask(ledger, changed, (each for each in changed.presenters if each not in known.presenters))


def _save_accepted(ledger: Ledger, programme: Programme, command: DraftProposal, known: Proposal, actor: Actor) -> None:
    stated = _stated(programme, command, known, _kept(known) | {"status": known.status, "origin": known.origin})
    still_there = tuple(each for each in stated.called_off if each in stated.sessions())
    stated = stated.model_copy(update={"called_off": still_there})
    if actor.kind is ActorKind.ORGANISER:
        check_terms(ledger, command)
        if not stated.to_hold():
            allowed = "more parts, or hold one of them again first (proposal.call-off with off false)"
            raise Rejection.of(RejectionCode.CONFLICT, "parts", "leaves only sessions that were called off", allowed)
        change_presenters(ledger, stated, known)
        return
    words = {name: getattr(stated, name) for name in _WORDS}
    changed = known.model_copy(update=words)
    if stated != changed.model_copy(update={"applied": ()}):
        raise Rejection.of(
            RejectionCode.CONFLICT,
            "proposal",
            "is accepted already",
            f"other {', '.join(_WORDS)}; for anything else ask the organiser, or withdraw it first",
        )
    if changed != known:
        ledger.write(PROPOSAL, (command.proposal,), known.status, changed)


def _stated(programme: Programme, command: DraftProposal, known: Proposal | None, more: dict[str, object]) -> Proposal:
    if known is not None and command.format == known.format and command.minutes in {None, known.minutes}:
        # What the programme offers may have changed since.
        minutes = known.minutes
    else:
        minutes = minutes_of(programme, command.format, command.minutes)
    return Proposal.model_validate(command.model_dump(exclude={"access_code"}) | {"minutes": minutes} | more)


def _kept(known: Proposal | None) -> dict[str, object]:
    """What a proposal keeps, whatever is said of it."""
    return {name: getattr(known, name) for name in _KEPT} if known is not None else {}
