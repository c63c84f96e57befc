"""The public page of a community: what is released, for anybody. It never holds a join link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.web.reader_zones import ZoneChoice
from services.web.released import ReleasedProgramme
from services.web.times import local_day, same_clocks, zone_title
from services.web.timetable import DayView, Reading, by_day, next_session, session_view
from shared.contract.facts.registrations import Community


@dataclass(frozen=True)
class ProgrammeView:
    """One programme day by day, by the clocks of its own zone."""

    id: str
    title: str
    release: int
    zone: str
    reader_zone: str | None
    reader_has_same_clocks: bool
    days: tuple[DayView, ...]
    next_session: str | None


@dataclass(frozen=True)
class ProgrammePage:
    """Everything that is released in a community."""

    community: str
    name: str
    choice: ZoneChoice
    programmes: tuple[ProgrammeView, ...]
    names_unavailable: bool


def programme_page(
    community: Community,
    programmes: tuple[ReleasedProgramme, ...],
    *,
    names: Mapping[str, str] | None,
    choice: ZoneChoice,
    now: datetime,
) -> ProgrammePage:
    """The page for a reader. ``names`` holds those who allow it; None when nobody could be asked."""
    return ProgrammePage(
        community=community.community,
        name=community.name,
        choice=choice,
        programmes=tuple(_programme(each, names or {}, choice.zone, now) for each in programmes),
        names_unavailable=names is None,
    )


def _programme(
    programme: ReleasedProgramme, names: Mapping[str, str], reader_zone: str | None, now: datetime
) -> ProgrammeView:
    reading = Reading(programme.zone, reader_zone, names, now)
    days = by_day(
        (local_day(each.time.start, programme.zone), session_view(each, reading)) for each in programme.sessions
    )
    return ProgrammeView(
        id=programme.id,
        title=programme.title,
        release=programme.number,
        zone=zone_title(programme.zone),
        reader_zone=zone_title(reader_zone) if reader_zone is not None else None,
        reader_has_same_clocks=reader_zone is not None
        and all(same_clocks(each.time, programme.zone, reader_zone) for each in programme.sessions),
        days=days,
        next_session=next_session(days),
    )
