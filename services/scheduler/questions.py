"""Questions about plans and releases, answered from the view."""

from __future__ import annotations

from collections.abc import Mapping

from services.scheduler.attendance import attendance
from services.scheduler.building import build_problem
from services.scheduler.errors import SchedulerError
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.plans import last_release
from services.scheduler.view import view_of
from shared.bus.facts import Facts
from shared.contract.catalogue import PLAN, PROGRAMME, PROPOSAL, RELEASE, ROOM
from shared.contract.commands.scheduler import (
    AskAttendance,
    AskPlan,
    AskRelease,
    Attendance,
    PlanShown,
    ReleaseShown,
)
from shared.contract.facts.registrations import Programme, Proposal, Room
from shared.contract.facts.scheduler import Plan, Release
from shared.contract.results import Rejection, RejectionCode


def shown(
    facts: Facts, community: str, question: AskPlan | AskRelease | AskAttendance, packs: Mapping[str, Pack]
) -> PlanShown | ReleaseShown | Attendance:
    """What is asked for. Raises Rejection."""
    match question:
        case AskPlan():
            return show_plan(facts, community, question, packs)
        case AskRelease():
            return show_release(facts, community, question)
        case AskAttendance():
            return show_attendance(facts, community, question)


def show_plan(facts: Facts, community: str, question: AskPlan, packs: Mapping[str, Pack]) -> PlanShown:
    """The present plan with the names that a person needs to read it."""
    plan = facts.state(PLAN, Plan, community, question.programme)
    programme = facts.state(PROGRAMME, Programme, community, question.programme)
    released = last_release(facts, community, question.programme)
    proposals = facts.states(PROPOSAL, Proposal, community).values()
    rooms = facts.states(ROOM, Room, community).values()
    return PlanShown(
        plan=plan.model_copy(update={"applied": ()}) if plan is not None else None,
        outdated=plan is not None and is_outdated(facts, community, plan, packs),
        releases=released.number if released is not None else 0,
        titles={each.proposal: each.title for each in proposals if each.programme == question.programme},
        rooms={each.room: f"{each.name}, {each.site}" for each in rooms},
        zone=programme.zone if programme is not None else None,
    )


def is_outdated(facts: Facts, community: str, plan: Plan, packs: Mapping[str, Pack]) -> bool:
    """Whether a draft was solved from facts that have changed since. Its own release does not count."""
    if plan.draft is None:
        return False
    try:
        view = view_of(facts, community, before=plan.request)
        problem = build_problem(view, plan.programme, packs, include_maybe=plan.include_maybe)
    except (SchedulerError, ValueError):
        return True
    return problem.digest() != plan.draft.problem_digest


def show_release(facts: Facts, community: str, question: AskRelease) -> ReleaseShown:
    if question.number is None:
        release = last_release(facts, community, question.programme)
    else:
        release = facts.state(RELEASE, Release, community, question.programme, str(question.number))
    return ReleaseShown(release=release.model_copy(update={"applied": ()}) if release is not None else None)


def show_attendance(facts: Facts, community: str, question: AskAttendance) -> Attendance:
    release = last_release(facts, community, question.programme)
    if release is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "programme", "has no release yet", "a programme that was released")
    return attendance(view_of(facts, community), release)
