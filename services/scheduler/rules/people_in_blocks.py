"""People who should not have to be in two places: presenters and attendees of a programme in blocks.

In such a programme people go to a room for a whole timeslot, and a track has chairs who should be there throughout.
Two sessions are a pair when somebody presents (or attends) both; when a presenter (or attendee) of one chairs the
other's track; and, for attendees, when they present the other. A pair counts once, whoever and how many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed
    from services.scheduler.problem import Problem

Couple = tuple[str, str]


class PeopleInBlocks(PairRule):
    """A rule about two sessions that the same people should be at."""

    level: Level = Level.WARN
    weight: int = 30

    def couples(self, problem: Problem) -> set[Couple]:
        """The sessions of all pairs, each in order of id, whatever the scope."""
        raise NotImplementedError

    def relation(self) -> Relation:
        raise NotImplementedError

    def amount(self, one: Placed, other: Placed) -> int:
        """How much a pair counts where it lies."""
        raise NotImplementedError

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        covered = {session.id for session in board.problem.sessions if self.scope.covers(session)}
        for one, other in sorted(self.couples(board.problem)):
            if one in covered and other in covered:
                yield PairTerm(one, other, self.relation())

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        placed = {one.session.id: one for one in plan.within(self.scope)}
        for one, other in sorted(self.couples(plan.problem)):
            if one in placed and other in placed and (amount := self.amount(placed[one], placed[other])):
                yield Finding((one, other), amount, f"somebody should be at both {one} and {other}")


class InOneTimeslot(PeopleInBlocks):
    """A rule about pairs that are in one timeslot but in different rooms, however long they are."""

    def relation(self) -> Relation:
        return Relation.SAME_TIMESLOT_IN_OTHER_ROOM

    def amount(self, one: Placed, other: Placed) -> int:
        return int(one.same_timeslot(other) and one.room.id != other.room.id)


class AtOneTime(PeopleInBlocks):
    """A rule about the minutes at which both of a pair go on."""

    def relation(self) -> Relation:
        return Relation.OVERLAP_MINUTES

    def amount(self, one: Placed, other: Placed) -> int:
        return one.shared_minutes(other)


class PresentersInOneTimeslot(InOneTimeslot):
    """Counts the pairs with a presenter in common, or a chair, that are in one timeslot but in different rooms."""

    kind: Literal["presenters-in-one-timeslot"] = "presenters-in-one-timeslot"
    id: Id = "presenters-in-one-timeslot"
    sentence: Line = "Nobody has to leave a timeslot's room to present in another"

    def couples(self, problem: Problem) -> set[Couple]:
        return presenter_couples(problem)


class PresentersAtOneTime(AtOneTime):
    """Counts the minutes at which pairs with a presenter in common, or a chair, overlap."""

    kind: Literal["presenters-at-one-time"] = "presenters-at-one-time"
    id: Id = "presenters-at-one-time"
    sentence: Line = "Nobody presents, or presents and chairs, two sessions at a time"

    def couples(self, problem: Problem) -> set[Couple]:
        return presenter_couples(problem)


class AttendeesInOneTimeslot(InOneTimeslot):
    """Counts the pairs that somebody wants to attend, or also presents or chairs, in one timeslot but two rooms."""

    kind: Literal["attendees-in-one-timeslot"] = "attendees-in-one-timeslot"
    id: Id = "attendees-in-one-timeslot"
    sentence: Line = "Nobody has to leave a timeslot's room for another that they want to be in"

    def couples(self, problem: Problem) -> set[Couple]:
        return attendee_couples(problem)


class AttendeesAtOneTime(AtOneTime):
    """Counts the minutes at which pairs that somebody wants to attend, or also presents or chairs, overlap."""

    kind: Literal["attendees-at-one-time"] = "attendees-at-one-time"
    id: Id = "attendees-at-one-time"
    sentence: Line = "No two sessions that somebody wants to be at are at the same time"

    def couples(self, problem: Problem) -> set[Couple]:
        return attendee_couples(problem)


def presenter_couples(problem: Problem) -> set[Couple]:
    presenting = {session.id: set(session.presenters) for session in problem.sessions}
    return _shared(presenting) | _with_chairs(presenting, problem)


def attendee_couples(problem: Problem) -> set[Couple]:
    wishes: dict[str, set[str]] = {session.proposal: set() for session in problem.sessions}
    for wish in problem.wishes:
        wishes[wish.proposal].add(wish.person)
    attending = {session.id: wishes[session.proposal] for session in problem.sessions}
    presenting = {session.id: set(session.presenters) for session in problem.sessions}
    return _shared(attending) | _joined(attending, presenting) | _with_chairs(attending, problem)


def _shared(people: Mapping[str, set[str]]) -> set[Couple]:
    return {couple for names in _by_person(people).values() for couple in combinations(sorted(names), 2)}


def _joined(these: Mapping[str, set[str]], those: Mapping[str, set[str]]) -> set[Couple]:
    """Two sessions, one with somebody among these people and the other among those."""
    there = _by_person(those)
    return {
        (min(one, other), max(one, other))
        for person, names in _by_person(these).items()
        for one in names
        for other in there.get(person, ())
        if one != other
    }


def _with_chairs(people: Mapping[str, set[str]], problem: Problem) -> set[Couple]:
    """Two sessions of different tracks, one of whose people chairs the other's track."""
    chairs = {track.id: set(track.chairs) for track in problem.tracks}
    track = {session.id: session.track for session in problem.sessions}
    chaired = {session: chairs[name] for session, name in track.items() if name}
    return {(one, other) for one, other in _joined(people, chaired) if track[one] != track[other]}


def _by_person(people: Mapping[str, set[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for session, names in people.items():
        for person in sorted(names):
            found.setdefault(person, []).append(session)
    return found
