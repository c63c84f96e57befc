"""What people answered, for the organiser: counts by session, and everything that waits for a decision."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence

from services.notifier.planning.book import Book
from services.notifier.replies.invited import Invited
from shared.bus.facts import Facts
from shared.contract.catalogue import PROPOSAL, QUARANTINE, REPLY, SEATING
from shared.contract.commands.replies import (
    AskReplies,
    CounterShown,
    DelegationShown,
    QuarantineShown,
    Replies,
    SessionTally,
)
from shared.contract.facts.registrations import Proposal, Seating
from shared.contract.facts.replies import Answered, CounterState, PartStat, Quarantined, QuarantineState

# An answer has to fit a message of the broker.
_MOST_LISTED = 500


def listed(facts: Facts, book: Book, community: str, question: AskReplies) -> Replies:
    """The replies about a programme."""
    proposals = facts.states(PROPOSAL, Proposal, community).values()
    asked = [proposal for proposal in proposals if proposal.programme == question.programme]
    sessions = {session for proposal in asked for session in proposal.sessions()}
    about = sessions | {proposal.proposal for proposal in asked if proposal.is_series}
    states = facts.states(REPLY, Answered, community)
    mine = [state for (_, session), state in sorted(states.items()) if session in about]
    invited = _invited(book, community)
    return Replies(
        sessions=tuple(_tally(facts, community, session, invited.get(session, ())) for session in sorted(sessions)),
        counters=tuple(
            CounterShown(person=each.person, session=each.session, proposed=each.counter)
            for each in mine
            if each.counter is not None and each.counter.state is CounterState.OPEN
        )[:_MOST_LISTED],
        delegations=tuple(
            DelegationShown(person=each.person, session=each.session, delegate=each.delegate)
            for each in mine
            if each.partstat is PartStat.DELEGATED
        )[:_MOST_LISTED],
        quarantined=tuple(
            QuarantineShown.model_validate(each.model_dump(include=set(QuarantineShown.model_fields)))
            for each in sorted(facts.states(QUARANTINE, Quarantined, community).values(), key=lambda case: case.at)
            if each.state is QuarantineState.KEPT
        )[-_MOST_LISTED:],
    )


def _invited(book: Book, community: str) -> dict[str, list[Invited]]:
    """Everybody who was invited, by session; to a series, to each date on which they have a seat."""
    found: dict[str, list[Invited]] = {}
    for correspondence in book.of(community).values():
        invited = Invited.by(correspondence)
        for each in invited.dates or (invited,):
            found.setdefault(each.session, []).append(each)
    return found


def _tally(facts: Facts, community: str, session: str, invited: Sequence[Invited]) -> SessionTally:
    """Answers that are about the present time of the session, of those who were invited to it."""
    seating = facts.state(SEATING, Seating, community, session)
    counts: Tally[PartStat | None] = Tally()
    for each in invited:
        known = facts.state(REPLY, Answered, community, each.person, session)
        counts[known.partstat if known is not None and known.start == each.start else None] += 1
    return SessionTally(
        session=session,
        accepted=counts[PartStat.ACCEPTED],
        tentative=counts[PartStat.TENTATIVE],
        declined=counts[PartStat.DECLINED],
        delegated=counts[PartStat.DELEGATED],
        unanswered=counts[None],
        presenters_declined=seating.presenters_declined if seating is not None else (),
    )
