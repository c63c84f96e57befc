"""Puts the sessions of weekly series together: each calendar holds a series as one entry that recurs.

Everything before this knows single sessions: each has its own place and its own seats. Reminders stay with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notifier.planning.answers import Key
from services.notifier.planning.entries import Held
from services.notifier.planning.message import Calendars
from services.notifier.planning.weekly import Part, series_entry
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Proposal, Seating
from shared.contract.facts.replies import Answered, PartStat


@dataclass(frozen=True)
class SeatsMade:
    """A seating, and when it was made, as far as that is known."""

    state: Seating
    at: datetime | None


SeatsOf = Callable[[str], SeatsMade | None]
"""The seating of a session."""
EarlierOf = Callable[[Proposal, str], tuple[datetime, ...]]
"""When a session of a proposal was to be held by earlier releases, the last of them first."""
AnswerOf = Callable[[Key], Answered | None]
"""What a person answered about a session."""


def with_series(
    held: Held, proposals: Iterable[Proposal], seats_of: SeatsOf, answer_of: AnswerOf, earlier_of: EarlierOf
) -> Calendars:
    """What calendars should hold, with one entry for each series, under its proposal's id, in place of its sessions'.

    A series is settled when all of its sessions are that have seats, or a place in the newest release. What is told in
    the other way than before, as a series or session by session, is off in that way.
    """
    in_parts, alone = [proposal for proposal in proposals if proposal.parts > 1], held.calendars
    if not in_parts:
        return alone
    series = [proposal for proposal in in_parts if proposal.is_series]
    folded = {session for proposal in series for session in proposal.sessions()}
    entries = {key: entry for key, entry in alone.entries.items() if key[1] not in folded}
    placed, off = set(alone.placed - folded), set(alone.off - folded)
    for proposal in series:
        made = {session: each for session in proposal.sessions() if (each := seats_of(session)) is not None}
        if not held.awaited.isdisjoint(proposal.sessions()) or not all(map(alone.is_settled, made)):
            continue
        seats = {session: each for session, each in made.items() if session in held.alone}
        off.update(made)
        if seats:
            placed.add(proposal.proposal)
            entries |= _entries(proposal, held.alone, seats, answer_of, earlier_of)
        elif made:
            off.add(proposal.proposal)
    off.update(each.proposal for each in in_parts if not each.is_series and any(map(alone.is_settled, each.sessions())))
    return Calendars(entries, frozenset(placed), frozenset(off))


def _entries(
    proposal: Proposal,
    alone: Mapping[str, CalendarEntry],
    seats: Mapping[str, SeatsMade],
    answer_of: AnswerOf,
    earlier_of: EarlierOf,
) -> dict[Key, CalendarEntry]:
    """The entry of everybody who has a seat on some date of the series; ``seats`` are those of its placed sessions."""
    made: dict[frozenset[str], CalendarEntry] = {}
    found: dict[Key, CalendarEntry] = {}
    for person in {person for each in seats.values() for person in each.state.people}:
        presents = person in proposal.presenters
        comes = frozenset(
            session
            for session, each in seats.items()
            if person in each.state.people
            and (presents or not _is_given_back(answer_of((person, session)), alone[session].start, each))
        )
        if not comes:
            continue
        if comes not in made:
            parts = [
                Part(
                    session,
                    alone.get(session) if session in seats else None,
                    given_back=session not in comes,
                    earlier=earlier_of(proposal, session),
                )
                for session in proposal.sessions()
            ]
            made[comes] = series_entry(parts, proposal.title)
        found[(person, proposal.proposal)] = made[comes]
    return found


def _is_given_back(answer: Answered | None, start: datetime, seats: SeatsMade) -> bool:
    """Whether the seat is about to be given back: the answer is a no that came after the seats were made."""
    if answer is None or answer.partstat is not PartStat.DECLINED or answer.start != start:
        return False
    return answer.at is not None and seats.at is not None and answer.at > seats.at
