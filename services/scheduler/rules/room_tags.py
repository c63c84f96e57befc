"""Room tags that a session or its presenters require, refuse, prefer or dislike: equipment, access, size, place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level
from services.scheduler.rules.tag_demands import Asked, TagRule
from services.scheduler.weights import UNWANTED_TAG
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Person, Session, TagDemand
    from services.scheduler.finished import FinishedPlan


class RoomTagRule(TagRule):
    """A rule about the features of the room that a session is in."""

    about_rooms: ClassVar[bool] = True

    def demands(self, session: Session, people: Mapping[str, Person]) -> Iterable[TagDemand]:
        return (wisher.room_tags for wisher in self._wishers(session, people))

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:  # noqa: ARG002 -- at any time
        if not (demanded := self.demanded(session, board.people)):
            return NOTHING
        counts = [[self.not_as_asked(demanded, room.features)] for room in board.problem.rooms]
        return session.minutes * np.array(counts, dtype=np.int64).reshape(-1, 1)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session, room = placed.session, placed.room
            if count := self.not_as_asked(self.demanded(session, plan.people), room.features):
                clause = f"room {room.id} is not as asked for {session.id}"
                yield Finding((session.id,), count * session.minutes, clause)


class RequiredRoomTags(RoomTagRule):
    """Counts the features that somebody needs and the room lacks; a session's needs are among them."""

    asked: ClassVar[Asked] = "required"

    kind: Literal["room-features"] = "room-features"
    id: Id = "room-features"
    sentence: Line = "Every room has the features that the session in it needs"

    def demanded(self, session: Session, people: Mapping[str, Person]) -> list[str]:
        needs = () if self.whose == "presenters" else set(session.needs) - set(session.room_tags.required)
        needed = [tag for tag in sorted(needs) if not self.tags or tag in self.tags]
        return [*super().demanded(session, people), *needed]


class ProhibitedRoomTags(RoomTagRule):
    """Counts the features of the room that somebody refuses."""

    asked: ClassVar[Asked] = "prohibited"

    kind: Literal["prohibited-room-tags"] = "prohibited-room-tags"
    id: Id = "prohibited-room-tags"
    sentence: Line = "No session is in a room with a feature that it or a presenter refuses"


class PreferredRoomTags(RoomTagRule):
    """Counts the preferred features that the room lacks."""

    asked: ClassVar[Asked] = "preferred"

    kind: Literal["preferred-room-tags"] = "preferred-room-tags"
    id: Id = "preferred-room-tags"
    sentence: Line = "Sessions are in rooms with the features that they and their presenters prefer"
    level: Level = Level.WARN
    weight: int = UNWANTED_TAG


class UndesiredRoomTags(RoomTagRule):
    """Counts the features of the room that somebody would rather avoid."""

    asked: ClassVar[Asked] = "undesired"

    kind: Literal["undesired-room-tags"] = "undesired-room-tags"
    id: Id = "undesired-room-tags"
    sentence: Line = "Sessions keep out of rooms with features that they or their presenters would rather avoid"
    level: Level = Level.WARN
    weight: int = UNWANTED_TAG
