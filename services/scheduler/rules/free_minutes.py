"""Free minutes: whoever has sessions on a day keeps some time in one piece for lunch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.terms import GroupTerm, Measure
from shared.contract.values import Id, Line, Tag, Weekday, Zone
from shared.time.intervals import Interval, days, local_interval, merged
from shared.time.zones import zone

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem

DAY = 24 * 60


class FreeMinutes(GroupRule):
    """Counts, person by person, the days on which their sessions leave no free stretch inside a window of local time.

    A person's sessions are those that they present and, unless ``who`` says *presenters*, those that they want to come
    to. Of sessions in parallel a person attends one, so the time that these share is taken once. Sessions of exempt
    formats, such as light lunches, take nothing. The stretch is in one piece; for each person and day without it the
    rule counts 1, and the weight is the stretch's person-minutes unless the policy says otherwise.
    """

    kind: Literal["free-minutes"] = "free-minutes"
    id: Id = "free-minutes"
    sentence: Line = "Everybody has a free hour over lunch on days with sessions of theirs"
    level: Level = Level.WARN
    weight: int = 60
    start: time = time(12)
    end: time = time(14)
    minutes: int = Field(default=60, ge=1, le=1440, description="how long the stretch is")
    weekdays: tuple[Weekday, ...] = Field(default=tuple(Weekday), min_length=1)
    who: Literal["presenters", "everybody"] = "everybody"
    exempt_formats: tuple[Tag, ...] = ()

    @model_validator(mode="after")
    def _stretch_fits(self) -> FreeMinutes:
        begin, end = (60 * wall.hour + wall.minute for wall in (self.start, self.end))
        if self.minutes > ((end - begin) % DAY or DAY):
            raise ValueError(f"rules.{self.id}.minutes: {self.minutes} minutes do not fit between start and end")
        return self

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        sessions: dict[str, list[str]] = {}
        for session in board.problem.sessions:
            if self._takes_time(session):
                wishing = [person for person, _ in board.wishes[session.proposal]] if self.who == "everybody" else []
                for person in {*session.presenters, *wishing}:
                    sessions.setdefault(person, []).append(session.id)
        people: dict[tuple[str, ...], int] = {}
        for names in sessions.values():
            people[tuple(names)] = people.get(tuple(names), 0) + 1
        table = (self.minutes, *self._edges(board.problem))
        for members in sorted(people):
            yield GroupTerm(members, Measure.NO_FREE_STRETCH, amount=people[members], table=table)

    def _edges(self, problem: Problem) -> Iterator[int]:
        """Begin and end of the window of every day, in minutes since the epoch."""
        for day in days(problem.first_day, problem.last_day):
            window = self._window(day, problem.zone)
            yield int(window.start.timestamp()) // 60 if window else 0
            yield int(window.end.timestamp()) // 60 if window else 0

    def _window(self, day: date, zone_name: Zone) -> Interval | None:
        """None on other weekdays, and on a day whose clock change leaves the window too short."""
        window = local_interval(day, self.start, self.end, zone(zone_name))
        fits = window.end - window.start >= timedelta(minutes=self.minutes)
        return window if fits and Weekday.of(day) in self.weekdays else None

    def _takes_time(self, session: Session) -> bool:
        return self.scope.covers(session) and session.format not in self.exempt_formats

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        taken: dict[tuple[str, date], list[str]] = {}
        for placed in plan.within(self.scope):
            session = placed.session
            if self._takes_time(session):
                wishing = plan.wishes.get(session.proposal, {}) if self.who == "everybody" else {}
                for person in {*session.presenters, *wishing}:
                    taken.setdefault((person, placed.day), []).append(session.id)
        for (person, day), names in sorted(taken.items()):
            window = self._window(day, plan.problem.zone)
            if window and self._longest_free(window, [plan.placed[name].when for name in names]) < self.minutes:
                clause = f"{person} has no {self.minutes} minutes free in one piece over {self.start:%H:%M} on {day}"
                yield Finding(tuple(names), 1, clause, (person,))

    def _longest_free(self, window: Interval, taken: Iterable[Interval]) -> float:
        busy = [one for one in merged(taken) if one.overlaps(window)]
        edges = [window.start, *(edge for one in busy for edge in (one.start, one.end)), window.end]
        return max((until - since).total_seconds() / 60 for since, until in zip(edges[::2], edges[1::2], strict=True))
