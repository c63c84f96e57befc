"""From facts to an edition: a release with what is publicly known of its sessions now."""

from __future__ import annotations

from collections.abc import Mapping

from services.scheduler.exports.edition import Edition, EditionSession, Host, Presenter, Venue, in_order
from services.scheduler.exports.printable import printable
from shared.bus.facts import Facts
from shared.contract.catalogue import COMMUNITY, PROGRAMME, PROPOSAL, ROOM
from shared.contract.facts.registrations import Community, Programme, Proposal, Room
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.results import Rejection, RejectionCode


def edition_of(
    facts: Facts, community: str, release: Release, *, names: Mapping[str, str] | None = None, url: str | None = None
) -> Edition:
    """The release for readers. ``names`` are those to show, by person; presenters without one are left out.

    Raises Rejection while the community or the programme is not known here.
    """
    programme = facts.state(PROGRAMME, Programme, community, release.programme)
    if programme is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "programme", "names no programme here", "the id of a programme")
    sessions = (_session(facts, community, each, names or {}) for each in release.placements)
    return Edition(
        host=_host(facts, community),
        programme=release.programme,
        title=printable(programme.title),
        zone=release.zone,
        first_day=programme.first_day,
        grid_minutes=programme.grid_minutes,
        number=release.number,
        sessions=in_order(sessions),
        published_at=release.published_at,
        note=printable(release.note) if release.note is not None else None,
        url=url,
    )


def part_of(proposal: Proposal | None, session: str) -> tuple[int, int] | None:
    """Which part of how many a session is; None for a session that stands alone."""
    if proposal is None or proposal.parts == 1 or session not in proposal.sessions():
        return None
    return proposal.sessions().index(session) + 1, proposal.parts


def _host(facts: Facts, community: str) -> Host:
    known = facts.state(COMMUNITY, Community, community, community)
    if known is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "community", "is not established", "an established community")
    return Host(printable(known.name), known.domain, printable(known.organiser), known.mailbox)


def _session(facts: Facts, community: str, placement: Placement, names: Mapping[str, str]) -> EditionSession:
    proposal = facts.state(PROPOSAL, Proposal, community, placement.proposal)
    presenters = proposal.presenters if proposal is not None else ()
    return EditionSession(
        id=placement.session,
        proposal=placement.proposal,
        title=printable(proposal.title) if proposal is not None else placement.session,
        abstract=printable(proposal.abstract) if proposal is not None else "",
        format=proposal.format if proposal is not None else "session",
        start=placement.start,
        minutes=placement.minutes,
        venue=_venue(facts, community, placement.room),
        part=part_of(proposal, placement.session),
        presenters=tuple(Presenter(each, printable(names[each])) for each in presenters if each in names),
    )


def _venue(facts: Facts, community: str, room: str) -> Venue:
    known = facts.state(ROOM, Room, community, room)
    if known is None:
        return Venue(room, room, "")
    return Venue(room, printable(known.name), printable(known.site), known.capacity)
