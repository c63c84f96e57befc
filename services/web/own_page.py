"""A person's own page: the sessions they have a seat in, by their own clocks, with the way in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.web.released import ReleasedProgramme, ReleasedSession
from services.web.times import local_day, long_day, zone_title
from services.web.timetable import DayView, Reading, SessionView, Stage, by_day, next_session, session_view
from shared.contract.commands.registrations import OwnPage
from shared.contract.facts.registrations import Community
from shared.links import LinkClaims


@dataclass(frozen=True)
class PersonalPage:
    """What the holder of a link sees."""

    community: str
    community_name: str
    mailbox: str
    name: str
    zone: str
    zone_title: str
    days: tuple[DayView, ...]
    next_session: str | None
    valid_until: str


def personal_page(
    community: Community,
    claims: LinkClaims,
    own: OwnPage,
    programmes: tuple[ReleasedProgramme, ...],
    *,
    names: Mapping[str, str] | None,
    now: datetime,
) -> PersonalPage:
    """The page of the person whom ``claims`` name. ``names`` are of presenters who allow it."""
    seats = sorted(
        (
            (session, programme.zone)
            for programme in programmes
            for session in programme.sessions
            if session.id in own.sessions
        ),
        key=lambda seat: (seat[0].time, seat[0].id),
    )
    days = by_day(
        _own(session, Reading(own.zone, programme_zone, names or {}, now), claims.person)
        for session, programme_zone in seats
    )
    return PersonalPage(
        community=community.community,
        community_name=community.name,
        mailbox=community.mailbox,
        name=own.name,
        zone=own.zone,
        zone_title=zone_title(own.zone),
        days=days,
        next_session=next_session(days),
        valid_until=long_day(local_day(claims.expires, own.zone)),
    )


def _own(session: ReleasedSession, reading: Reading, person: str) -> tuple[date, SessionView]:
    view = session_view(session, reading)
    over = view.stage is Stage.PAST
    view = replace(
        view,
        join_url=session.place.join_url if session.place is not None and not over else None,
        presents=person in session.presenters,
    )
    return local_day(session.time.start, reading.zone), view
