"""Which messages make every calendar hold what it should.

Pure decisions. What should be comes from releases, seatings and proposals (see entries); what is comes from the
notifier's own facts about what it sent; answers come from the people. The difference is due. One message of a person
and session is on its way at a time: the next is planned when that one is resolved.

SEQUENCE is one number for each person and session. It grows with every message that changes what the calendar holds,
also over one that was refused, and stays what it was when the same is only told again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from services.notifier.delivery.life import RESOLVED, DeliveryPolicy, Mail, is_over, next_step
from services.notifier.planning.answers import Answer, Key
from services.notifier.planning.correspondence import Correspondence, cancels_all
from services.notifier.planning.message import Calendars, MessageDue
from services.notifier.planning.said import COMES, STANDS, Said
from services.notifier.planning.series import changes_of_occurrences, significant, starts, times
from services.notifier.planning.zone_changes import is_moved, offsets
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Invite, InviteStatus, Method
from shared.contract.facts.replies import PartStat

_NO_ANSWERS: Mapping[Key, Answer] = MappingProxyType({})
_SEAT_IS_DECIDED_WITHIN = timedelta(seconds=30)


def due(
    calendars: Calendars,
    sent: Mapping[Key, Correspondence],
    now: datetime,
    policy: DeliveryPolicy,
    answers: Mapping[Key, Answer] = _NO_ANSWERS,
) -> list[MessageDue]:
    """The messages that make every calendar hold what it should, the earliest sessions first.

    Nothing is due for a session that is over or not settled, nor while a message of that person and session is
    unresolved, nor when the last one said the same, whether it was accepted or refused, unless its person asked for
    it again. One person's answer never leads to a message to another.
    """
    messages = [
        message
        for key in calendars.entries.keys() | sent.keys()
        if calendars.is_settled(key[1])
        for message in _next(key, calendars, sent.get(key), answers, now, policy)
        if not is_over(message.entry, now)
    ]
    return sorted(messages, key=lambda message: (message.entry.start, message.session, message.person))


def _next(
    key: Key,
    calendars: Calendars,
    past: Correspondence | None,
    answers: Mapping[Key, Answer],
    now: datetime,
    policy: DeliveryPolicy,
) -> Iterator[MessageDue]:
    """The next message to that calendar, if one is due."""
    wanted = calendars.entries.get(key)
    if past is None:
        if wanted is not None:
            yield MessageDue(*key, n=1, method=Method.REQUEST, sequence=0, entry=wanted)
        return
    said = Said.by(answers, past)
    if not is_resolved(key, calendars, past, now, policy, answers):
        return
    if not _is_told(past, wanted, said):
        yield from _change(past, wanted, said, now, is_off=key[1] in calendars.off)
    else:
        yield from _asked_for(past, wanted, said)


def _change(
    past: Correspondence, wanted: CalendarEntry | None, said: Said, now: datetime, *, is_off: bool
) -> Iterator[MessageDue]:
    """What takes the calendar from what it holds to what it should hold."""
    if wanted is not None:
        if not _declines(past, wanted, said) or starts(wanted) - starts(past.told.entry):
            yield from _update(past, wanted, said, now)
    elif past.entry_held is None or said.shows_no(past) or (not is_off and _may_get_seat(past, said, now)):
        return
    else:
        kind = CancelKind.SESSION if is_off else CancelKind.SEAT
        yield replace(_following(past, Method.CANCEL, past.entry_held), cancels=kind)


def _declines(past: Correspondence, wanted: CalendarEntry, said: Said) -> bool:
    """Whether the person does not come, not even to one date of a series."""
    held = {each.original for each in map(wanted.occurrence, wanted.dates) if not each.cancelled}
    comes = any(original in held and answer.partstat in COMES for original, answer in said.dates.items())
    return _partstat(past, said.whole) is PartStat.DECLINED and not comes


def _update(past: Correspondence, wanted: CalendarEntry, said: Said, now: datetime) -> Iterator[MessageDue]:
    """The whole entry, or the next occurrence that changed when that is all and the calendar holds the others."""
    update = _following(past, Method.REQUEST, wanted)
    held, silent = past.entry_held, said.shown_as_declined(past, wanted)
    knows_the_rest = held is not None and significant(held) == significant(past.told.entry) and not is_moved(past.told)
    changes = changes_of_occurrences(held, wanted, now, silent) if held is not None and knows_the_rest else None
    if held is None or changes is None:
        same_times = times(past.told.entry) == times(wanted) and starts(past.told.entry) == starts(wanted)
        yield replace(update, partstat=_partstat(past, said.whole) if same_times else None)
    elif changes:
        occurrence, entry = changes[0].occurrence, changes[0].entry
        of_date = replace(update, entry=entry, occurrence=occurrence.original)
        if occurrence.cancelled:
            yield replace(of_date, method=Method.CANCEL, cancels=CancelKind.OCCURRENCE)
        else:
            yield replace(of_date, partstat=said.partstat_on(held, occurrence))


def _asked_for(past: Correspondence, wanted: CalendarEntry | None, said: Said) -> Iterator[MessageDue]:
    """What a person's answers call for although nothing has changed.

    The present state, that a calendar which says no shows the seat again, or an answer to their COUNTER.
    """
    answer = said.whole
    if answer is not None and _is_open(answer.refresh_asked_at, past.told):
        told = past.told
        cancels = told.cancels if wanted is None else None
        method = Method.CANCEL if wanted is None else Method.REQUEST
        again = _again(past, method, wanted or told.entry, answer.refresh_asked_at)
        yield replace(again, partstat=_partstat(past, answer), cancels=cancels)
    elif wanted is None:
        return
    elif answer is not None and _comes_after_all(past, answer, past.whole):
        update = _following(past, Method.REQUEST, wanted)
        yield replace(update, partstat=answer.partstat, asked_at=_later(answer.at, past.last.asked_at))
    elif (date := _date_after_all(past, wanted, said)) is not None:
        original, of_date = date
        update = replace(_following(past, Method.REQUEST, wanted), occurrence=original)
        yield replace(update, partstat=of_date.partstat, asked_at=_later(of_date.at, past.last.asked_at))
    elif answer is not None and _is_open(answer.counter_declined_at, past.last):
        again = _again(past, Method.DECLINECOUNTER, wanted, answer.counter_declined_at)
        yield replace(again, partstat=_partstat(past, answer))


def _comes_after_all(past: Correspondence, answer: Answer, sequence: int) -> bool:
    """Whether somebody comes whose calendar, which has that SEQUENCE, shows their no."""
    shows_no = answer.declined_in_calendar is not None and answer.declined_in_calendar >= sequence
    return shows_no and answer.partstat in COMES and _is_open(answer.at, past.told)


def _date_after_all(past: Correspondence, wanted: CalendarEntry, said: Said) -> tuple[datetime, Answer] | None:
    return next(
        (
            (original, answer)
            for original, answer in said.dates.items()
            if original in wanted.dates
            and not wanted.occurrence(original).cancelled
            and _comes_after_all(past, answer, past.sequence_on(original))
        ),
        None,
    )


def _may_get_seat(past: Correspondence, said: Said, now: datetime) -> bool:
    """Whether somebody who has just said yes has no seat only because that was not decided yet."""
    return any(
        answer.partstat in COMES and past.told.claimed_at < answer.at and now < answer.at + _SEAT_IS_DECIDED_WITHIN
        for answer in said.all
    )


def _is_open(asked_at: datetime | None, since: Invite) -> bool:
    """Whether a question came after that message.

    Clocks may differ from process to process, so a message also keeps which question it answers; by its own time
    alone, a question from a clock that is ahead would be answered again and again.
    """
    return asked_at is not None and asked_at > max(since.claimed_at, since.asked_at or since.claimed_at)


def is_resolved(
    key: Key,
    calendars: Calendars,
    past: Correspondence,
    now: datetime,
    policy: DeliveryPolicy,
    answers: Mapping[Key, Answer] = _NO_ANSWERS,
) -> bool:
    """Whether nothing more is to be done about the last message, so that the next may be planned.

    A deferred message, which surely was not delivered, is given up once something else is wanted.
    """
    if next_step(past.last, now, policy) in RESOLVED:
        return True
    if past.last.status is not InviteStatus.DEFERRED or not calendars.is_settled(key[1]):
        return False
    return not _is_told(past, calendars.entries.get(key), Said.by(answers, past))


def _is_told(past: Correspondence, wanted: CalendarEntry | None, said: Said) -> bool:
    """Whether the last message about the entry asked for what is wanted."""
    if wanted is None or cancels_all(past.told):
        return wanted is None and cancels_all(past.told)
    silent = said.shown_as_declined(past, wanted)
    return significant(past.told.entry, silent) == significant(wanted, silent) and not is_moved(past.told)


def _partstat(past: Correspondence, answer: Answer | None) -> PartStat | None:
    """What the person answered, if that is about the times that their calendar was told last."""
    if answer is None or answer.sequence < past.timed or cancels_all(past.told):
        return None
    return answer.partstat if answer.partstat in STANDS else None


def _following(past: Correspondence, method: Method, entry: CalendarEntry) -> MessageDue:
    """The next message to the same calendar."""
    last = past.last
    return MessageDue(
        person=last.person,
        session=last.session,
        n=last.n + 1,
        method=method,
        sequence=last.sequence + 1,
        entry=entry,
        before=past.entry_held,
        created=past.created,
        asked_at=last.asked_at,
    )


def _again(past: Correspondence, method: Method, entry: CalendarEntry, asked_at: datetime | None) -> MessageDue:
    """A message that leaves the calendar as it is, because it was asked for."""
    answered = _later(asked_at, past.last.asked_at)
    return replace(_following(past, method, entry), sequence=past.last.sequence, again=True, asked_at=answered)


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max(filter(None, (first, second)), default=None)


def claimed(message: MessageDue, mail: Mail, now: datetime, policy: DeliveryPolicy) -> Invite:
    """The first claim of a message. ``mail`` was written with ``now`` as its Date and DTSTAMP."""
    return Invite(
        person=message.person,
        session=message.session,
        n=message.n,
        status=InviteStatus.CLAIMED,
        method=message.method,
        cancels=message.cancels,
        occurrence=message.occurrence,
        asked_at=message.asked_at,
        sequence=message.sequence,
        entry=message.entry,
        offsets=offsets(message.entry),
        message_id=mail.message_id,
        claimed_at=now,
        deadline=now + policy.claim_lasts,
        mail=mail.text,
    )
