"""Answers by link, answers told to the organiser, and what the page behind a link shows."""

from __future__ import annotations

from datetime import datetime

from services.notifier.planning.book import Book
from services.notifier.planning.series import alone
from services.notifier.replies.invited import Invitation, Invited
from services.notifier.replies.recording import answer_writes
from services.notifier.replies.standing import told
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.authority import ActorKind
from shared.contract.catalogue import CONTACT, REPLY
from shared.contract.commands.replies import AnswerInvitation, AnswerShown, AskAnswer
from shared.contract.facts.registrations import Contact
from shared.contract.facts.replies import Answered, ReplyWay
from shared.contract.results import Rejection, RejectionCode


def answered(
    facts: Facts, book: Book, community: str, command: AnswerInvitation, actor: ActorKind, now: datetime
) -> list[Write]:
    """The fact that an answer becomes; nothing when that is what stands already. Raises Rejection."""
    _check_link(facts, community, command.person, command.generation, needed=actor is ActorKind.PERSON)
    invitation = _invitation(book, community, command.person, command.session)
    if not invitation.is_open(now):
        raise Rejection.of(RejectionCode.CONFLICT, "session", "is over", "a session that is still to come")
    invited = invitation.invited
    known = facts.state(REPLY, Answered, community, command.person, command.session)
    if all(_stands(facts, community, command, each) for each in (invited, *invited.held)):
        return []
    via = ReplyWay.LINK if actor is ActorKind.PERSON else ReplyWay.ORGANISER
    return answer_writes(facts, community, invited, told(known, invited, command.partstat, via, command.comment, now))


def _stands(facts: Facts, community: str, command: AnswerInvitation, invited: Invited) -> bool:
    known = facts.state(REPLY, Answered, community, invited.person, invited.session)
    if known is None:
        return False
    return (known.partstat, known.comment, known.start) == (command.partstat, command.comment, invited.start)


def shown(facts: Facts, book: Book, community: str, question: AskAnswer, now: datetime) -> AnswerShown:
    """An invitation for the page behind a link. Raises Rejection."""
    contact = _check_link(facts, community, question.person, question.generation, needed=True)
    invitation = _invitation(book, community, question.person, question.session)
    entry, dates = invitation.told.entry, invitation.shown(now)
    first = alone(entry, dates[0].original) if dates else entry
    known = facts.state(REPLY, Answered, community, question.person, question.session)
    counts = known is not None and known.start == invitation.invited.start
    return AnswerShown(
        name=contact.name,
        title=first.title,
        start=first.start,
        minutes=first.minutes,
        zone=first.zone,
        own_zone=contact.zone,
        location=first.location,
        dates=tuple(each.start for each in dates) if invitation.date is None else (),
        partstat=known.partstat if known is not None and counts else None,
        open=invitation.is_open(now),
    )


def _check_link(facts: Facts, community: str, person: str, generation: int | None, *, needed: bool) -> Contact:
    """The contact, if the link is of its present generation. Raises Rejection, the same for every kind of no."""
    contact = facts.state(CONTACT, Contact, community, person)
    revoked = generation is None if needed else False
    if contact is None or revoked or (generation is not None and generation != contact.link_generation):
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "has no such link", "the newest link that was mailed")
    return contact


def _invitation(book: Book, community: str, person: str, session: str) -> Invitation:
    invitation = Invitation.to(book, community, person, session)
    if invitation is None:
        problem = "is none that this person was invited to"
        raise Rejection.of(RejectionCode.UNKNOWN, "session", problem, "a session of one of their invitations")
    return invitation
