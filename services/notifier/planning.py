"""What each person's calendar should hold, and which messages make it so.

Pure decisions. What should be comes from releases, seatings and proposals; what is comes from the notifier's own
facts about what it sent. The difference is due. One message of a person and session is on its way at a time: the
next is planned when that one is resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.notifier.correspondence import Correspondence
from services.notifier.delivery import RESOLVED, DeliveryPolicy, Mail, is_over, next_step
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Invite, InviteStatus, Method
from shared.contract.facts.registrations import Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release

Key = tuple[str, str]
"""A person's id and a session's id."""


@dataclass(frozen=True)
class Calendars:
    """What every calendar should hold. A session that is neither placed nor off is not settled yet: we wait."""

    entries: Mapping[Key, CalendarEntry] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MessageDue:
    """A message to send. ``before`` is what the calendar holds now, as far as we know; it and ``created`` may be None.

    ``created`` is when the first message of this person and session was claimed. For a cancellation, ``entry`` is
    the entry that goes.
    """

    person: str
    session: str
    n: int
    method: Method
    sequence: int
    entry: CalendarEntry
    cancels: CancelKind | None = None
    before: CalendarEntry | None = None
    created: datetime | None = None


def should_hold(
    releases: Mapping[str, Release],
    seatings: Mapping[str, Seating],
    proposals: Mapping[str, Proposal],
    names: Mapping[str, str],
) -> Calendars:
    """What every calendar should hold, by the newest release of each programme and the seatings made for it.

    ``releases`` is by programme, ``seatings`` by session, ``proposals`` by proposal; ``names`` has the presenters'
    names that invitations may show, by person. A session counts once its seating belongs to the newest release
    and its proposal is known.
    """
    entries: dict[Key, CalendarEntry] = {}
    placed: set[str] = set()
    off: set[str] = set()
    placements = {programme: _by_session(release) for programme, release in releases.items()}
    for seating in seatings.values():
        release, proposal = releases.get(seating.programme), proposals.get(seating.proposal)
        if release is None or proposal is None or seating.release != release.number:
            continue
        placement = placements[seating.programme].get(seating.session)
        if placement is None:
            off.add(seating.session)
            continue
        placed.add(seating.session)
        entry = _entry(placement, release.zone, seating.place, proposal, names)
        entries.update({(person, seating.session): entry for person in seating.people})
    return Calendars(entries, frozenset(placed), frozenset(off))


def _by_session(release: Release) -> dict[str, Placement]:
    return {placement.session: placement for placement in release.placements}


def _entry(
    placement: Placement, zone: str, place: Place | None, proposal: Proposal, names: Mapping[str, str]
) -> CalendarEntry:
    return CalendarEntry(
        title=_title(proposal, placement.session),
        description=_description(proposal, names),
        start=placement.start,
        minutes=placement.minutes,
        zone=zone,
        location=place.line() if place else "",
        join_url=place.join_url if place else None,
    )


def _title(proposal: Proposal, session: str) -> str:
    if proposal.parts == 1:
        return proposal.title
    part = proposal.sessions().index(session) + 1 if session in proposal.sessions() else 1
    return f"{proposal.title} (part {part} of {proposal.parts})"


def _description(proposal: Proposal, names: Mapping[str, str]) -> str:
    presenters = [names[person] for person in proposal.presenters if person in names]
    return "\n\n".join(filter(None, (f"With {_listed(presenters)}" if presenters else "", proposal.abstract)))


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def due(
    calendars: Calendars, sent: Mapping[Key, Correspondence], now: datetime, policy: DeliveryPolicy
) -> list[MessageDue]:
    """The messages that make every calendar hold what it should, the earliest sessions first.

    Nothing is due for a session that is over or not settled, nor while a message of that person and session is
    unresolved, nor when the last one said the same, whether it was accepted or refused.
    """
    settled = calendars.placed | calendars.off
    messages = [
        message
        for key in calendars.entries.keys() | sent.keys()
        if key[1] in settled
        for message in _difference(key, calendars, sent.get(key), now, policy)
        if not is_over(message.entry, now)
    ]
    return sorted(messages, key=lambda message: (message.entry.start, message.session, message.person))


def _difference(
    key: Key, calendars: Calendars, past: Correspondence | None, now: datetime, policy: DeliveryPolicy
) -> Iterator[MessageDue]:
    wanted = calendars.entries.get(key)
    if past is None:
        if wanted is not None:
            yield MessageDue(*key, n=1, method=Method.REQUEST, sequence=0, entry=wanted)
    elif not is_resolved(key, calendars, past, now, policy) or _said_last(past.last, wanted):
        return
    elif wanted is not None:
        yield _following(past, Method.REQUEST, wanted)
    elif past.entry_held is not None:
        kind = CancelKind.SESSION if key[1] in calendars.off else CancelKind.SEAT
        yield replace(_following(past, Method.CANCEL, past.entry_held), cancels=kind)


def is_resolved(key: Key, calendars: Calendars, past: Correspondence, now: datetime, policy: DeliveryPolicy) -> bool:
    """Whether nothing more is to be done about the last message, so that the next may be planned.

    A deferred message, which surely was not delivered, is given up once something else is wanted.
    """
    if next_step(past.last, now, policy) in RESOLVED:
        return True
    settled = key[1] in calendars.placed or key[1] in calendars.off
    is_deferred = past.last.status is InviteStatus.DEFERRED
    return is_deferred and settled and not _said_last(past.last, calendars.entries.get(key))


def _said_last(last: Invite, wanted: CalendarEntry | None) -> bool:
    """Whether the last message asked for what is wanted. Texts alone may change without a mail."""
    if wanted is None or last.method is Method.CANCEL:
        return wanted is None and last.method is Method.CANCEL
    return _place_and_time(last.entry) == _place_and_time(wanted)


def _place_and_time(entry: CalendarEntry) -> tuple[object, ...]:
    return entry.start, entry.minutes, entry.location, entry.join_url


def _following(past: Correspondence, method: Method, entry: CalendarEntry) -> MessageDue:
    """The next message to the same calendar. SEQUENCE grows with each one, also over a refused one."""
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
    )


def claimed(message: MessageDue, mail: Mail, now: datetime, policy: DeliveryPolicy) -> Invite:
    """The first claim of a message. ``mail`` was written with ``now`` as its Date and DTSTAMP."""
    return Invite(
        person=message.person,
        session=message.session,
        n=message.n,
        status=InviteStatus.CLAIMED,
        method=message.method,
        cancels=message.cancels,
        sequence=message.sequence,
        entry=message.entry,
        message_id=mail.message_id,
        claimed_at=now,
        deadline=now + policy.claim_lasts,
        mail=mail.text,
    )
