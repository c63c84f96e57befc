"""Questions around calls: templates, access codes, proposals of a programme, and which of them look alike."""

from __future__ import annotations

from collections.abc import Iterable

from services.registrations.decisions.proposals import check_own
from services.registrations.programme_templates import shipped_templates
from services.registrations.similarity import Alike, look_alikes
from shared.bus.facts import Facts
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import ACCESS_CODE, CONFIRMATION, CONTACT, PROGRAMME, PROPOSAL
from shared.contract.commands.calls import (
    AccessCodeShown,
    AccessCodesShown,
    AskAccessCodes,
    AskProposals,
    AskSimilar,
    AskTemplates,
    PresenterShown,
    ProposalLine,
    Proposals,
    Similar,
    SimilarProposal,
    Templates,
)
from shared.contract.facts.calls import AccessCodes, Confirmation, Word
from shared.contract.facts.registrations import Contact, Programme, Proposal, ProposalStatus
from shared.contract.message import Reply
from shared.contract.results import Rejection, RejectionCode

Question = AskTemplates | AskAccessCodes | AskProposals | AskSimilar
_PAGE = 200


def answer(facts: Facts, community: str, question: Question, actor: Actor) -> Reply:
    """The answer. Raises Rejection."""
    match question:
        case AskTemplates():
            return Templates(templates=tuple(each.shown() for each in shipped_templates().values()))
        case AskAccessCodes():
            return _access_codes(facts, community, question.programme)
        case AskSimilar():
            return _similar(facts, community, question, actor)
        case AskProposals():
            return _proposals(facts, community, question)


def similar_told(alike: Iterable[Alike], actor: Actor) -> tuple[SimilarProposal, ...]:
    """What that actor may know of look-alikes: all but the organiser learn only of public ones and their own which
    they are."""
    return tuple(_told(each, actor) for each in alike)


def _told(alike: Alike, actor: Actor) -> SimilarProposal:
    proposal, known = alike.proposal, _may_know(alike.proposal, actor)
    return SimilarProposal(
        proposal=proposal.proposal if known else None,
        title=proposal.title if known else None,
        status=proposal.status,
        likeness=alike.likeness,
    )


def _may_know(proposal: Proposal, actor: Actor) -> bool:
    if actor.kind is ActorKind.ORGANISER or proposal.status is ProposalStatus.ACCEPTED:
        return True
    return actor.name in proposal.presenters if actor.kind is ActorKind.PERSON else proposal.origin == actor.name


def _access_codes(facts: Facts, community: str, programme: str) -> AccessCodesShown:
    _require_programme(facts, community, programme)
    known = facts.state(ACCESS_CODE, AccessCodes, community, programme)
    codes = known.codes if known is not None else ()
    shown = (AccessCodeShown(label=each.label, made_at=each.made_at, expires=each.expires) for each in codes)
    return AccessCodesShown(programme=programme, codes=tuple(shown))


def _similar(facts: Facts, community: str, question: AskSimilar, actor: Actor) -> Similar:
    proposal = facts.state(PROPOSAL, Proposal, community, question.proposal)
    if proposal is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "proposal", "names no proposal here", "the id of a known proposal")
    check_own(proposal, actor)
    others = facts.states(PROPOSAL, Proposal, community).values()
    return Similar(similar=similar_told(look_alikes(proposal, others), actor))


def _proposals(facts: Facts, community: str, question: AskProposals) -> Proposals:
    _require_programme(facts, community, question.programme)
    wanted = [
        each
        for each in facts.states(PROPOSAL, Proposal, community).values()
        if each.programme == question.programme and question.status in {None, each.status}
    ]
    if question.unconfirmed:
        wanted = [each for each in wanted if _is_unconfirmed(facts, community, each)]
    wanted.sort(key=lambda each: (each.title.casefold(), each.proposal))
    first = _PAGE * (question.page - 1)
    return Proposals(
        programme=question.programme,
        proposals=tuple(_line(facts, community, each) for each in wanted[first : first + _PAGE]),
        page=question.page,
        pages=max(1, -(-len(wanted) // _PAGE)),
    )


def _is_unconfirmed(facts: Facts, community: str, proposal: Proposal) -> bool:
    """Whether it is accepted, and a presenter has not confirmed it, or has declined."""
    if proposal.status is not ProposalStatus.ACCEPTED:
        return False
    words = (_word(facts, community, proposal, each) for each in proposal.presenters)
    return any(each is None or each.word is not Word.CONFIRMED for each in words)


def _line(facts: Facts, community: str, proposal: Proposal) -> ProposalLine:
    return ProposalLine(
        proposal=proposal.proposal,
        title=proposal.title,
        format=proposal.format,
        minutes=proposal.minutes,
        parts=len(proposal.to_hold()),
        weekly=proposal.is_series,
        status=proposal.status,
        presenters=tuple(_presenter(facts, community, proposal, each) for each in proposal.presenters),
        access=proposal.access,
    )


def _presenter(facts: Facts, community: str, proposal: Proposal, person: str) -> PresenterShown:
    contact = facts.state(CONTACT, Contact, community, person)
    accepted = proposal.status is ProposalStatus.ACCEPTED
    said = _word(facts, community, proposal, person) if accepted else None
    return PresenterShown(
        person=person,
        name=contact.name if contact is not None else None,
        word=said.word if said is not None else None,
        asked=said.asked if said is not None else None,
    )


def _word(facts: Facts, community: str, proposal: Proposal, person: str) -> Confirmation | None:
    return facts.state(CONFIRMATION, Confirmation, community, person, proposal.proposal)


def _require_programme(facts: Facts, community: str, programme: str) -> None:
    if facts.state(PROGRAMME, Programme, community, programme) is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "programme", "names no programme here", "the id of a known programme")
