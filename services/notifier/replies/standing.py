"""What stands of one person's answers about one session, and what a further message makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifier.content.printable import shortened
from services.notifier.planning.answers import Answer
from services.notifier.replies.incoming import AttendeeCancel, Counter, Itip, ItipAnswer, Refresh, Reply
from services.notifier.replies.invited import Invited
from shared.bus.facts import Facts
from shared.contract.catalogue import REPLY
from shared.contract.facts.replies import COMMENT_LENGTH, Answered, CounterProposal, CounterState, PartStat, ReplyWay

_OF_AN_ANSWER = {"partstat", "sequence", "stamp", "at", "via", "declined_in_calendar", "comment", "delegate"}
_REFRESHED_AT_MOST_EVERY = timedelta(minutes=10)
"""A calendar that asks because of each answer would be mailed for ever."""


@dataclass(frozen=True)
class Change:
    """What happened, and the state after it."""

    what: str
    state: Answered


def after(known: Answered | None, invited: Invited, message: Itip, answer: ItipAnswer, now: datetime) -> Change:
    """What a message of that person makes of what stands."""
    state = known or Answered(person=invited.person, session=invited.session)
    match message:
        case Refresh():
            if state.refresh_asked_at is not None and now < state.refresh_asked_at + _REFRESHED_AT_MOST_EVERY:
                return _ignored(state)
            return Change("refresh-asked", state.model_copy(update={"refresh_asked_at": now}))
        case AttendeeCancel():
            return _ignored(state)
        case Counter():
            return _countered(state, answer, now)
        case Reply():
            return _replied(state, invited, answer, message.head.date, now)


def _ignored(state: Answered) -> Change:
    return Change("ignored", state.model_copy(update={"ignored": state.ignored + 1}))


def _countered(state: Answered, answer: ItipAnswer, now: datetime) -> Change:
    proposed = CounterProposal(start=answer.start, minutes=answer.minutes, comment=answer.comment, at=now)
    return Change("countered", state.model_copy(update={"counter": proposed}))


def _replied(state: Answered, invited: Invited, answer: ItipAnswer, written: datetime | None, now: datetime) -> Change:
    if answer.partstat is None or not invited.is_about(answer.recurrence):
        return _ignored(state)
    # A calendar whose clock is ahead must not have all its later answers taken for older ones.
    stamp = min(answer.stamp or written or now, now)
    sequence = invited.sequence if answer.sequence is None else answer.sequence
    if sequence < invited.sequence or _is_older(state, sequence, stamp):
        return Change("obsolete", state.model_copy(update={"obsolete": state.obsolete + 1}))
    answered = {
        "partstat": answer.partstat,
        "start": invited.start,
        "sequence": min(sequence, invited.sequence),
        "stamp": stamp,
        "at": now,
        "via": ReplyWay.MAIL,
        "declined_in_calendar": min(sequence, invited.sequence) if answer.partstat is PartStat.DECLINED else None,
        "comment": answer.comment,
        "delegate": answer.delegate if answer.partstat is PartStat.DELEGATED else None,
    }
    return Change("answered", state.model_copy(update=answered))


def _is_older(state: Answered, sequence: int, stamp: datetime) -> bool:
    """Whether another answer to the same state of the entry was written later (RFC 5546, 2.1.5)."""
    return state.stamp is not None and sequence <= state.sequence and stamp < state.stamp


def told(
    known: Answered | None, invited: Invited, partstat: PartStat, via: ReplyWay, comment: str | None, now: datetime
) -> Change:
    """What an answer by link, or told to the organiser, makes of what stands. It is about the present state."""
    state = known or Answered(person=invited.person, session=invited.session)
    answered = {
        "partstat": partstat,
        "start": invited.start,
        "sequence": invited.sequence,
        "stamp": now,
        "at": now,
        "via": via,
        "comment": shortened(comment or "", COMMENT_LENGTH) or None,
        "delegate": None,
    }
    return Change("answered", state.model_copy(update=answered))


def on_date(known: Answered | None, date: Invited, whole: Answered) -> Change | None:
    """What an answer about a whole series makes of what stands about one date; None where that was answered later."""
    state = known or Answered(person=date.person, session=date.session)
    if whole.stamp is not None and _is_older(state, whole.sequence, whole.stamp):
        return None
    same = whole.model_dump(include=_OF_AN_ANSWER)
    return Change("answered", state.model_copy(update=same | {"start": date.start}))


def decided(state: Answered, outcome: CounterState, now: datetime) -> Change | None:
    """What the organiser's decision makes of a proposal of another time; None when there is none that waits."""
    if state.counter is None or state.counter.state is not CounterState.OPEN:
        return None
    counter = state.counter.model_copy(update={"state": outcome, "decided_at": now})
    return Change("counter-decided", state.model_copy(update={"counter": counter}))


def answers(facts: Facts, community: str) -> Mapping[tuple[str, str], Answer]:
    """What planning takes from the answers of a community, by person and session."""
    states = facts.states(REPLY, Answered, community)
    return {(ids[0], ids[1]): answer for ids, state in states.items() if (answer := _for_planning(state)) is not None}


def _for_planning(state: Answered) -> Answer | None:
    counter = state.counter
    declined_at = counter.decided_at if counter is not None and counter.state is CounterState.DECLINED else None
    at = state.at or state.refresh_asked_at or declined_at
    if at is None:
        return None
    return Answer(
        partstat=state.partstat,
        at=at,
        sequence=state.sequence,
        declined_in_calendar=state.declined_in_calendar,
        refresh_asked_at=state.refresh_asked_at,
        counter_declined_at=declined_at,
    )
