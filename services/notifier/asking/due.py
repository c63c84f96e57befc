"""Which notices are due about proposals, seats and enrolments: pure functions of facts. What was told before is left
out by whoever sends them (see sender)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.notifier.asking.stretches import NoticeDue, minute, second
from shared.contract.facts.calls import Confirmation, Word
from shared.contract.facts.enrolment import Enrolment
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Proposal, ProposalStatus, Seating

LINK_LATE_AT_MOST = timedelta(days=7)
RECEIPT_LATE_AT_MOST = timedelta(days=7)
ENROLMENT_LATE_AT_MOST = timedelta(days=14)
TIME_TO_ANSWER = timedelta(minutes=10)
"""An offer is not told when less than that is left: its reader could only learn that it is over."""

CHASES = (("asked", timedelta(0)), ("day-3", timedelta(days=3)), ("day-7", timedelta(days=7)))
_LAST_CHASE_ENDS = timedelta(days=14)

_OPEN = frozenset({ProposalStatus.DRAFTED, ProposalStatus.SUBMITTED, ProposalStatus.MAYBE, ProposalStatus.ACCEPTED})
_RECEIVED = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.MAYBE})


def of_proposal(proposal: Proposal) -> Iterator[NoticeDue]:
    """To who began it: the link that was asked for last, and once it is submitted, that it has come in."""
    first = proposal.presenters[0]
    if proposal.link_wanted is not None and proposal.status in _OPEN:
        wanted = proposal.link_wanted
        until = wanted + LINK_LATE_AT_MOST
        yield NoticeDue(NoticeKind.EDIT_LINK, first, proposal.proposal, second(wanted), wanted, until)
    if proposal.begun_at is not None and proposal.submitted_at is not None and proposal.status in _RECEIVED:
        since = proposal.submitted_at
        until = since + RECEIPT_LATE_AT_MOST
        yield NoticeDue(NoticeKind.PROPOSAL_RECEIVED, first, proposal.proposal, minute(since), since, until)


def of_confirmation(confirmation: Confirmation, proposal: Proposal | None) -> Iterator[NoticeDue]:
    """To a presenter whose word is wanted: at once, after three days and after seven, while it still is."""
    if proposal is None or not is_wanted(confirmation, proposal):
        return
    ends = [*(after for _, after in CHASES[1:]), _LAST_CHASE_ENDS]
    for (name, after), end in zip(CHASES, ends, strict=True):
        yield NoticeDue(
            NoticeKind.CONFIRM,
            confirmation.person,
            confirmation.proposal,
            f"{name}-{minute(confirmation.asked)}",
            confirmation.asked + after,
            confirmation.asked + end,
        )


def is_wanted(confirmation: Confirmation, proposal: Proposal) -> bool:
    """Whether that presenter was asked, has said nothing, and it still matters."""
    asked = confirmation.word is Word.ASKED and confirmation.person in proposal.presenters
    return asked and proposal.status is ProposalStatus.ACCEPTED


def of_seating(seating: Seating) -> Iterator[NoticeDue]:
    """To whom a seat is offered, while there is time to answer."""
    for offer in seating.offers:
        until = offer.expires - TIME_TO_ANSWER
        occasion = minute(offer.expires)
        yield NoticeDue(NoticeKind.SEAT_OFFER, offer.person, seating.session, occasion, offer.offered_at, until)


def of_enrolment(enrolment: Enrolment) -> Iterator[NoticeDue]:
    """To who was enrolled by a rule, and has not left."""
    since: datetime | None = enrolment.enrolled_at
    if enrolment.rules and since is not None:
        until = since + ENROLMENT_LATE_AT_MOST
        yield NoticeDue(NoticeKind.ENROLLED, enrolment.person, enrolment.programme, minute(since), since, until)
