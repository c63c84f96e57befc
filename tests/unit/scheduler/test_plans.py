"""What may become of a plan: requested, cancelled, drafted or failed, released once."""

from __future__ import annotations

from typing import Any

import pytest

from services.scheduler.plans import cancel_plan, finish_plan, last_release, publish_release, request_plan
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import FACTS, PLAN
from shared.contract.commands.scheduler import CancelPlan, PublishRelease, RequestPlan
from shared.contract.facts.registrations import Programme, Proposal
from shared.contract.facts.scheduler import BrokenRule, Draft, Plan, PlanMode, PlanStatus, Release
from shared.contract.message import Fact
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import FactSubject

PROGRAMME = Programme.model_validate(Programme.example | {"programme": "spring", "zone": "Asia/Dubai"})
REQUEST = RequestPlan(programme="spring", at_least_seq=7, mode=PlanMode.FEW_MOVES)
DRAFT = Draft.model_validate(Plan.example["draft"])


def plan(status: PlanStatus = PlanStatus.REQUESTED, request: str = "r-1", **other: Any) -> Plan:
    return Plan(programme="spring", status=status, request=request, at_least_seq=0, **other)


def drafted(request: str = "r-1") -> Plan:
    return plan(PlanStatus.DRAFTED, request, draft=DRAFT)


def released(number: int, request: str) -> Release:
    return Release.model_validate(Release.example | {"programme": "spring", "number": number, "request": request})


def known(*states: Fact) -> Facts:
    facts = Facts()
    for seq, state in enumerate((PROGRAMME, *states), start=1):
        kind = next(each for each in FACTS if each.model is type(state))
        ref = kind.ref("northgate", *(str(getattr(state, name)) for name in kind.ids))
        facts.apply(FactSubject(ref, kind.whats[0]), state, seq)
    return facts


def publish(facts: Facts, request: str = "r-1", *, outdated: bool = False, accept: bool = False) -> list[Write]:
    command = PublishRelease(programme="spring", request=request, accept_outdated=accept)
    return publish_release(facts, "northgate", command, outdated=outdated)


def blocked() -> Plan:
    broken = BrokenRule(rule="no-friday", sentence="No Fridays (rule ...)", cost=60, count=2, sessions=("a",))
    return plan(PlanStatus.DRAFTED, draft=DRAFT.model_copy(update={"blocking": (broken,)}))


def test_a_draft_that_breaks_a_blocking_rule_is_refused_with_the_rule_and_the_sessions() -> None:
    assert "breaks a rule which blocks its release (a, ...): No Fridays (rule ...)" in refusal(known(blocked()))


def test_a_blocked_draft_is_released_by_somebody_who_says_so() -> None:
    command = PublishRelease(programme="spring", request="r-1", accept_blocked=True)
    [write] = publish_release(known(blocked()), "northgate", command, outdated=False)
    assert write.what == "published"


def refusal(facts: Facts, request: str = "r-1", *, outdated: bool = False) -> str:
    with pytest.raises(Rejection) as refused:
        publish(facts, request, outdated=outdated)
    assert refused.value.code is RejectionCode.CONFLICT
    assert [error.field for error in refused.value.errors] == ["request"]
    return str(refused.value)


def with_maybe(status: str) -> Facts:
    (placement,) = DRAFT.placements
    placed = Proposal.model_validate(
        Proposal.example | {"proposal": placement.proposal, "programme": "spring", "status": status}
    )
    return known(drafted().model_copy(update={"include_maybe": True}), placed)


@pytest.mark.parametrize("accept", [True, False])
def test_a_draft_that_places_a_maybe_is_never_released(accept: bool) -> None:
    with pytest.raises(Rejection, match="only a maybe: retrieval-practice"):
        publish(with_maybe("maybe"), outdated=accept, accept=accept)


def test_once_what_was_a_maybe_is_accepted_its_draft_is_released() -> None:
    [write] = publish(with_maybe("accepted"))
    assert write.what == "published"


def test_a_request_for_what_may_be_says_so_in_its_plan() -> None:
    [write] = request_plan(known(), "northgate", REQUEST.model_copy(update={"include_maybe": True}), "r-1")
    assert isinstance(write.state, Plan)
    assert write.state.include_maybe


