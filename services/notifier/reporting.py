"""How far the invitations are: counts for the organiser, from the view and the book."""

from __future__ import annotations

from datetime import datetime

from services.notifier.agenda import calendars
from services.notifier.book import Book
from services.notifier.delivery import RESOLVED, DeliveryPolicy, next_step
from services.notifier.planning import due, is_resolved
from shared.bus.facts import Facts
from shared.contract.catalogue import INVITE, PROPOSAL, RELEASE, SEATING
from shared.contract.commands.notifier import AskDelivery, Delivery, UndeliveredInvite
from shared.contract.facts.notifier import Invite, InviteStatus, Method
from shared.contract.facts.registrations import Proposal, Seating
from shared.contract.facts.scheduler import Release, newest_releases

_UNDELIVERED = frozenset({InviteStatus.REFUSED, InviteStatus.DEFERRED, InviteStatus.IN_DOUBT})


def delivery(
    facts: Facts, book: Book, community: str, question: AskDelivery, now: datetime, policy: DeliveryPolicy
) -> Delivery:
    """The state of a programme's invitations."""
    sessions = _sessions(facts, community, question.programme)
    sent = book.of(community)
    wanted = calendars(facts, community)
    to_send = [each for each in due(wanted, sent, now, policy) if each.session in sessions]
    mine = [each for (_, session), each in sent.items() if session in sessions]
    unresolved = [
        each for key, each in sent.items() if key[1] in sessions and not is_resolved(key, wanted, each, now, policy)
    ]
    accepted = [
        invite
        for invite in facts.states(INVITE, Invite, community).values()
        if invite.session in sessions and invite.status is InviteStatus.SENT
    ]
    return Delivery(
        complete=not to_send and not unresolved and _is_seated(facts, community, question),
        waiting=len(to_send) + len(unresolved),
        invitations=sum(1 for each in accepted if each.method is Method.REQUEST and each.sequence == 0),
        updates=sum(1 for each in accepted if each.method is Method.REQUEST and each.sequence > 0),
        cancellations=sum(1 for each in accepted if each.method is Method.CANCEL),
        undelivered=tuple(
            UndeliveredInvite(person=each.last.person, session=each.last.session, why=_why(each.last))
            for each in mine
            if each.last.status in _UNDELIVERED and next_step(each.last, now, policy) in RESOLVED
        ),
        people=tuple(sorted({each.last.person for each in mine if each.holding is not None})),
    )


def _sessions(facts: Facts, community: str, programme: str) -> frozenset[str]:
    proposals = facts.states(PROPOSAL, Proposal, community).values()
    return frozenset(
        session for proposal in proposals if proposal.programme == programme for session in proposal.sessions()
    )


def _is_seated(facts: Facts, community: str, question: AskDelivery) -> bool:
    """Whether the release was seen, the seatings of its sessions, and those of the sessions that it no longer has."""
    release = newest_releases(facts.states(RELEASE, Release, community).values()).get(question.programme)
    if release is None or release.number < question.release:
        return False
    seatings = facts.states(SEATING, Seating, community).values()
    seated = {each.session: each.release for each in seatings if each.programme == question.programme}
    sessions = {*seated, *(placement.session for placement in release.placements)}
    return all(seated.get(session) == release.number for session in sessions)


def _why(last: Invite) -> str:
    match last.status:
        case InviteStatus.REFUSED:
            return "the mail server refused it"
        case InviteStatus.DEFERRED:
            return "the mail server did not take it before the session was over"
    times = "twice " if last.doubts > 1 else ""
    return f"{times}nobody knows whether the mail server took it"
