"""Something for everybody at each time: sessions in one timeslot differ in audience or language.

Every two sessions in one timeslot that differ gain the minutes of the shorter one. These gains draw sessions together,
which suits a conference of parallel tracks; a programme spread over a term does better without.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, Level
from services.scheduler.rules.session_pairs import SessionPairRule, in_common
from services.scheduler.terms import Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class DiversityRule(SessionPairRule):
    """Gains minutes for every two sessions in one timeslot that suit different people."""

    relation: ClassVar[Relation] = Relation.SAME_TIMESLOT

    level: Level = Level.WARN

    def differences(self, one: Session, other: Session) -> int:
        """In how many ways the two suit different people."""
        raise NotImplementedError

    def amount(self, one: Session, other: Session) -> int:
        return -self.differences(one, other) * min(one.minutes, other.minutes)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other, gain in self.concerned(plan):
            if one.same_timeslot(other):
                names = one.session.id, other.session.id
                yield Finding(names, gain, f"{' and '.join(names)}, at the same time, are for different people")


class AudienceTypeDiversity(DiversityRule):
    """Sessions for different types of audience in parallel.

    Timefold's rule of this name gains for each type that the two have in *common*; ``by`` says which is meant.
    """

    kind: Literal["audience-type-diversity"] = "audience-type-diversity"
    id: Id = "audience-type-diversity"
    sentence: Line = "Sessions at the same time are for different types of audience"
    by: Literal["nothing-in-common", "in-common"] = Field(
        default="nothing-in-common", description="what gains: that no type is in common, or each one that is"
    )

    def concerns(self, session: Session) -> bool:
        return bool(session.audience_types)

    def differences(self, one: Session, other: Session) -> int:
        common = in_common(one.audience_types, other.audience_types)
        return common if self.by == "in-common" else int(not common)


class AudienceLevelDiversity(DiversityRule):
    """Sessions of different levels in parallel: beginners and old hands find one each."""

    kind: Literal["audience-level-diversity"] = "audience-level-diversity"
    id: Id = "audience-level-diversity"
    sentence: Line = "Sessions at the same time are of different levels"

    def concerns(self, session: Session) -> bool:
        return session.audience_level is not None

    def differences(self, one: Session, other: Session) -> int:
        return int(one.audience_level != other.audience_level)


class LanguageDiversity(DiversityRule):
    """Sessions in different languages in parallel."""

    kind: Literal["language-diversity"] = "language-diversity"
    id: Id = "language-diversity"
    sentence: Line = "Sessions at the same time are in different languages"

    def concerns(self, session: Session) -> bool:
        return session.language is not None

    def differences(self, one: Session, other: Session) -> int:
        return int(one.language != other.language)
