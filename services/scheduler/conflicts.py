"""What sessions do to one another: room conflict, presenter conflict, prerequisite, interest conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.scheduler.choices import Choices
from services.scheduler.clashes import clash_costs
from services.scheduler.model import Literal, PlanningModel, set_aim
from services.scheduler.problem import After, Problem, Session


def build_model(problem: Problem, choices: Mapping[str, Choices], *, keep_published: bool) -> PlanningModel:
    """The model of all plans that place each session at most once, at one of its choices, and its aim."""
    model = PlanningModel(problem, choices)
    for session in problem.sessions:
        model.add_session(session)
    forbid_room_conflicts(model)
    forbid_presenter_conflicts(model)
    for session in problem.sessions:
        if session.after:
            keep_in_order(model, session.id, session.after)
    count_interest_conflicts(model)
    set_aim(model, keep_published=keep_published)
    return model


@dataclass(frozen=True)
class Occupation:
    """A literal that, when true, takes a resource from ``start`` until ``end``."""

    start: int
    end: int
    literal: Literal


def forbid_room_conflicts(model: PlanningModel) -> None:
    """A room holds one session at a time."""
    minutes = {session.id: session.minutes for session in model.problem.sessions}
    by_room: dict[int, list[Occupation]] = {}
    for pick, literal in model.picks.items():
        end = pick.start + 60 * minutes[pick.session]
        by_room.setdefault(pick.room, []).append(Occupation(pick.start, end, literal))
    for occupations in by_room.values():
        _at_most_one_at_a_time(model, occupations)


def forbid_presenter_conflicts(model: PlanningModel) -> None:
    """Nobody presents two sessions at a time."""
    by_presenter: dict[str, list[Session]] = {}
    for session in model.problem.sessions:
        for presenter in session.presenters:
            by_presenter.setdefault(presenter, []).append(session)
    for sessions in by_presenter.values():
        if len(sessions) > 1:
            _at_most_one_at_a_time(model, [one for session in sessions for one in _occupations(model, session)])


def _occupations(model: PlanningModel, session: Session) -> Iterator[Occupation]:
    for start in model.starts(session.id):
        yield Occupation(start, start + 60 * session.minutes, model.at(session.id, start))


def _at_most_one_at_a_time(model: PlanningModel, occupations: list[Occupation]) -> None:
    for literals in _overlapping(occupations):
        model.cp.add_at_most_one(literals)


def _overlapping(occupations: list[Occupation]) -> Iterator[list[Literal]]:
    """The largest groups that share an instant: each as it stands before one of its members ends."""
    going: list[Occupation] = []
    grown = False
    for occupation in sorted(occupations, key=lambda one: one.start):
        still_going = [other for other in going if other.end > occupation.start]
        if grown and len(still_going) < len(going):
            yield [other.literal for other in going]
        going = [*still_going, occupation]
        grown = len(going) > 1
    if grown:
        yield [other.literal for other in going]


def keep_in_order(model: PlanningModel, later: str, after: After) -> None:
    """A part on a day needs the part before it on a day that is neither too near nor too far."""
    earlier = _by_day(model, after.session)
    for day, literals in _by_day(model, later).items():
        gaps = range(after.fewest_days, after.most_days + 1)
        before = [literal for gap in gaps for literal in earlier.get(day - gap, ())]
        model.cp.add(sum(literals) <= sum(before))


def _by_day(model: PlanningModel, session: str) -> dict[int, list[Literal]]:
    choices = model.choices[session]
    day_of = dict(zip(choices.start.tolist(), choices.day.tolist(), strict=True))
    by_day: dict[int, list[Literal]] = {}
    for start in model.starts(session):
        by_day.setdefault(day_of[start], []).append(model.at(session, start))
    return by_day


def count_interest_conflicts(model: PlanningModel) -> None:
    """A literal for each pair that people want both of: true when the two share an instant."""
    going = {session.id: _going_on(model, session) for session in model.problem.sessions}
    for one, other in clash_costs(model.problem):
        clash = model.clashes[one, other] = model.cp.new_bool_var("")
        for instant in going[one].keys() & going[other].keys():
            model.cp.add_bool_or(clash, ~going[one][instant], ~going[other][instant])


def _going_on(model: PlanningModel, session: Session) -> dict[int, Literal]:
    """For each instant of the grid that the session can cover, the literal that says it does.

    Two sessions that overlap share the start of one of them, which is such an instant.
    """
    covering: dict[int, list[int]] = {}
    for start in model.starts(session.id):
        for instant in range(start, start + 60 * session.minutes, 60 * model.problem.grid_minutes):
            covering.setdefault(instant, []).append(start)
    return {instant: model.any_of(session.id, starts) for instant, starts in covering.items()}
