"""What sessions and their presenters ask of the tags of a place: required, prohibited, preferred, undesired.

Names as in Timefold's conference scheduling example. Each tag that is missing or unwanted counts the session's minutes,
once for everybody who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.scheduler.entities import SortedTags, TagDemand
from services.scheduler.rules.base import UnaryRule

if TYPE_CHECKING:
    from services.scheduler.entities import Person, Session

Asked = Literal["required", "prohibited", "preferred", "undesired"]
UNWANTED: tuple[Asked, ...] = ("prohibited", "undesired")


class TagRule(UnaryRule):
    """Counts minutes for each tag that is not as asked."""

    asked: ClassVar[Asked]

    whose: Literal["everybody", "session", "presenters"] = Field(
        default="everybody", description="whose demands count: the session's own, its presenters', or both"
    )
    tags: SortedTags = Field(default=(), description="only these tags count; none named means all")

    def demands(self, session: Session, people: Mapping[str, Person]) -> Iterable[TagDemand]:
        """Everybody's demands on the timeslot or the room of this session."""
        raise NotImplementedError

    def demanded(self, session: Session, people: Mapping[str, Person]) -> list[str]:
        """The tags that somebody asks for or wants to be spared; a tag is there once for everybody who does."""
        demanded = [tag for demand in self.demands(session, people) for tag in getattr(demand, self.asked)]
        return [tag for tag in demanded if not self.tags or tag in self.tags]

    def not_as_asked(self, demanded: Iterable[str], there: Iterable[str]) -> int:
        """How many of these tags are missing there or, where they are unwanted, there."""
        tags, unwanted = set(there), self.asked in UNWANTED
        return sum((tag in tags) == unwanted for tag in demanded)

    def _wishers(self, session: Session, people: Mapping[str, Person]) -> list[Session | Person]:
        own: list[Session | Person] = [] if self.whose == "presenters" else [session]
        return own if self.whose == "session" else own + [people[name] for name in session.presenters]
