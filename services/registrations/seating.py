"""Who gets a seat in a release: presenters, then everyone who wants to and can come, best interest first.

Nobody gets seats in two sessions at the same time, and no session more people than its room holds. Where a session
did not move, people keep the seats that they had in the release before. Who declined a session at its present time
gets no seat in it, and who accepted it wants one; presenters keep theirs, and a decline of theirs is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shared.contract.facts.registrations import (
    Availability,
    Interest,
    Place,
    Proposal,
    Room,
    Seating,
)
from shared.contract.facts.replies import Answered, PartStat
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.values import Answer, InterestLevel
from shared.time.intervals import Interval

_ANSWER_RANK = {Answer.YES: 0, None: 1, Answer.IF_NEED_BE: 2}
_COMES = frozenset({PartStat.ACCEPTED, PartStat.TENTATIVE})
_LEVEL_RANK = {InterestLevel.COMING: 0, InterestLevel.INTERESTED: 1}


@dataclass(frozen=True)
class SeatingInputs:
    """What registrations knows when a release comes, and who sat where in the release before."""

    release: Release
    before: Release | None
    seatings: Mapping[str, Seating]
    proposals: Mapping[str, Proposal]
    rooms: Mapping[str, Room]
    availability: Mapping[str, Availability]
    interests: Mapping[tuple[str, str], Interest]
    input_seq: int
    replies: Mapping[tuple[str, str], Answered] = field(default_factory=dict)
    """by person and session"""


@dataclass(frozen=True, order=True)
class _Wish:
    """A person who could take a seat; the order is the order in which seats are given."""

    is_new: bool
    level: int
    answer: int
    session: str
    person: str


def seat(inputs: SeatingInputs) -> dict[str, Seating]:
    """The seating of every session of the release, and an empty one for each session that left the programme."""
    placements = {each.session: each for each in inputs.release.placements}
    seats = _Seats(inputs, placements)
    for session in sorted(placements):
        for presenter in _presenters(inputs, placements[session]):
            seats.give(session, presenter)
    for wish in sorted([*_interested(inputs, placements), *_accepting(inputs, placements)]):
        if seats.has_room(wish.session) and seats.is_free(wish.person, wish.session):
            seats.give(wish.session, wish.person)
    return {session: _seating(inputs, session, seats) for session in sorted({*placements, *inputs.seatings})}


class _Seats:
    """The seats given so far."""

    def __init__(self, inputs: SeatingInputs, placements: Mapping[str, Placement]) -> None:
        self._times = {session: _time(placement) for session, placement in placements.items()}
        self._capacity = {
            session: inputs.rooms[placement.room].capacity if placement.room in inputs.rooms else 0
            for session, placement in placements.items()
        }
        self._people: dict[str, list[str]] = {session: [] for session in placements}
        self._sessions: dict[str, list[str]] = {}

    def give(self, session: str, person: str) -> None:
        if person not in self._people[session]:
            self._people[session].append(person)
            self._sessions.setdefault(person, []).append(session)

    def has_room(self, session: str) -> bool:
        return len(self._people[session]) < self._capacity[session]

    def is_free(self, person: str, session: str) -> bool:
        time = self._times[session]
        return not any(self._times[other].overlaps(time) for other in self._sessions.get(person, ()))

    def people(self, session: str) -> tuple[str, ...]:
        return tuple(sorted(self._people.get(session, ())))


def seat_after_replies(inputs: SeatingInputs) -> dict[str, Seating]:
    """The seatings of a release that is seated already, where answers have changed them since.

    Everybody keeps their seat but who declined. A seat that is given back goes to the next who wants it, and who
    accepts without a seat gets one while there is room.
    """
    placements = {each.session: each for each in inputs.release.placements if each.session in inputs.seatings}
    seats = _Seats(inputs, placements)
    given_back = set()
    for session, placement in placements.items():
        for person in inputs.seatings[session].people:
            if person in _presenters(inputs, placement) or replied(inputs, placement, person) is not PartStat.DECLINED:
                seats.give(session, person)
            else:
                given_back.add(session)
    offered = {session: placements[session] for session in given_back}
    for wish in sorted([*_interested(inputs, offered), *_accepting(inputs, placements)]):
        if seats.has_room(wish.session) and seats.is_free(wish.person, wish.session):
            seats.give(wish.session, wish.person)
    changed = {}
    for session in sorted(placements):
        before = inputs.seatings[session]
        people, declined = seats.people(session), _presenters_declined(inputs, placements[session])
        if (people, declined) != (before.people, before.presenters_declined):
            update = {"people": people, "presenters_declined": declined, "input_seq": inputs.input_seq}
            changed[session] = before.model_copy(update=update)
    return changed


def _interested(inputs: SeatingInputs, placements: Mapping[str, Placement]) -> Iterator[_Wish]:
    sessions: dict[str, list[Placement]] = {}
    for placement in placements.values():
        sessions.setdefault(placement.proposal, []).append(placement)
    for (person, proposal), interest in inputs.interests.items():
        level = _LEVEL_RANK.get(interest.level)
        if level is None:
            continue
        for placement in sessions.get(proposal, ()):
            said = inputs.availability.get(person)
            answer = said.answer_at(_time(placement)) if said is not None else None
            if answer is not Answer.NO and replied(inputs, placement, person) is not PartStat.DECLINED:
                is_new = not _had_this_seat(inputs, placement, person)
                yield _Wish(is_new, level, _ANSWER_RANK[answer], placement.session, person)


def _accepting(inputs: SeatingInputs, placements: Mapping[str, Placement]) -> Iterator[_Wish]:
    """Who said that they come, at this very time: that counts more than what they had said of their time before."""
    for person, session in inputs.replies:
        placement = placements.get(session)
        if placement is not None and replied(inputs, placement, person) in _COMES:
            is_new = not _had_this_seat(inputs, placement, person)
            coming, can_come = _LEVEL_RANK[InterestLevel.COMING], _ANSWER_RANK[Answer.YES]
            yield _Wish(is_new, coming, can_come, session, person)


def replied(inputs: SeatingInputs, placement: Placement, person: str) -> PartStat | None:
    """What that person answered about the session at its present time."""
    reply = inputs.replies.get((person, placement.session))
    return reply.partstat if reply is not None and reply.start == placement.start else None


def _had_this_seat(inputs: SeatingInputs, placement: Placement, person: str) -> bool:
    """Whether the person sat in this session before, at this time and place."""
    seating = inputs.seatings.get(placement.session)
    if seating is None or person not in seating.people or inputs.before is None:
        return False
    return placement in inputs.before.placements


def _presenters(inputs: SeatingInputs, placement: Placement) -> tuple[str, ...]:
    proposal = inputs.proposals.get(placement.proposal)
    return proposal.presenters if proposal is not None else ()


def _presenters_declined(inputs: SeatingInputs, placement: Placement) -> tuple[str, ...]:
    presenters = _presenters(inputs, placement)
    return tuple(each for each in presenters if replied(inputs, placement, each) is PartStat.DECLINED)


def _seating(inputs: SeatingInputs, session: str, seats: _Seats) -> Seating:
    placement = next((each for each in inputs.release.placements if each.session == session), None)
    known = inputs.seatings.get(session)
    proposal = placement.proposal if placement is not None else known.proposal if known is not None else session
    return Seating(
        session=session,
        proposal=proposal,
        programme=inputs.release.programme,
        release=inputs.release.number,
        people=seats.people(session),
        place=_place(inputs, placement) if placement is not None else None,
        presenters_declined=_presenters_declined(inputs, placement) if placement is not None else (),
        input_seq=inputs.input_seq,
    )


def _place(inputs: SeatingInputs, placement: Placement) -> Place | None:
    room = inputs.rooms.get(placement.room)
    return Place(name=room.name, site=room.site, join_url=room.join_url) if room is not None else None


def _time(placement: Placement) -> Interval:
    return Interval(placement.start, placement.start + timedelta(minutes=placement.minutes))
