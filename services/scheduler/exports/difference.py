"""What changes from one release to another. Placements and ids only, as releases hold them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from shared.contract.commands.scheduler import ChangeKind
from shared.contract.facts.scheduler import ChangeCounts, Placement, Release


@dataclass(frozen=True)
class Change:
    """A session that is placed otherwise than before, or was not or is no longer placed."""

    session: str
    kind: ChangeKind
    was: Placement | None
    now: Placement | None

    @property
    def proposal(self) -> str:
        return self.placement.proposal

    @property
    def placement(self) -> Placement:
        """Where it is now; for a session that is gone, where it was."""
        found = self.now or self.was
        assert found is not None, "a change is from or to a placement"
        return found


@dataclass(frozen=True)
class ReleaseDifference:
    """Changes in order of time, and the sessions that stay as they were, by id. Every session is in one of them."""

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]

    @property
    def counts(self) -> ChangeCounts:
        kinds = Counter(each.kind for each in self.changes)
        return ChangeCounts(
            added=kinds[ChangeKind.ADDED],
            removed=kinds[ChangeKind.REMOVED],
            moved_in_time=kinds[ChangeKind.MOVED_IN_TIME],
            moved_in_room=kinds[ChangeKind.MOVED_IN_ROOM],
            moved_in_both=kinds[ChangeKind.MOVED_IN_BOTH],
            unchanged=len(self.unchanged),
        )


def difference(previous: Release | None, following: Release | None) -> ReleaseDifference:
    """What changes from a release to the following one; None is before the first, when nothing is placed."""
    was, now = _by_session(previous), _by_session(following)
    changes, unchanged = [], []
    for session in sorted({*was, *now}):
        kind = _kind(was.get(session), now.get(session))
        if kind is None:
            unchanged.append(session)
        else:
            changes.append(Change(session, kind, was.get(session), now.get(session)))
    return ReleaseDifference(tuple(sorted(changes, key=_when)), tuple(unchanged))


def _by_session(release: Release | None) -> dict[str, Placement]:
    return {each.session: each for each in release.placements} if release is not None else {}


def _kind(was: Placement | None, now: Placement | None) -> ChangeKind | None:
    if was is None:
        return ChangeKind.ADDED
    if now is None:
        return ChangeKind.REMOVED
    in_time = (was.start, was.minutes) != (now.start, now.minutes)
    in_room = was.room != now.room
    if in_time:
        return ChangeKind.MOVED_IN_BOTH if in_room else ChangeKind.MOVED_IN_TIME
    return ChangeKind.MOVED_IN_ROOM if in_room else None


def _when(change: Change) -> tuple[datetime, str]:
    return change.placement.start, change.session
