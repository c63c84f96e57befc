"""What registrations knows when seats are given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from services.registrations.seats.draws import next_round, tickets
from services.registrations.seats.line import Order
from shared.contract.facts.registrations import Affiliation, Availability, Interest, Proposal, Room, Seating
from shared.contract.facts.replies import Answered, PartStat
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.facts.seats import Draws, HeldSeat, Pool, SeatPolicy
from shared.contract.values import Answer, InterestLevel
from shared.time.intervals import Interval


def _nobody(_: str) -> bool:
    return False


_COMES = frozenset({PartStat.ACCEPTED, PartStat.TENTATIVE})


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
    """by person and proposal"""
    input_seq: int
    replies: Mapping[tuple[str, str], Answered] = field(default_factory=dict)
    """by person and session"""
    held: Mapping[str, tuple[HeldSeat, ...]] = field(default_factory=dict)
    """the seats that people have, of all programmes"""
    affiliations: Mapping[str, Affiliation] = field(default_factory=dict)
    enrolled: Collection[str] = frozenset()
    """who is enrolled in the programme by a rule"""
    has_left: Callable[[str], bool] = _nobody
    """who left the programme in which a rule had enrolled them"""
    policy: SeatPolicy = field(default_factory=SeatPolicy)
    draws: Draws | None = None
    is_erased: Callable[[str], bool] = _nobody
    now: datetime | None = None
    """None: at no moment in particular; offers neither end nor are made"""

    def presenters(self, placement: Placement) -> tuple[str, ...]:
        proposal = self.proposals.get(placement.proposal)
        presenters = proposal.presenters if proposal is not None else ()
        return tuple(each for each in presenters if not self.is_erased(each))

    def presenters_declined(self, placement: Placement) -> tuple[str, ...]:
        return tuple(each for each in self.presenters(placement) if self.replied(placement, each) is PartStat.DECLINED)

    def is_drop_in(self, placement: Placement) -> bool:
        proposal = self.proposals.get(placement.proposal)
        return proposal is not None and self.policy.is_drop_in(proposal.format, proposal.proposal)

    def is_of_series(self, placement: Placement) -> bool:
        proposal = self.proposals.get(placement.proposal)
        return proposal is not None and proposal.is_series

    def capacity(self, placement: Placement) -> dict[Pool, int]:
        """The seats of each kind that the session's room has."""
        room = self.rooms.get(placement.room)
        if room is None or self.is_drop_in(placement):
            return {}
        if room.online:
            return {Pool.ONLINE: room.capacity}
        if room.online_capacity is not None:
            return {Pool.IN_PERSON: room.capacity, Pool.ONLINE: room.online_capacity}
        return {Pool.IN_PERSON: room.capacity}

    def replied(self, placement: Placement, person: str) -> PartStat | None:
        """What that person answered about the session at its present time."""
        reply = self._reply(placement, person)
        return reply.partstat if reply is not None else None

    def declines(self, placement: Placement, person: str) -> bool:
        """Whether their word is that they do not come. Who asked for a seat after a decline comes after all."""
        reply = self._reply(placement, person)
        if reply is None or reply.partstat is not PartStat.DECLINED:
            return False
        seat = next((each for each in self.held.get(person, ()) if each.session == placement.session), None)
        return not (seat is not None and seat.asked and reply.at is not None and seat.since >= reply.at)

    def comes(self, placement: Placement, person: str) -> bool:
        """Whether they answered that they come, and did not let their seat go since."""
        reply = self._reply(placement, person)
        if reply is None or reply.partstat not in _COMES:
            return False
        let_go = self.let_go_at(placement, person)
        return let_go is None or (reply.at is not None and reply.at > let_go)

    def insists(self, placement: Placement, person: str) -> bool:
        """Whether they asked for the seat that they have, or said that they come, at this very time."""
        if self.comes(placement, person):
            return True
        held = self.held.get(person, ())
        return any(each.session == placement.session and each.asked and each.start == placement.start for each in held)

    def is_not_for(self, placement: Placement, person: str) -> bool:
        """Whether they said that this session is not for them, or left the programme that a rule enrolled them in.

        Who asked for one part of several may want that one all the same.
        """
        interest = self.interests.get((person, placement.proposal))
        if interest is None:
            return self.has_left(person) and not self.insists(placement, person)
        if interest.level is not InterestLevel.NOT_ME or self.comes(placement, person):
            return False
        return placement.session == placement.proposal or not self.insists(placement, person)

    def let_go_at(self, placement: Placement, person: str) -> datetime | None:
        """When they gave back a seat in that session at its present time."""
        seating = self.seatings.get(placement.session)
        if seating is None or not seating.let_go or self.has_moved(placement):
            return None
        return next((each.at for each in seating.let_go if each.person == person), None)

    def answer(self, placement: Placement, person: str) -> Answer | None:
        """Whether they said that they can come at that time."""
        said = self.availability.get(person)
        return said.answer_at(time_of(placement)) if said is not None else None

    def has_moved(self, placement: Placement) -> bool:
        """Whether the session was at another time when its seats were last given."""
        before = self._placed_before.get(placement.session)
        return before is None or (before.start, before.minutes) != (placement.start, placement.minutes)

    @cached_property
    def _placed_before(self) -> dict[str, Placement]:
        return {each.session: each for each in self.before.placements} if self.before is not None else {}

    def order(self, session: str) -> Order:
        """In which order those who wait in that session are reached."""
        return Order(self.policy, self.rank_of, tickets(self.draws, self.policy, session))

    def rank_of(self, person: str) -> int:
        """The place of the first priority group that they are in; behind the last one for everybody else."""
        affiliation = self.affiliations.get(person)
        groups = self.policy.priority_groups
        if affiliation is None:
            return len(groups)
        return next((rank for rank, group in enumerate(groups) if group.has(affiliation)), len(groups))

    def zone_of(self, person: str) -> str:
        """By which clock a person lives: their own where somebody stated it, else the programme's."""
        affiliation = self.affiliations.get(person)
        stated = affiliation.zone if affiliation is not None else None
        return stated or self.release.zone

    @property
    def round(self) -> int:
        """The draw that who asks now is in."""
        return next_round(self.draws)

    def _reply(self, placement: Placement, person: str) -> Answered | None:
        reply = self.replies.get((person, placement.session))
        return reply if reply is not None and reply.start == placement.start else None


def time_of(placement: Placement) -> Interval:
    return Interval(placement.start, placement.start + timedelta(minutes=placement.minutes))
