"""What is known of a person, a proposal, a programme, as far as the asker may know it."""

from __future__ import annotations

from collections import Counter

from services.registrations.decisions.ledger import Ledger
from services.registrations.seats.holding import seated_sessions
from shared.bus.facts import Facts
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    CONTACT,
    INTEREST,
    PROGRAMME,
    PROPOSAL,
    RELEASE,
)
from shared.contract.commands.intake import (
    AskPersonState,
    AskProgramme,
    AskProposal,
    InterestShown,
    PersonShown,
    ProgrammeShown,
    ProposalShown,
    SourceShown,
)
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Contact,
    Interest,
    Programme,
    Proposal,
    ProposalStatus,
)
from shared.contract.results import Rejection, RejectionCode


def person_shown(ledger: Ledger, question: AskPersonState, actor: Actor) -> PersonShown:
    """The person, for the organiser, for themselves, or for the partner that brought them. Raises Rejection."""
    contact = ledger.get(CONTACT, Contact, question.person)
    if contact is None or (actor.kind is ActorKind.PARTNER and contact.origin != actor.name):
        # The same answer for both: that somebody is known here is not for everybody.
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "names nobody here", "the id of a person whom you brought")
    facts, community, person = ledger.facts, ledger.community, question.person
    affiliation = ledger.get(AFFILIATION, Affiliation, person)
    shown = PersonShown(
        person=person,
        name=contact.name,
        address=contact.address,
        zone=contact.zone,
        language=contact.language,
        name_public=contact.name_public,
        school=affiliation.school if affiliation is not None else None,
        department=affiliation.department if affiliation is not None else None,
        pattern=affiliation.pattern if affiliation is not None else None,
        sector=affiliation.sector if affiliation is not None else None,
        tags=affiliation.tags if affiliation is not None else (),
        groups=affiliation.groups if affiliation is not None else (),
        origin=contact.origin,
        sources=_sources(ledger, person, actor),
        proposals=_proposals(facts, community, person, actor),
    )
    if actor.kind is ActorKind.PARTNER:
        return shown
    sessions = seated_sessions(facts, community, person)
    return shown.model_copy(update={"interests": _interests(facts, community, person), "sessions": sessions})


def proposal_shown(ledger: Ledger, question: AskProposal, actor: Actor) -> ProposalShown:
    """The proposal, as far as the asker may see it. Raises Rejection."""
    known = ledger.get(PROPOSAL, Proposal, question.proposal)
    concerned = known is not None and _concerns(known, actor)
    if known is None or not (concerned or known.status is ProposalStatus.ACCEPTED):
        raise Rejection.of(
            RejectionCode.UNKNOWN, "proposal", "names no proposal that you may see", "your own, or an accepted one"
        )
    return ProposalShown(
        proposal=known.proposal,
        programme=known.programme,
        title=known.title,
        abstract=known.abstract,
        format=known.format,
        minutes=known.minutes,
        status=known.status,
        sessions=known.sessions(),
        whole=known.model_copy(update={"applied": ()}) if concerned else None,
    )


def programme_shown(ledger: Ledger, question: AskProgramme, actor: Actor) -> ProgrammeShown:
    """The programme and where it stands. Raises Rejection."""
    known = ledger.require(PROGRAMME, Programme, "programme", question.programme)
    facts, community = ledger.facts, ledger.community
    releases = [int(number) for programme, number in facts.all(RELEASE, community) if programme == known.programme]
    counts: Counter[ProposalStatus] = Counter()
    if actor.kind is ActorKind.ORGANISER:
        proposals = facts.states(PROPOSAL, Proposal, community).values()
        counts.update(each.status for each in proposals if each.programme == known.programme)
    return ProgrammeShown(
        programme=known.model_copy(update={"applied": ()}),
        takes_proposals=known.call is None or known.call.opens <= ledger.now < known.call.closes,
        release=max(releases, default=None),
        proposals=dict(counts),
    )


def _concerns(proposal: Proposal, actor: Actor) -> bool:
    match actor.kind:
        case ActorKind.ORGANISER:
            return True
        case ActorKind.PARTNER:
            return proposal.origin == actor.name
        case ActorKind.PERSON:
            return actor.name in proposal.presenters
    return False


def _sources(ledger: Ledger, person: str, actor: Actor) -> tuple[SourceShown, ...]:
    known = ledger.get(AVAILABILITY, Availability, person)
    stated = known.sources if known is not None else ()
    return tuple(
        SourceShown(source=each.source, windows=len(each.windows))
        for each in stated
        if actor.kind is not ActorKind.PARTNER or each.source == actor.name
    )


def _proposals(facts: Facts, community: str, person: str, actor: Actor) -> tuple[str, ...]:
    found = facts.states(PROPOSAL, Proposal, community).values()
    return tuple(sorted(each.proposal for each in found if person in each.presenters and _tells(each, actor)))


def _tells(proposal: Proposal, actor: Actor) -> bool:
    return _concerns(proposal, actor) or proposal.status is ProposalStatus.ACCEPTED


def _interests(facts: Facts, community: str, person: str) -> tuple[InterestShown, ...]:
    found = facts.states(INTEREST, Interest, community, person=person).values()
    return tuple(
        InterestShown(session=each.session, level=each.level) for each in sorted(found, key=lambda each: each.session)
    )
