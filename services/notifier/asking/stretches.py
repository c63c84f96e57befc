"""A notice that is to go out within a stretch of time. Before that it is early, after that it would be stale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.contract.catalogue import NOTICE
from shared.contract.facts.notices import NoticeKind
from shared.contract.subjects import EntityRef


@dataclass(frozen=True)
class NoticeDue:
    """One notice to one person, due from ``since`` until ``ends_at``; told once for its occasion."""

    kind: NoticeKind
    person: str
    about: str
    occasion: str
    since: datetime
    ends_at: datetime

    def ref(self, community: str) -> EntityRef:
        return NOTICE.ref(community, self.person, self.kind, self.about, self.occasion)


def now_due(notices: Iterable[NoticeDue], now: datetime) -> list[NoticeDue]:
    """Those whose stretch ``now`` lies in: after a long outage the latest of several chases, and nothing stale."""
    return [each for each in notices if each.since <= now < each.ends_at]


def next_due(notices: Iterable[NoticeDue], now: datetime) -> datetime | None:
    """When the next stretch begins; None if all have begun."""
    return min((each.since for each in notices if each.since > now), default=None)


def minute(moment: datetime) -> str:
    """An instant as an id: ``20270112t1530z``."""
    return f"{moment:%Y%m%dt%H%Mz}"


def second(moment: datetime) -> str:
    """An instant as an id, to the second: ``20270112t153000z``."""
    return f"{moment:%Y%m%dt%H%M%Sz}"
