"""Timeslot tags that a session or its presenters require, refuse, prefer or dislike.

Where a problem has no timeslots there are no such tags, and nothing counts.
"""

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


class TimeslotTagRule(TagRule):
    """A rule about the tags of the timeslot that a session lies in."""

    def demands(self, session: Session, people: Mapping[str, Person]) -> Iterable[TagDemand]:
        return (wisher.timeslot_tags for wisher in self._wishers(session, people))

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        demanded = self.demanded(session, board.people)
        if not (demanded and board.problem.timeslots):
            return NOTHING
        ordered = [board.problem.timeslots[number] for number in board.timeslots]
        counts = [self.not_as_asked(demanded, timeslot.tags) for timeslot in ordered]
        outside_all = 0
        by_rank = np.array([*counts, outside_all], dtype=np.int64)
        return session.minutes * by_rank[board.timeslot_at(session)[at]][None, :]

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session, timeslot = placed.session, placed.timeslot
            demanded = self.demanded(session, plan.people)
            if timeslot and (count := self.not_as_asked(demanded, timeslot.tags)):
                clause = f"timeslot {timeslot.id} is not as asked for {session.id}"
                yield Finding((session.id,), count * session.minutes, clause)


class RequiredTimeslotTags(TimeslotTagRule):
    """Counts the required tags that the timeslot lacks."""

    asked: ClassVar[Asked] = "required"

    kind: Literal["required-timeslot-tags"] = "required-timeslot-tags"
    id: Id = "required-timeslot-tags"
    sentence: Line = "Every session lies in a timeslot with the tags that it and its presenters require"


class ProhibitedTimeslotTags(TimeslotTagRule):
    """Counts the tags of the timeslot that somebody refuses."""

    asked: ClassVar[Asked] = "prohibited"

    kind: Literal["prohibited-timeslot-tags"] = "prohibited-timeslot-tags"
    id: Id = "prohibited-timeslot-tags"
    sentence: Line = "No session lies in a timeslot with a tag that it or a presenter refuses"


class PreferredTimeslotTags(TimeslotTagRule):
    """Counts the preferred tags that the timeslot lacks."""

    asked: ClassVar[Asked] = "preferred"

    kind: Literal["preferred-timeslot-tags"] = "preferred-timeslot-tags"
    id: Id = "preferred-timeslot-tags"
    sentence: Line = "Sessions lie in timeslots with the tags that they and their presenters prefer"
    level: Level = Level.WARN
    weight: int = UNWANTED_TAG


class UndesiredTimeslotTags(TimeslotTagRule):
    """Counts the tags of the timeslot that somebody would rather avoid."""

    asked: ClassVar[Asked] = "undesired"

    kind: Literal["undesired-timeslot-tags"] = "undesired-timeslot-tags"
    id: Id = "undesired-timeslot-tags"
    sentence: Line = "Sessions keep out of timeslots with tags that they or their presenters would rather avoid"
    level: Level = Level.WARN
    weight: int = UNWANTED_TAG
