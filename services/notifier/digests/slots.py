"""When weekly letters are due: one instant of each week, by the clocks of a zone. Who is late by a day skips it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.contract.catalogue import NOTICE
from shared.contract.details import WeeklyDigest
from shared.contract.facts.notices import NoticeKind
from shared.contract.subjects import EntityRef
from shared.contract.values import Weekday
from shared.time.zones import zone

LATE_AT_MOST = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Slot:
    """One week's letters: from when they are due, until when they may still go, and the ISO week."""

    at: datetime
    week: str

    @property
    def ends_at(self) -> datetime:
        return self.at + LATE_AT_MOST


def present_slot(digest: WeeklyDigest, community_zone: str, now: datetime) -> Slot | None:
    """The slot whose letters may go out now; None between two weeks."""
    name = digest.zone or community_zone
    today = now.astimezone(zone(name)).date()
    behind = (today.weekday() - list(Weekday).index(digest.weekday)) % 7
    for day in (today - timedelta(days=behind), today - timedelta(days=behind) - _WEEK):
        at = _instant(day, digest.hour, name)
        if at <= now < at + LATE_AT_MOST:
            year, week, _ = day.isocalendar()
            return Slot(at, f"{year}-w{week:02d}")
    return None


def _instant(day: date, hour: int, zone_name: str) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone(zone_name)).astimezone(UTC)


def notice_of(community: str, person: str, kind: NoticeKind, slot: Slot) -> EntityRef:
    """The one notice of that kind and week."""
    return NOTICE.ref(community, person, kind, "weekly", slot.week)
