"""What each person's calendar should hold, from releases, seatings and proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifier.planning.answers import Key
from services.notifier.planning.message import Calendars
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release


@dataclass(frozen=True)
class Held:
    """What calendars should hold, session by session, and what is known of the sessions themselves.

    ``alone`` has the entry of every placed session; ``awaited`` are those that the newest release has placed and whose
    seats are still to come.
    """

    calendars: Calendars
    alone: Mapping[str, CalendarEntry]
    awaited: frozenset[str]


def should_hold(
    releases: Mapping[str, Release],
    seatings: Mapping[str, Seating],
    proposals: Mapping[str, Proposal],
    names: Mapping[str, str],
) -> Held:
    """What every calendar should hold, by the newest release of each programme and the seatings made for it.

    ``releases`` is by programme, ``seatings`` by session, ``proposals`` by proposal; ``names`` has the presenters'
    names that invitations may show, by person. A session counts once its seating belongs to the newest release
    and its proposal is known.
    """
    entries: dict[Key, CalendarEntry] = {}
    alone: dict[str, CalendarEntry] = {}
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
        entry = alone[seating.session] = entry_of(placement, release.zone, seating.place, proposal, names)
        entries.update({(person, seating.session): entry for person in seating.people})
    awaited = frozenset(session for placed in placements.values() for session in placed if session not in alone)
    return Held(Calendars(entries, frozenset(alone), frozenset(off)), alone, awaited)


def _by_session(release: Release) -> dict[str, Placement]:
    return {placement.session: placement for placement in release.placements}


def entry_of(
    placement: Placement, zone: str, place: Place | None, proposal: Proposal, names: Mapping[str, str]
) -> CalendarEntry:
    """The entry of a placed session. Its join link is for people with a seat."""
    return CalendarEntry(
        title=_title(proposal, placement.session),
        description=proposal.abstract,
        presenters=tuple(names[person] for person in proposal.presenters if person in names),
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
