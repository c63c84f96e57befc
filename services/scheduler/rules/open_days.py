"""The days on which a weekly series could have a part; on all others it is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from services.scheduler.rules.base import Rule, UnaryRule
from services.scheduler.rules.programme_dates import ProgrammeDates
from services.scheduler.rules.session_fits_timeslot import SessionFitsTimeslot
from services.scheduler.rules.windows import Window
from shared.contract.facts.scheduler import Placement
from shared.time.intervals import local_instant
from shared.time.zones import zone

if TYPE_CHECKING:
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem

DAY_MINUTES = 24 * 60


def date_rules(problem: Problem) -> tuple[UnaryRule, ...]:
    """The rules that close days: those about dates and times alone that must hold, whenever the plan is asked for."""
    return tuple(
        rule
        for rule in problem.policy.in_force()
        if isinstance(rule, ProgrammeDates | SessionFitsTimeslot | Window)
        and rule.must_hold()
        and getattr(rule, "notice_days", None) is None
    )


class OpenDays:
    """Asks the rules' own judgement whether a day is open: each part could begin at some start of it.

    ``usual`` is a local time that is tried first.
    """

    def __init__(self, plan: FinishedPlan, parts: list[Session], usual: time) -> None:
        self._plan, self._usual = plan, usual
        rules = date_rules(plan.problem)
        kinds: dict[object, tuple[Session, list[Rule]]] = {}
        for part in parts:
            own: list[Rule] = [rule for rule in rules if rule.scope.covers(part)]
            kinds.setdefault((part.format, part.minutes, *(rule.id for rule in own)), (part, own))
        self._kinds = tuple(kinds.values())

    def is_open(self, day: date) -> bool:
        return all(any(self._is_free(part, rules, start) for start in self._starts(day)) for part, rules in self._kinds)

    def between(self, first: date, day: date) -> int:
        """How many days of that weekday are open, from the first to the last of them, which does not count itself."""
        weeks = (day - first).days // 7
        return sum(self.is_open(first + timedelta(weeks=week)) for week in range(weeks))

    def _is_free(self, part: Session, rules: list[Rule], start: datetime) -> bool:
        room = self._plan.problem.rooms[0].id
        there = Placement(session=part.id, proposal=part.proposal, room=room, start=start, minutes=part.minutes)
        alone = self._plan.with_only(there)
        for number, rule in enumerate(rules):
            if any(True for _ in rule.judge(alone)):
                # Whatever closes one start of a day closes most of them.
                rules.insert(0, rules.pop(number))
                return False
        return True

    def _starts(self, day: date) -> Iterator[datetime]:
        problem = self._plan.problem
        local = zone(problem.zone)
        if not problem.timeslots:
            minutes = range(0, DAY_MINUTES, problem.grid_minutes)
            usual = self._usual.hour * 60 + self._usual.minute
            first = [usual] if usual in minutes else []
            yield from (local_instant(day, time(*divmod(minute, 60)), local) for minute in (*first, *minutes))
            return
        for timeslot in problem.timeslots:
            step, start = timeslot.step_minutes, timeslot.start
            while start < timeslot.end:
                if start.astimezone(local).date() == day:
                    yield start
                if step is None:
                    break
                start += timedelta(minutes=step)