def test_a_request_says_what_to_solve_and_how() -> None:
    [write] = request_plan(known(), "northgate", REQUEST, "r-1")
    assert (write.ref, write.what, write.expected_seq) == (PLAN.ref("northgate", "spring"), "requested", 0)
    assert write.state == plan(mode=PlanMode.FEW_MOVES).model_copy(update={"at_least_seq": 7})


def test_a_newer_request_takes_the_place_of_any_plan_and_leaves_no_draft_behind() -> None:
    for before in (plan(), drafted(), plan(PlanStatus.CANCELLED, problem="x"), plan(PlanStatus.FAILED, problem="x")):
        facts = known(before.model_copy(update={"applied": ("earlier",)}))
        [write] = request_plan(facts, "northgate", REQUEST, "r-2")
        assert isinstance(write.state, Plan)
        assert (write.state.request, write.state.draft, write.state.problem) == ("r-2", None, None)
        assert (write.state.applied, write.expected_seq) == (("earlier",), 2)


def test_a_plan_for_a_programme_that_nobody_announced_is_refused() -> None:
    with pytest.raises(Rejection) as refused:
        request_plan(Facts(), "northgate", REQUEST, "r-1")
    assert refused.value.code is RejectionCode.UNKNOWN
    assert [error.field for error in refused.value.errors] == ["programme"]


def test_a_running_solve_is_cancelled() -> None:
    [write] = cancel_plan(known(plan()), "northgate", CancelPlan(programme="spring"))
    assert isinstance(write.state, Plan)
    assert (write.what, write.state.problem) == ("cancelled", "cancelled on request")


@pytest.mark.parametrize("states", [(), (drafted(),), (plan(PlanStatus.FAILED),), (plan(PlanStatus.CANCELLED),)])
def test_what_is_not_being_solved_cannot_be_cancelled(states: tuple[Plan, ...]) -> None:
    with pytest.raises(Rejection, match="programme is not being solved"):
        cancel_plan(known(*states), "northgate", CancelPlan(programme="spring"))


def test_a_solve_ends_in_a_draft_or_in_words() -> None:
    [draft] = finish_plan(known(plan()), "northgate", plan(), DRAFT)
    [failure] = finish_plan(known(plan()), "northgate", plan(), "the policy pack is not known")
    assert draft.state == drafted()
    assert failure.state == plan(PlanStatus.FAILED, problem="the policy pack is not known")
    assert (draft.what, failure.what) == ("drafted", "failed")


@pytest.mark.parametrize("now", [plan(request="r-2"), drafted(), plan(PlanStatus.CANCELLED), drafted("r-2")])
def test_a_solve_that_nobody_waits_for_any_more_changes_nothing(now: Plan) -> None:
    assert finish_plan(known(now), "northgate", plan(), DRAFT) == []
    assert finish_plan(known(), "northgate", plan(), DRAFT) == []


def test_a_draft_becomes_the_next_release_in_the_programmes_zone() -> None:
    [first] = publish(known(drafted()))
    [third] = publish(known(released(1, "r-7"), released(2, "r-8"), drafted()))
    assert isinstance(first.state, Release)
    assert (first.ref.ids, third.ref.ids) == (("spring", "1"), ("spring", "3"))
    assert (first.expected_seq, third.expected_seq) == (0, 0)
    assert (first.state.placements, first.state.zone, first.state.input_seq) == (DRAFT.placements, "Asia/Dubai", 412)


def test_the_same_draft_is_released_once() -> None:
    assert publish(known(drafted(), released(1, "r-1"))) == []
    assert publish(known(drafted(), released(1, "r-1")), outdated=True) == []


@pytest.mark.parametrize("states", [(), (plan(),), (drafted("r-2"),), (plan(PlanStatus.FAILED),)])
def test_only_the_draft_that_is_shown_is_released(states: tuple[Plan, ...]) -> None:
    assert "is not the present draft" in refusal(known(*states))


def test_an_outdated_draft_is_released_only_when_that_is_accepted() -> None:
    assert "facts that have changed since" in refusal(known(drafted()), outdated=True)
    assert len(publish(known(drafted()), outdated=True, accept=True)) == 1


def test_the_last_release_is_the_one_with_the_highest_number_of_its_programme() -> None:
    other = released(30, "r-9").model_copy(update={"programme": "autumn"})
    facts = known(*(released(number, f"r-{number}") for number in (9, 10, 2)), other)
    last = last_release(facts, "northgate", "spring")
    assert last is not None
    assert last.number == 10
    assert last_release(facts, "northgate", "summer") is None
