"""What a calendar feed lists: every session as it is now, since when, and what was taken out not long ago.

Pure decisions. SEQUENCE counts the changes that releases made to a session's time or room, and DTSTAMP is when the
last one was made, so that equal state is told in equal words whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.notifier.content.calendar_object import Revision
from services.notifier.planning.correspondence import Correspondence, cancels_all
from services.notifier.planning.entries import entry_of
from services.notifier.planning.message import Calendars
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release

UNKNOWN_TIME = datetime(2020, 1, 1, tzinfo=UTC)
"""For facts that do not say when they were written."""

PAST_SHOWN = timedelta(days=366)


@dataclass(frozen=True)
class KnownProposal:
    """A proposal, and when it became so, as far as that is known."""

    state: Proposal
    at: datetime | None


@dataclass(frozen=True)
class KnownRelease:
    """A release, and when it was stored, as far as that is known."""

    state: Release
    at: datetime | None


@dataclass(frozen=True)
class ListedSession:
    """One session of a feed: what it is, or was when it was cancelled."""

    session: str
    entry: CalendarEntry
    revision: Revision
    tags: tuple[str, ...]
    cancelled: bool = False


@dataclass(frozen=True)
class _Course:
    """What releases did to a session: where it is or was last, and how often that changed."""

    programme: str
    placement: Placement
    zone: str
    number: int
    sequence: int
    created: datetime
    changed: datetime
    off: bool = False


def public_sessions(
    releases: Iterable[KnownRelease],
    seatings: Mapping[str, Seating],
    proposals: Mapping[str, KnownProposal],
    names: Mapping[str, str],
) -> list[ListedSession]:
    """Every session that was ever released, by all releases of its programme; without join links.

    ``seatings`` is by session and ``proposals`` by proposal; ``names`` are those that may be shown, by person.
    """
    listed = []
    for session, course in _courses(releases).items():
        known = proposals.get(course.placement.proposal)
        if known is None:
            continue
        seating = seatings.get(session)
        place = seating.place if seating is not None and seating.release == course.number else None
        entry = entry_of(course.placement, course.zone, place, known.state, names).model_copy(update={"join_url": None})
        stamp = max(course.changed, known.at or UNKNOWN_TIME)
        revision = Revision(course.sequence, stamp, course.created)
        tags = tuple(sorted({*known.state.tags, known.state.format}))
        listed.append(ListedSession(session, entry, revision, tags, cancelled=course.off))
    return _in_order(listed)


def _courses(releases: Iterable[KnownRelease]) -> dict[str, _Course]:
    courses: dict[str, _Course] = {}
    for each in sorted(releases, key=lambda known: known.state.number):
        release, at = each.state, each.state.published_at or each.at or UNKNOWN_TIME
        placements = {placement.session: placement for placement in release.placements}
        for session, placement in placements.items():
            courses[session] = _placed(courses.get(session), placement, release, at)
        for session, course in courses.items():
            if course.programme == release.programme and session not in placements and not course.off:
                courses[session] = replace(course, sequence=course.sequence + 1, changed=at, off=True)
    return courses


def _placed(course: _Course | None, placement: Placement, release: Release, at: datetime) -> _Course:
    if course is None:
        return _Course(release.programme, placement, release.zone, release.number, 0, at, at)
    same = not course.off and course.placement == placement and course.zone == release.zone
    sequence, changed = (course.sequence, course.changed) if same else (course.sequence + 1, at)
    return _Course(release.programme, placement, release.zone, release.number, sequence, course.created, changed)


def own_sessions(
    person: str,
    calendars: Calendars,
    correspondences: Mapping[tuple[str, str], Correspondence],
    tags: Mapping[str, tuple[str, ...]],
    changed: Mapping[str, datetime | None],
) -> list[ListedSession]:
    """A person's seats, and those that were taken back or whose session was cancelled; with the way in.

    Where an invitation was written, the entry has its SEQUENCE. ``tags`` and ``changed`` (when its seating was made)
    are by session.
    """
    listed = []
    for key, entry in calendars.entries.items():
        if key[0] == person:
            past = correspondences.get(key)
            revision = _told(past) if past is not None else _untold(changed.get(key[1]))
            listed.append(ListedSession(key[1], entry, revision, tags.get(key[1], ())))
    for key, past in correspondences.items():
        if key[0] == person and key not in calendars.entries and cancels_all(past.told):
            listed.append(ListedSession(key[1], past.told.entry, _told(past), tags.get(key[1], ()), cancelled=True))
    return _in_order(listed)


def _told(past: Correspondence) -> Revision:
    return Revision(past.told.sequence, past.told.claimed_at, past.created)


def _untold(at: datetime | None) -> Revision:
    return Revision(0, at or UNKNOWN_TIME, at or UNKNOWN_TIME)


def shown(listed: Iterable[ListedSession], now: datetime, cancelled_days: int) -> list[ListedSession]:
    """What a feed still shows: a year of the past, and what was cancelled not long ago."""
    oldest, last_cancelled = now - PAST_SHOWN, now - timedelta(days=cancelled_days)
    return [
        each
        for each in listed
        if each.entry.ends_at() > oldest and (not each.cancelled or each.revision.stamp > last_cancelled)
    ]


def _in_order(listed: list[ListedSession]) -> list[ListedSession]:
    return sorted(listed, key=lambda each: (each.entry.start, each.session))
