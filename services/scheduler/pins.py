"""Decisions about pins: where organisers fix sessions. Pure; no I/O."""

from __future__ import annotations

from datetime import datetime, time

from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import PIN, PROGRAMME, PROPOSAL, ROOM
from shared.contract.commands.pins import AskPins, Pins, PinSession, UnpinSession
from shared.contract.facts.pins import Pin
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus, Room
from shared.contract.results import Rejection, RejectionCode
from shared.time.intervals import local_instant
from shared.time.zones import zone

_OFF = frozenset({ProposalStatus.DRAFTED, ProposalStatus.WITHDRAWN})


def pin(facts: Facts, community: str, command: PinSession) -> list[Write]:
    """Raises Rejection for a session, a room or a start that the programme does not have."""
    if command.room is None and command.start is None:
        raise Rejection.of(RejectionCode.INVALID, "start", "is missing, and so is room", "a start, a room, or both")
    programme = _programme_of(facts, community, command.session)
    if command.room is not None:
        room = facts.state(ROOM, Room, community, command.room)
        if room is None or room.withdrawn:
            raise Rejection.of(RejectionCode.UNKNOWN, "room", "names no room here", "the id of a room that is in use")
    if command.start is not None and not _is_a_start(programme, command.start):
        allowed = (
            f"a start from {programme.first_day} to {programme.last_day}, every {programme.grid_minutes} minutes of "
            f"the day in {programme.zone}"
        )
        raise Rejection.of(RejectionCode.INVALID, "start", "is none of the programme's starts", allowed)
    fixed = Pin(session=command.session, programme=programme.programme, room=command.room, start=command.start)
    return _write(facts, community, "pinned", fixed)


def unpin(facts: Facts, community: str, command: UnpinSession) -> list[Write]:
    """A session that is not pinned stays so."""
    known = facts.state(PIN, Pin, community, command.session)
    if known is None:
        raise Rejection.of(RejectionCode.CONFLICT, "session", "is not pinned", "a session that is pinned")
    return _write(facts, community, "unpinned", Pin(session=known.session, programme=known.programme))


def pins(facts: Facts, community: str, question: AskPins) -> Pins:
    programme = facts.state(PROGRAMME, Programme, community, question.programme)
    known = facts.states(PIN, Pin, community).values()
    held = [each for each in known if each.programme == question.programme and each.holds]
    return Pins(
        pins=tuple(sorted(held, key=lambda each: each.session)), zone=programme.zone if programme is not None else None
    )


def _programme_of(facts: Facts, community: str, session: str) -> Programme:
    """The programme of a proposal that this is a session of."""
    # A session's id is its proposal's, or begins with it.
    for name in dict.fromkeys((session, session.rpartition("-part-")[0] or session)):
        proposal = facts.state(PROPOSAL, Proposal, community, name)
        if proposal is not None and proposal.status not in _OFF and session in proposal.sessions():
            programme = facts.state(PROGRAMME, Programme, community, proposal.programme)
            if programme is not None:
                return programme
    raise Rejection.of(RejectionCode.UNKNOWN, "session", "names no session here", "the id of a proposal's session")


def _is_a_start(programme: Programme, start: datetime) -> bool:
    """Whether sessions may start then: on the grid of local time, which a clock change may shift."""
    local = start.astimezone(zone(programme.zone))
    if not programme.first_day <= local.date() <= programme.last_day:
        return False
    walls = (time(*divmod(minute, 60)) for minute in range(0, 24 * 60, programme.grid_minutes))
    return any(local_instant(local.date(), wall, zone(programme.zone)) == start for wall in walls)


def _write(facts: Facts, community: str, what: str, state: Pin) -> list[Write]:
    stored = facts.get(PIN.ref(community, state.session))
    if stored is not None:
        state = state.model_copy(update={"applied": stored.state.applied})
        if state == stored.state:
            return []
    return [Write(PIN.ref(community, state.session), what, state, stored.seq if stored is not None else 0)]
