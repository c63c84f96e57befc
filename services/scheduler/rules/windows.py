"""Rules about local times and dates that a policy pack keeps free, or keeps sessions within."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, UnaryRule
from services.scheduler.timeline import Flags, Timeline
from services.scheduler.weights import WHOLE
from shared.contract.values import DateSpan, Id, Line, Tag, Value, Weekday, Zone
from shared.time.intervals import Interval, days, local_interval, merged
from shared.time.zones import zone

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan, Placed

MIDNIGHT = time(0)
OVERNIGHT = timedelta(days=2)


class Exemption(Value):
    """A rule of its own: formats that another rule does not bind."""

    id: Id
    formats: tuple[Tag, ...] = Field(min_length=1)
    sentence: Line


class Window(UnaryRule):
    """A rule about intervals of time; it counts the minutes of a session that lie wrong."""

    source: Line = Field(description="who asks for it, and where it is written down")
    share: int = Field(
        default=0,
        ge=0,
        le=WHOLE,
        description="twentieths of each wrong minute that count for every person who presents or wants to come; "
        "0: a wrong minute counts once. A rule that must hold counts no shares",
    )
    notice_days: int | None = Field(
        default=None,
        ge=1,
        le=366,
        description="binds only what begins less than so many days after the plan is asked for, "
        "unless it was published to begin then",
    )

    def binds(self, session_format: Tag) -> bool:
        """Whether it concerns sessions of that format."""
        raise NotImplementedError

    def intervals(self, first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
        """Its intervals of the local days ``first`` to ``last``, in order."""
        raise NotImplementedError

    def wrong(self, inside: Amounts, minutes: int) -> Amounts:
        """Of a session's minutes, how many lie wrong, given how many lie inside the intervals."""
        raise NotImplementedError

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not self.binds(session.format):
            return NOTHING
        wrong = board.remembered((self.id, session.minutes), lambda: self._everywhere(session.minutes, board))[at]
        if self.notice_days is not None:
            wrong = np.where(self._at_short_notice(session, at, board), wrong, 0)
        if self.share and not self.must_hold():
            wishing = {person for person, _ in board.wishes[session.proposal]}
            wrong = _for_everyone(wrong, self.share, len(wishing | set(session.presenters)))
        return wrong[None, :]

    def _everywhere(self, minutes: int, board: Board) -> Amounts:
        """At every start of the grid; the nights before the first day and after the last can touch a session too."""
        problem = board.problem
        first, last = problem.first_day - timedelta(days=1), problem.last_day + timedelta(days=1)
        timeline = Timeline.of(self.intervals(first, last, problem.zone))
        return self.wrong(timeline.shared_minutes(board.grid.starts, minutes), minutes)

    def _at_short_notice(self, session: Session, at: Indices, board: Board) -> Flags:
        starts = board.grid.starts[at]
        if board.problem.asked_at is None:
            return np.zeros(len(starts), dtype=np.bool_)
        noticed = board.problem.asked_at + timedelta(days=self.notice_days or 0)
        announced = int(session.published.start.timestamp()) if session.published else -1
        return np.asarray((starts < noticed.timestamp()) & (starts != announced))

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session = placed.session
            if not self.binds(session.format) or self._has_notice(placed, plan):
                continue
            if wrong := int(self.wrong(self._inside(placed, plan), session.minutes)):
                told = f"{wrong} of the {session.minutes} minutes of {session.id} lie {self.where_wrong()}"
                yield Finding((session.id,), self._amount(wrong, placed, plan), told)

    def _has_notice(self, placed: Placed, plan: FinishedPlan) -> bool:
        if self.notice_days is None:
            return False
        asked_at, published, start = plan.problem.asked_at, placed.session.published, placed.when.start
        if asked_at is None or (published is not None and published.start == start):
            return True
        return start >= asked_at + timedelta(days=self.notice_days)

    def _amount(self, wrong: int, placed: Placed, plan: FinishedPlan) -> int:
        if not self.share or self.must_hold():
            return wrong
        people = {*plan.wishes.get(placed.session.proposal, {}), *placed.session.presenters}
        return -(-wrong * self.share * max(1, len(people)) // WHOLE)

    def where_wrong(self) -> str:
        """Completes 'the session lies ...', for the minutes that lie wrong."""
        raise NotImplementedError

    def _inside(self, placed: Placed, plan: FinishedPlan) -> Amounts:
        """The minutes of a placed session that lie inside the intervals."""
        first, last = placed.when.start.date() - OVERNIGHT, placed.when.end.date() + OVERNIGHT
        times = merged(self.intervals(first, last, plan.problem.zone))
        return np.array(sum(_shared(time, placed.when) for time in times), dtype=np.int64)


def _for_everyone(wrong: Amounts, share: int, people: int) -> Amounts:
    """The share of these minutes for each person; a begun minute counts, and nobody counts as one."""
    return np.asarray(-(-wrong * share * max(1, people) // WHOLE))


def _shared(one: Interval, other: Interval) -> int:
    return max(0, math.ceil((min(one.end, other.end) - max(one.start, other.start)).total_seconds() / 60))


class LocalTimes(Window):
    """A rule about the same local time on some weekdays, in the programme's zone."""

    weekdays: tuple[Weekday, ...] = Field(default=tuple(Weekday), min_length=1)
    start: time = Field(default=MIDNIGHT, description="local time; 00:00 to 00:00 is the whole day")
    end: time = Field(default=MIDNIGHT, description="local time; not after start means the next day")
    dates: tuple[DateSpan, ...] | None = Field(default=None, description="on these dates only; not given: on all")

    @model_validator(mode="after")
    def _times_are_local(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("start and end are local times; leave the offset out")
        return self

    def intervals(self, first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
        """One interval for each day of ``first`` to ``last`` on which these times fall."""
        local = zone(zone_name)
        for day in days(first, last):
            if Weekday.of(day) in self.weekdays and self._has_date(day):
                yield local_interval(day, self.start, self.end, local)

    def _has_date(self, day: date) -> bool:
        return self.dates is None or any(span.first <= day <= span.last for span in self.dates)


class ProhibitedTimes(LocalTimes):
    """No session overlaps these times, but for exempt formats."""

    kind: Literal["prohibited-times"] = "prohibited-times"
    where: Line = Field(description="completes 'the session lies ...': in the lunch window, on a Friday")
    exemptions: tuple[Exemption, ...] = ()

    def binds(self, session_format: Tag) -> bool:
        return self.exemption(session_format) is None

    def exemption(self, session_format: Tag) -> Exemption | None:
        """The exemption that frees this format, if there is one."""
        return next((exemption for exemption in self.exemptions if session_format in exemption.formats), None)

    def wrong(self, inside: Amounts, minutes: int) -> Amounts:  # noqa: ARG002 -- what is inside is wrong
        return inside

    def where_wrong(self) -> str:
        return self.where


class RequiredTimes(LocalTimes):
    """A session lies wholly within these times."""

    kind: Literal["required-times"] = "required-times"
    formats: tuple[Tag, ...] = Field(default=(), description="the formats it binds; none named means all")

    def binds(self, session_format: Tag) -> bool:
        return not self.formats or session_format in self.formats

    def wrong(self, inside: Amounts, minutes: int) -> Amounts:
        return np.asarray(minutes - inside)

    def where_wrong(self) -> str:
        return "outside the times for it"


class ProhibitedDates(Window):
    """No session overlaps these days."""

    kind: Literal["prohibited-dates"] = "prohibited-dates"
    where: Line
    spans: tuple[DateSpan, ...]

    def binds(self, session_format: Tag) -> bool:  # noqa: ARG002 -- every rule is asked; this one has no exemptions
        return True

    def intervals(self, first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
        """One interval for each closed day of ``first`` to ``last``."""
        return closed_days(self.spans, first, last, zone_name)

    def wrong(self, inside: Amounts, minutes: int) -> Amounts:  # noqa: ARG002 -- what is inside is wrong
        return inside

    def where_wrong(self) -> str:
        return self.where


def closed_days(spans: tuple[DateSpan, ...], first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
    """The local days of ``spans`` between ``first`` and ``last``, from midnight to midnight."""
    local = zone(zone_name)
    for span in spans:
        for day in days(max(first, span.first), min(last, span.last)):
            yield local_interval(day, MIDNIGHT, MIDNIGHT, local)
