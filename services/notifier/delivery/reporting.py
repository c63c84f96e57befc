"""How far the invitations are: counts for the organiser, from the view and the book."""

from __future__ import annotations

from datetime import datetime

from services.notifier.delivery.agenda import calendars
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import RESOLVED, DeliveryPolicy, Mailing, next_step
from services.notifier.delivery.sending import is_paused
from services.notifier.planning.asked import asked
from services.notifier.planning.book import Book
from services.notifier.planning.messages_due import due, is_resolved
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT, INVITE, PROPOSAL, RELEASE, SEATING, SUPPRESSION
from shared.contract.commands.notifier import AskDelivery, Delivery, UndeliveredInvite
from shared.contract.facts.notifier import Invite, InviteStatus, Method
from shared.contract.facts.registrations import Contact, Proposal, Seating
from shared.contract.facts.scheduler import Release, newest_releases

_UNDELIVERED = frozenset({InviteStatus.REFUSED, InviteStatus.DEFERRED, InviteStatus.IN_DOUBT})


_NO_MAIL = "their address takes no mail; correct it, or lift the suppression"


def delivery(
    facts: Facts,
    book: Book,
    community: str,
    question: AskDelivery,
    now: datetime,
    policy: DeliveryPolicy,
    holding: Holding | None = None,
) -> Delivery:
    """The state of a programme's invitations."""
    sessions = sessions_of(facts, community, question.programme)
    sent = book.of(community)
    wanted = calendars(facts, community)
    holding = holding or Holding(facts)
    said = asked(facts, community, sent, holding)
    due_now = due(wanted, sent, now, policy, said)
    to_send = [each for each in due_now if each.session in sessions]
    unreachable = _suppressed(facts, community, holding)
    mine = [each for (_, session), each in sent.items() if session in sessions]
    unresolved = [
        each
        for key, each in sent.items()
        if key[1] in sessions and key[0] not in unreachable and not is_resolved(key, wanted, each, now, policy, said)
    ]
    held_for_good = [each for each in to_send if each.person in unreachable]
    accepted = [
        invite
        for invite in facts.states(INVITE, Invite, community).values()
        if invite.session in sessions and invite.status is InviteStatus.SENT
    ]
    waiting = len(to_send) - len(held_for_good) + len(unresolved)
    # What is told again keeps its SEQUENCE and is counted once.
    requests = {(each.person, each.session, each.sequence) for each in accepted if each.method is Method.REQUEST}
    return Delivery(
        complete=not waiting and _is_seated(facts, community, question),
        waiting=waiting,
        invitations=sum(1 for *_, sequence in requests if sequence == 0),
        updates=sum(1 for *_, sequence in requests if sequence > 0),
        cancellations=sum(1 for each in accepted if each.method is Method.CANCEL),
        undelivered=(
            *(
                UndeliveredInvite(person=each.last.person, session=each.last.session, why=why(each.last))
                for each in mine
                if each.last.status in _UNDELIVERED and next_step(each.last, now, policy) in RESOLVED
            ),
            *(
                UndeliveredInvite(person=each.person, session=each.session, why=_NO_MAIL)
                for each in held_for_good
                if (each.person, each.session) not in sent
            ),
        ),
        paused=is_paused(facts, community),
        people=tuple(sorted({each.last.person for each in mine if each.holding is not None})),
    )


def _suppressed(facts: Facts, community: str, holding: Holding) -> frozenset[str]:
    """The people who get no mail. Only who was suppressed once is looked at."""
    known = (facts.state(CONTACT, Contact, community, ids[0]) for ids in facts.all(SUPPRESSION, community))
    return frozenset(each.person for each in known if each is not None and holding.is_suppressed(community, each))


def sessions_of(facts: Facts, community: str, programme: str) -> frozenset[str]:
    """What messages about a programme may be about: its sessions, placed or not, and its series."""
    proposals = facts.states(PROPOSAL, Proposal, community).values()
    mine = [proposal for proposal in proposals if proposal.programme == programme]
    series = (proposal.proposal for proposal in mine if proposal.is_series)
    return frozenset((*series, *(session for proposal in mine for session in proposal.sessions())))


def _is_seated(facts: Facts, community: str, question: AskDelivery) -> bool:
    """Whether the release was seen, the seatings of its sessions, and those of the sessions that it no longer has."""
    release = newest_releases(facts.states(RELEASE, Release, community).values()).get(question.programme)
    if release is None or release.number < question.release:
        return False
    seatings = facts.states(SEATING, Seating, community).values()
    seated = {each.session: each.release for each in seatings if each.programme == question.programme}
    sessions = {*seated, *(placement.session for placement in release.placements)}
    return all(seated.get(session) == release.number for session in sessions)


def why(last: Mailing) -> str:
    """Why a message did not arrive for sure, in words for the organiser."""
    match last.status:
        case InviteStatus.REFUSED:
            return "the mail server refused it"
        case InviteStatus.DEFERRED:
            return "the mail server did not take it in time"
    times = "twice " if last.doubts > 1 else ""
    return f"{times}nobody knows whether the mail server took it"
