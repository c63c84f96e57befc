"""Answers by link, answers told to the organiser, and what the page behind a link shows."""

from __future__ import annotations

from datetime import datetime

from services.notifier.planning.book import Book
from services.notifier.planning.correspondence import Correspondence
from services.notifier.replies.standing import Invited, told
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.authority import ActorKind
from shared.contract.catalogue import CONTACT, REPLY
from shared.contract.commands.replies import AnswerInvitation, AnswerShown, AskAnswer
from shared.contract.facts.notifier import Method
from shared.contract.facts.registrations import Contact
from shared.contract.facts.replies import Answered, ReplyWay
from shared.contract.results import Rejection, RejectionCode


def answered(
    facts: Facts, book: Book, community: str, command: AnswerInvitation, actor: ActorKind, now: datetime
) -> list[Write]:
    """The fact that an answer becomes; nothing when that is what stands already. Raises Rejection."""
    _check_link(facts, community, command.person, command.generation, needed=actor is ActorKind.PERSON)
    correspondence = _invited(book, community, command.person, command.session)
    if not _is_open(correspondence, now):
        raise Rejection.of(RejectionCode.CONFLICT, "session", "is over", "a session that is still to come")
    invited = Invited.by(correspondence.last)
    ref = REPLY.ref(community, command.person, command.session)
    stored = facts.get(ref)
    known = facts.state(REPLY, Answered, community, command.person, command.session)
    if known is not None and _stands(known, command, invited):
        return []
    via = ReplyWay.LINK if actor is ActorKind.PERSON else ReplyWay.ORGANISER
    change = told(known, invited, command.partstat, via, command.comment, now)
    return [Write(ref, change.what, change.state, stored.seq if stored is not None else 0)]


def _stands(known: Answered, command: AnswerInvitation, invited: Invited) -> bool:
    return (known.partstat, known.comment, known.start) == (command.partstat, command.comment, invited.start)


def shown(facts: Facts, book: Book, community: str, question: AskAnswer, now: datetime) -> AnswerShown:
    """An invitation for the page behind a link. Raises Rejection."""
    contact = _check_link(facts, community, question.person, question.generation, needed=True)
    correspondence = _invited(book, community, question.person, question.session)
    entry = correspondence.last.entry
    known = facts.state(REPLY, Answered, community, question.person, question.session)
    counts = known is not None and known.start == entry.start
    return AnswerShown(
        name=contact.name,
        title=entry.title,
        start=entry.start,
        minutes=entry.minutes,
        zone=entry.zone,
        own_zone=contact.zone,
        location=entry.location,
        partstat=known.partstat if known is not None and counts else None,
        open=_is_open(correspondence, now),
    )


def _is_open(correspondence: Correspondence, now: datetime) -> bool:
    """Whether the session is still to come and was not taken off."""
    last = correspondence.last
    return last.entry.ends_at() > now and not (last.method is Method.CANCEL and last.cancels == "session")


def _check_link(facts: Facts, community: str, person: str, generation: int | None, *, needed: bool) -> Contact:
    """The contact, if the link is of its present generation. Raises Rejection, the same for every kind of no."""
    contact = facts.state(CONTACT, Contact, community, person)
    revoked = generation is None if needed else False
    if contact is None or revoked or (generation is not None and generation != contact.link_generation):
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "has no such link", "the newest link that was mailed")
    return contact


def _invited(book: Book, community: str, person: str, session: str) -> Correspondence:
    correspondence = book.of(community).get((person, session))
    if correspondence is None:
        problem = "is none that this person was invited to"
        raise Rejection.of(RejectionCode.UNKNOWN, "session", problem, "a session of one of their invitations")
    return correspondence
