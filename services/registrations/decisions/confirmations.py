"""Decisions about presenters' words: who is asked to confirm, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable

from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import CONFIRMATION, PROPOSAL
from shared.contract.commands.calls import ConfirmPart, DeclinePart
from shared.contract.facts.calls import Confirmation, Word
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode


def ask(ledger: Ledger, proposal: Proposal, presenters: Iterable[str]) -> None:
    """Have these presenters asked to confirm, whatever they said before."""
    for person in presenters:
        _write(ledger, proposal, person, Word.ASKED)


def ask_those_never_asked(ledger: Ledger, proposal: Proposal) -> None:
    ask(ledger, proposal, (each for each in proposal.presenters if _known(ledger, proposal, each) is None))


def pass_on(ledger: Ledger, proposal: Proposal, giver: str, taker: str) -> None:
    """Somebody presents it in another's stead: asked anew, unless a word is known already."""
    known = _known(ledger, proposal, giver)
    if known is not None and _known(ledger, proposal, taker) is None:
        _write(ledger, proposal, taker, known.word, since=None if known.word is Word.ASKED else known)


def take_as_confirmed(ledger: Ledger, proposal: Proposal, presenters: Iterable[str]) -> None:
    """The organiser has their word already."""
    for person in presenters:
        _write(ledger, proposal, person, Word.CONFIRMED)


def answer(ledger: Ledger, command: ConfirmPart | DeclinePart) -> None:
    """A presenter confirms or declines; they may change their mind. A decline is flagged in the proposal."""
    proposal = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    if command.person not in proposal.presenters:
        raise Rejection.of(RejectionCode.NOT_ALLOWED, "proposal", "is somebody else's", "a proposal that you present")
    if proposal.status is not ProposalStatus.ACCEPTED:
        raise Rejection.of(RejectionCode.CONFLICT, "proposal", f"is {proposal.status}", "an accepted proposal")
    word = Word.CONFIRMED if isinstance(command, ConfirmPart) else Word.DECLINED
    known = _known(ledger, proposal, command.person)
    if known is None or known.word is not word:
        _write(ledger, proposal, command.person, word, since=known)
    declined = {*proposal.presenters_declined} - {command.person}
    if word is Word.DECLINED:
        declined.add(command.person)
    ordered = tuple(each for each in proposal.presenters if each in declined)
    flagged = proposal.model_copy(update={"presenters_declined": ordered})
    ledger.write(PROPOSAL, (proposal.proposal,), proposal.status, flagged)


def _known(ledger: Ledger, proposal: Proposal, person: str) -> Confirmation | None:
    return ledger.get(CONFIRMATION, Confirmation, person, proposal.proposal)


def _write(ledger: Ledger, proposal: Proposal, person: str, word: Word, *, since: Confirmation | None = None) -> None:
    asked = since.asked if since is not None else ledger.now
    confirmation = Confirmation(
        person=person,
        proposal=proposal.proposal,
        programme=proposal.programme,
        word=word,
        asked=asked,
        answered_at=None if word is Word.ASKED else ledger.now,
    )
    ledger.write(CONFIRMATION, (person, proposal.proposal), word, confirmation)
