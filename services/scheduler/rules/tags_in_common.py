"""Sessions that have something in common are not at the same time: theme, sector, content, an exclusive tag.

Each tag that two overlapping sessions share counts the minutes that they overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.terms import PairTerm, Relation
from services.scheduler.weights import SHARED_CONTENT, SHARED_TAG, SHARED_THEME
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan

Features = Collection[str]


def sharing(sessions: Iterable[tuple[str, Features]]) -> dict[tuple[str, str], int]:
    """How many features every two sessions have in common that have any; pairs in the order given."""
    having: dict[str, list[str]] = {}
    for name, features in sessions:
        for feature in features:
            having.setdefault(feature, []).append(name)
    shared: dict[tuple[str, str], int] = {}
    for names in having.values():
        for pair in combinations(names, 2):
            shared[pair] = shared.get(pair, 0) + 1
    return shared


class InCommonRule(PairRule):
    """Counts the minutes that two sessions overlap, times what they have in common."""

    def features(self, session: Session) -> Features:
        """What two sessions may have in common."""
        raise NotImplementedError

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        relation = Relation.OVERLAP if self.must_hold() else Relation.OVERLAP_MINUTES
        covered = (session for session in board.problem.sessions if self.scope.covers(session))
        for (one, other), count in sharing((session.id, self.features(session)) for session in covered).items():
            yield PairTerm(one, other, relation, count)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.parallel(self.scope):
            if common := set(self.features(one.session)) & set(self.features(other.session)):
                minutes, names = one.shared_minutes(other), (one.session.id, other.session.id)
                clause = f"{' and '.join(names)} are both about {', '.join(sorted(common))}, at the same time"
                yield Finding(names, len(common) * minutes, clause)


class MutuallyExclusive(InCommonRule):
    """Sessions that share an exclusive tag never overlap."""

    kind: Literal["mutually-exclusive"] = "mutually-exclusive"
    id: Id = "mutually-exclusive"
    sentence: Line = "Sessions that exclude each other are not at the same time"

    def features(self, session: Session) -> Features:
        return session.exclusive


class ThemeTrackConflict(InCommonRule):
    """Sessions on one theme in parallel."""

    kind: Literal["theme-track-conflict"] = "theme-track-conflict"
    id: Id = "theme-track-conflict"
    sentence: Line = "Sessions on the same theme are not at the same time"
    level: Level = Level.WARN
    weight: int = SHARED_THEME

    def features(self, session: Session) -> Features:
        return session.themes


class SectorConflict(InCommonRule):
    """Sessions for one sector in parallel."""

    kind: Literal["sector-conflict"] = "sector-conflict"
    id: Id = "sector-conflict"
    sentence: Line = "Sessions for the same sector are not at the same time"
    level: Level = Level.WARN
    weight: int = SHARED_TAG

    def features(self, session: Session) -> Features:
        return session.sectors


class ContentConflict(InCommonRule):
    """Sessions with the same content in parallel."""

    kind: Literal["content-conflict"] = "content-conflict"
    id: Id = "content-conflict"
    sentence: Line = "Sessions with the same content are not at the same time"
    level: Level = Level.WARN
    weight: int = SHARED_CONTENT

    def features(self, session: Session) -> Features:
        return session.contents


class AudienceTypeThemeTrackConflict(InCommonRule):
    """Sessions on one theme for one type of audience in parallel: types in common times themes in common."""

    kind: Literal["audience-type-theme-track-conflict"] = "audience-type-theme-track-conflict"
    id: Id = "audience-type-theme-track-conflict"
    sentence: Line = "Sessions on the same theme for the same type of audience are not at the same time"
    level: Level = Level.WARN
    weight: int = SHARED_TAG

    def features(self, session: Session) -> Features:
        return [f"{theme} for {audience}" for theme in session.themes for audience in session.audience_types]
