"""What goes into weekly digests: which sessions suit a person, and what a line manager may know of their teams.

Pure decisions over what registrations alone knows: interests, availability, affiliations. Ids and counts leave here,
never what somebody said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice

from shared.contract.commands.digests import ManagersTeams, PersonsSessions, TeamCounts
from shared.contract.facts.managing import Team
from shared.contract.facts.registrations import Affiliation, Availability, Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.values import Answer, InterestLevel
from shared.time.intervals import Interval

SMALLEST_GROUP = 5
MOST_SUITING = 20
_WANTED = {InterestLevel.COMING: 0, InterestLevel.INTERESTED: 1}
_OF_A_LIKED_TOPIC = 2


@dataclass(frozen=True)
class Programmes:
    """What is known of the newest releases: seatings by session, proposals and rooms by id."""

    releases: Iterable[Release]
    seatings: Mapping[str, Seating]
    proposals: Mapping[str, Proposal]
    rooms: Mapping[str, Room]


@dataclass(frozen=True)
class Statements:
    """What one person said: levels of interest by proposal, the tags of what they want, and when they can come."""

    levels: Mapping[str, InterestLevel] = field(default_factory=dict)
    liked: frozenset[str] = frozenset()
    availability: Availability | None = None


@dataclass(frozen=True)
class ComingSession:
    """A seated session of the days that were asked for."""

    placement: Placement
    proposal: Proposal
    seated: frozenset[str]
    is_full: bool

    @cached_property
    def time(self) -> Interval:
        return Interval(self.placement.start, self.placement.start + timedelta(minutes=self.placement.minutes))


def coming(programmes: Programmes, first: datetime, until: datetime) -> list[ComingSession]:
    """The sessions that begin from ``first`` and before ``until`` and have been seated, the earliest first."""
    found = []
    for release in programmes.releases:
        for placement in release.placements:
            seating = programmes.seatings.get(placement.session)
            proposal = programmes.proposals.get(placement.proposal)
            if not first <= placement.start < until or seating is None or proposal is None:
                continue
            if seating.release == release.number and seating.programme == release.programme:
                is_full = _is_full(seating, programmes.rooms.get(placement.room))
                found.append(ComingSession(placement, proposal, frozenset(seating.people), is_full))
    return sorted(found, key=lambda each: (each.placement.start, each.placement.session))


def _is_full(seating: Seating, room: Room | None) -> bool:
    """Whether no seat of any kind is free. To a drop-in people just come."""
    if seating.drop_in:
        return False
    if not seating.capacity:
        # A seating from before there were seats of several kinds.
        return room is None or len(seating.people) >= room.capacity
    return bool(seating.waiting) or len(seating.people) + len(seating.offers) >= sum(seating.capacity.values())


def statements(
    interests: Iterable[Interest], availability: Availability | None, proposals: Mapping[str, Proposal]
) -> Statements:
    """What a person said, from their own facts."""
    levels = {each.session: each.level for each in interests}
    wanted = (proposals[each] for each, level in levels.items() if level in _WANTED and each in proposals)
    return Statements(levels, frozenset(tag for proposal in wanted for tag in proposal.tags), availability)


def material(person: str, sessions: Iterable[ComingSession], said: Statements) -> PersonsSessions:
    """A person's own sessions, and others that suit them: wanted, or of a topic of which they want something.

    Nothing suits that is full, that clashes with an own session, at a time when they cannot come, or of which they
    said that it is not for them.
    """
    sessions = list(sessions)
    own = [each for each in sessions if person in each.seated]
    ranked = [(rank, each) for each in sessions if (rank := _rank(each, said)) is not None]
    ranked.sort(key=lambda found: (found[0], found[1].placement.start, found[1].placement.session))
    suiting = (each.placement.session for _, each in ranked if _is_open(person, each, own, said))
    return PersonsSessions(
        own=tuple(each.placement.session for each in own),
        suiting=tuple(islice(suiting, MOST_SUITING)),
    )


def _rank(session: ComingSession, said: Statements) -> int | None:
    """How well it suits, 0 best; None if it does not. A format such as a workshop is no topic: too much has it."""
    level = said.levels.get(session.proposal.proposal)
    if level is None:
        return _OF_A_LIKED_TOPIC if said.liked.intersection(session.proposal.tags) else None
    return _WANTED.get(level)


def _is_open(person: str, session: ComingSession, own: Iterable[ComingSession], said: Statements) -> bool:
    """Whether they could take a seat in it."""
    if session.is_full or person in session.seated or any(each.time.overlaps(session.time) for each in own):
        return False
    return said.availability is None or said.availability.answer_at(session.time) is not Answer.NO


def teams_of(
    teams: Iterable[Team], sessions: Iterable[ComingSession], affiliations: Mapping[str, Affiliation]
) -> ManagersTeams:
    """Counts of a manager's teams. Groups of fewer than five people are named without counts.

    Two groups of which one holds the other are not both counted when they differ by fewer than five people: the
    difference would tell of those few.
    """
    sessions, counted, too_small = list(sessions), [], []
    told: list[frozenset[str]] = []
    for team in teams:
        members = frozenset(person for person, each in affiliations.items() if _belongs(each, team))
        if len(members) < SMALLEST_GROUP or any(0 < len(members ^ other) < SMALLEST_GROUP for other in told):
            too_small.append(_name(team))
        else:
            told.append(members)
            counted.append(_counts(team, members, sessions))
    return ManagersTeams(teams=tuple(counted), too_small=tuple(too_small))


def _belongs(affiliation: Affiliation, team: Team) -> bool:
    return affiliation.school == team.school and team.department in {None, affiliation.department}


def _name(team: Team) -> str:
    return team.school if team.department is None else f"{team.school}, {team.department}"[:200]


def _counts(team: Team, members: frozenset[str], sessions: Iterable[ComingSession]) -> TeamCounts:
    sessions = list(sessions)
    seats = [person for each in sessions for person in each.seated & members]
    seated = _told(len(set(seats)))
    presenting = {person for each in sessions for person in each.proposal.presenters if person in members}
    return TeamCounts(
        team=_name(team),
        people=len(members),
        seated=seated,
        seats=len(seats) if seated is not None else None,
        presenting=_told(len(presenting)),
    )


def _told(count: int) -> int | None:
    """The count, unless it tells of one to four people."""
    return None if 0 < count < SMALLEST_GROUP else count
