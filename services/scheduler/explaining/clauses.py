"""Objections in words: which rule, person, room or session stands against a session, and who asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from services.scheduler import wording
from services.scheduler.entities import Room, Session
from services.scheduler.explaining.easing import rule_of
from services.scheduler.explaining.names import Names, listed
from services.scheduler.explaining.objections import Against
from services.scheduler.explaining.situation import Situation
from services.scheduler.problem import Problem
from services.scheduler.rules.names import MustHold
from shared.contract.commands.explaining import Objection

ALL_WEEK = 7


@dataclass(frozen=True)
class Teller:
    """Puts objections against one session into words. ``against`` is what stands against it where it was asked for."""

    situation: Situation
    names: Names
    against: Against

    @property
    def _problem(self) -> Problem:
        return self.situation.problem

    @property
    def _session(self) -> Session:
        return self.against.session

    @property
    def rooms(self) -> tuple[str, ...]:
        return tuple(room.id for room in self._problem.rooms)

    @property
    def one_start(self) -> bool:
        """Whether the question is about one start, so that "then" can be said."""
        return len(set(self.against.spots.at.tolist())) == 1

    def clauses(self, members: Iterable[Objection]) -> Iterator[str]:
        """One clause for each rule, naming all of its people, rooms and sessions."""
        by_rule: dict[str, list[Objection]] = {}
        for member in members:
            by_rule.setdefault(member.rule, []).append(member)
        for rule, objections in by_rule.items():
            yield from self._of_rule(rule, objections)

    def _of_rule(self, rule: str, objections: list[Objection]) -> Iterator[str]:
        rooms = list(dict.fromkeys(room for one in objections for room in one.rooms))
        if rule == MustHold.PRESENTER_UNAVAILABLE:
            yield from (self._busy(one) for one in objections)
        elif rule == MustHold.ROOM_CONFLICT:
            yield from self._taken(objections, rooms)
        elif rule == MustHold.PRESENTER_CONFLICT:
            yield from (self._presents(one) for one in objections)
        elif rule == MustHold.ROOM_CAPACITY:
            sizes = listed([f"{self.names.room(one.id)} holds {one.capacity}" for one in self._rooms(rooms)])
            yield f"{sizes}, and {self._session.seats} seats are needed"
        elif rule == MustHold.ROOM_FEATURES:
            yield from (f"{self.names.room(one.id)} has no {listed(self._lacking(one))}" for one in self._rooms(rooms))
        elif rule == MustHold.ROOM_UNAVAILABLE:
            verb = "is" if len(rooms) == 1 else "are"
            yield f"{listed(map(self.names.room, rooms))} {verb} not available {self._then()}"
        else:
            yield self._quoted(rule, objections)

    def _then(self) -> str:
        return "then" if self.one_start else "at the other times"

    def _rooms(self, names: Iterable[str]) -> list[Room]:
        wanted = set(names)
        return [room for room in self._problem.rooms if room.id in wanted]

    def _lacking(self, room: Room) -> list[str]:
        people = self.situation.board.people
        asked = [self._session.room_tags, *(people[name].room_tags for name in self._session.presenters)]
        needed = {*self._session.needs, *(tag for one in asked for tag in one.required)}
        return sorted(needed - set(room.features))

    def _busy(self, objection: Objection) -> str:
        (person,) = objection.people
        if self.one_start:
            return f"{person}, who presents it, said no to that time"
        row = self.against.objections.index(objection)
        free = self.against.spots.at[~self.against.matrix[row]]
        if not len(free):
            return f"{person}, who presents it, said no to every time"
        starts = np.unique(free)
        if len(starts) == 1:
            begins = datetime.fromtimestamp(int(self.situation.board.grid.starts[starts[0]]), UTC)
            return f"{person}, who presents it, can come on {self.names.when(begins)} only"
        first = self._problem.first_day.weekday()
        week = set(((self.situation.board.grid.day[starts] + first) % ALL_WEEK).tolist())
        if len(week) < ALL_WEEK:
            return f"{person}, who presents it, can come on {wording.weekdays(week)} only"
        return f"{person}, who presents it, said no to the times that are left"

    def _taken(self, objections: list[Objection], rooms: list[str]) -> Iterator[str]:
        for room in rooms:
            here = [one.sessions[0] for one in objections if room in one.rooms]
            if len(here) == 1 and self.one_start:
                placement = self.situation.placed[here[0]]
                yield (
                    f"{self.names.room(room)} is taken by {self.names.session(here[0])} {self.names.stretch(placement)}"
                )
            else:
                yield f"{self.names.room(room)} is taken by {listed(map(self.names.session, here))}"

    def _presents(self, objection: Objection) -> str:
        (other,) = objection.sessions
        when = self._when_of(other)
        return f"{listed(objection.people)} presents {self.names.session(other)}{when}"

    def _when_of(self, other: str) -> str:
        placement = self.situation.placed.get(other)
        if placement is None:
            return ""
        return f" {self.names.stretch(placement)}" if self.one_start else f" on {self.names.when(placement.start)}"

    def _quoted(self, rule: str, objections: list[Objection]) -> str:
        told = rule_of(self._problem, rule)
        others = list(dict.fromkeys(name for one in objections for name in one.sessions))
        about = f" ({listed(map(self._other, others))})" if others else ""
        return f"{wording.clause(told.sentence)}{about}{source_of(self._problem, rule)}"

    def _other(self, name: str) -> str:
        title = self.names.session(name)
        return title if name in self.situation.placed else f"{title}, which has no place"


def source_of(problem: Problem, rule: str) -> str:
    """`` (rule no-friday of pack p, version 1; source: Staff meeting)``; nothing for what every programme has."""
    told = next((one for one in problem.policy.rules if one.id == rule), None)
    return "" if told is None else f" (rule {rule} of {problem.policy.origin(rule)}; source: {told.source})"
