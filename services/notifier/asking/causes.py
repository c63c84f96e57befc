"""Which entities call for notices, and which those are by the facts of this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.notifier.asking.due import of_confirmation, of_enrolment, of_proposal, of_seating
from services.notifier.asking.stretches import NoticeDue
from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import CONFIRMATION, ENROLMENT, PROPOSAL, SEATING
from shared.contract.facts.calls import Confirmation
from shared.contract.facts.enrolment import Enrolment
from shared.contract.facts.registrations import Proposal, Seating
from shared.contract.subjects import EntityRef


def causes_of(stored: Stored) -> Iterator[EntityRef]:
    """What a changed fact may call for notices about; a proposal begins and ends the asking of its presenters."""
    match stored.state:
        case Proposal() as proposal:
            yield stored.ref
            yield from (
                CONFIRMATION.ref(stored.ref.community, person, proposal.proposal) for person in proposal.presenters
            )
        case Confirmation() | Seating() | Enrolment():
            yield stored.ref


def notices_of(facts: Facts, cause: EntityRef) -> list[NoticeDue]:
    """What that entity calls for, early and late, told or not."""
    return list(_notices(facts, cause))


def _notices(facts: Facts, cause: EntityRef) -> Iterable[NoticeDue]:
    community, ids = cause.community, cause.ids
    match cause.entity:
        case PROPOSAL.entity:
            proposal = facts.state(PROPOSAL, Proposal, community, *ids)
            return of_proposal(proposal) if proposal is not None else ()
        case CONFIRMATION.entity:
            confirmation = facts.state(CONFIRMATION, Confirmation, community, *ids)
            about = facts.state(PROPOSAL, Proposal, community, ids[1])
            return of_confirmation(confirmation, about) if confirmation is not None else ()
        case SEATING.entity:
            seating = facts.state(SEATING, Seating, community, *ids)
            return of_seating(seating) if seating is not None else ()
        case ENROLMENT.entity:
            enrolment = facts.state(ENROLMENT, Enrolment, community, *ids)
            return of_enrolment(enrolment) if enrolment is not None else ()
    return ()
