"""What is released in a community: the newest release of each programme, with what its sessions are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.bus.facts import Facts
from shared.contract.catalogue import PROGRAMME, PROPOSAL, RELEASE, ROOM, SEATING
from shared.contract.facts.registrations import Place, Programme, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release, newest_releases
from shared.time.intervals import Interval


@dataclass(frozen=True)
class Part:
    """Which part of a session that has several."""

    number: int
    of: int


@dataclass(frozen=True)
class ReleasedSession:
    """A session with its time and place. The place may hold a join link, which is for people with a seat."""

    id: str
    title: str
    part: Part | None
    format: str | None
    about: str
    presenters: tuple[str, ...]
    time: Interval
    place: Place | None


@dataclass(frozen=True)
class ReleasedProgramme:
    """The newest release of a programme; its sessions in order of time."""

    id: str
    title: str
    zone: str
    number: int
    sessions: tuple[ReleasedSession, ...]


def released_programmes(facts: Facts, community: str) -> tuple[ReleasedProgramme, ...]:
    """Every programme of the community that has a release, the earliest first."""
    newest = newest_releases(facts.states(RELEASE, Release, community).values())
    programmes = [_programme(facts, community, release) for release in newest.values()]
    return tuple(sorted(programmes, key=_first_start))


def presenters_of(programmes: Iterable[ReleasedProgramme]) -> set[str]:
    """The people who present anything in these programmes."""
    return {person for each in programmes for session in each.sessions for person in session.presenters}


def _first_start(programme: ReleasedProgramme) -> tuple[datetime, str]:
    """Programmes without a session come last."""
    first = programme.sessions[0].time.start if programme.sessions else datetime.max.replace(tzinfo=UTC)
    return first, programme.id


def _programme(facts: Facts, community: str, release: Release) -> ReleasedProgramme:
    programme = facts.state(PROGRAMME, Programme, community, release.programme)
    sessions = (_session(facts, community, release, each) for each in release.placements)
    return ReleasedProgramme(
        id=release.programme,
        title=programme.title if programme is not None else release.programme,
        zone=release.zone,
        number=release.number,
        sessions=tuple(sorted(sessions, key=lambda each: (each.time, each.title, each.id))),
    )


def _session(facts: Facts, community: str, release: Release, placement: Placement) -> ReleasedSession:
    proposal = facts.state(PROPOSAL, Proposal, community, placement.proposal)
    return ReleasedSession(
        id=placement.session,
        title=proposal.title if proposal is not None else placement.session,
        part=_part(proposal, placement.session),
        format=proposal.format if proposal is not None else None,
        about=proposal.abstract if proposal is not None else "",
        presenters=proposal.presenters if proposal is not None else (),
        time=Interval(placement.start, placement.start + timedelta(minutes=placement.minutes)),
        place=_place(facts, community, release, placement),
    )


def _part(proposal: Proposal | None, session: str) -> Part | None:
    if proposal is None or proposal.parts == 1 or session not in proposal.sessions():
        return None
    return Part(proposal.sessions().index(session) + 1, proposal.parts)


def _place(facts: Facts, community: str, release: Release, placement: Placement) -> Place | None:
    """The place as the invitations of this release name it; until they are seated, as the room is known now."""
    seating = facts.state(SEATING, Seating, community, placement.session)
    if seating is not None and seating.release == release.number and seating.place is not None:
        return seating.place
    room = facts.state(ROOM, Room, community, placement.room)
    return Place(name=room.name, site=room.site, join_url=room.join_url) if room is not None else None


def released_session(facts: Facts, community: str, session: str) -> tuple[ReleasedSession, str] | None:
    """A session of a newest release, and the zone of its programme; None when it is in none."""
    for release in newest_releases(facts.states(RELEASE, Release, community).values()).values():
        for placement in release.placements:
            if placement.session == session:
                return _session(facts, community, release, placement), release.zone
    return None
