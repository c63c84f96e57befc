"""Decisions about plans and releases: request, cancel, publish. Pure; no I/O."""

from __future__ import annotations

from datetime import datetime

from services.scheduler.exports.difference import difference
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import PLAN, PROGRAMME, PROPOSAL, RELEASE, FactKind
from shared.contract.commands.scheduler import CancelPlan, PublishRelease, RequestPlan
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.facts.scheduler import BrokenRule, Draft, Plan, PlanStatus, Release, newest_releases
from shared.contract.message import Fact
from shared.contract.results import FieldError, Rejection, RejectionCode


def request_plan(facts: Facts, community: str, command: RequestPlan, request_id: str) -> list[Write]:
    """A programme's plan becomes a request. A solve that is running for an earlier one is given up."""
    _programme(facts, community, command.programme)
    plan = Plan(
        programme=command.programme,
        status=PlanStatus.REQUESTED,
        request=request_id,
        at_least_seq=command.at_least_seq,
        limits=command.limits,
        mode=command.mode,
        disturbance=command.disturbance,
        include_maybe=command.include_maybe,
    )
    return [_write(facts, PLAN, community, (command.programme,), PlanStatus.REQUESTED, plan)]


def cancel_plan(facts: Facts, community: str, command: CancelPlan) -> list[Write]:
    """Stop a solve that has not ended. A draft stays; there is nothing to cancel."""
    plan = facts.state(PLAN, Plan, community, command.programme)
    if plan is None or plan.status is not PlanStatus.REQUESTED:
        raise Rejection.of(
            RejectionCode.CONFLICT, "programme", "is not being solved", "a programme whose plan is requested"
        )
    cancelled = plan.model_copy(update={"status": PlanStatus.CANCELLED, "problem": "cancelled on request"})
    return [_write(facts, PLAN, community, (command.programme,), PlanStatus.CANCELLED, cancelled)]


def finish_plan(facts: Facts, community: str, request: Plan, outcome: Draft | str) -> list[Write]:
    """A request becomes a draft, or failed with the problem in words. Nothing when it is no longer the last plan."""
    current = facts.state(PLAN, Plan, community, request.programme)
    if current is None or current.request != request.request or current.status is not PlanStatus.REQUESTED:
        return []
    if isinstance(outcome, Draft):
        finished = current.model_copy(update={"status": PlanStatus.DRAFTED, "draft": outcome})
    else:
        finished = current.model_copy(update={"status": PlanStatus.FAILED, "problem": outcome})
    return [_write(facts, PLAN, community, (request.programme,), finished.status, finished)]


def publish_release(
    facts: Facts, community: str, command: PublishRelease, *, outdated: bool, at: datetime | None = None
) -> list[Write]:
    """A draft becomes the next release, published ``at`` that instant. One that was released before changes nothing."""
    plan = facts.state(PLAN, Plan, community, command.programme)
    if plan is None or plan.draft is None or plan.request != command.request:
        raise Rejection.of(
            RejectionCode.CONFLICT, "request", "is not the present draft", "the request of the draft that is shown"
        )
    last = last_release(facts, community, command.programme)
    if last is not None and last.request == command.request:
        return []
    if outdated and not command.accept_outdated:
        allowed = "a draft solved from the present facts; or accept_outdated"
        raise Rejection.of(RejectionCode.CONFLICT, "request", "was solved from facts that have changed since", allowed)
    if undecided := _undecided(facts, community, plan.draft):
        raise Rejection(RejectionCode.CONFLICT, *undecided)
    if plan.draft.blocking and not command.accept_blocked:
        raise Rejection(RejectionCode.CONFLICT, *map(_blocks, plan.draft.blocking))
    number = last.number + 1 if last is not None else 1
    release = Release(
        programme=command.programme,
        number=number,
        request=plan.request,
        zone=_programme(facts, community, command.programme).zone,
        placements=plan.draft.placements,
        unplaced=plan.draft.unplaced,
        totals=plan.draft.totals,
        problem_digest=plan.draft.problem_digest,
        input_seq=plan.draft.input_seq,
        published_at=at,
        note=command.note,
    )
    release = release.model_copy(update={"changes": difference(last, release).counts})
    return [Write(RELEASE.ref(community, command.programme, str(number)), "published", release, 0)]


def _undecided(facts: Facts, community: str, draft: Draft) -> tuple[FieldError, ...]:
    """The proposals of a draft that are still a maybe. Nothing is published that nobody has accepted."""
    placed = sorted({each.proposal for each in draft.placements})
    proposals = {name: facts.state(PROPOSAL, Proposal, community, name) for name in placed}
    return tuple(
        FieldError(
            field="request",
            problem=f"is a draft that places a proposal which is only a maybe: {name}",
            allowed="a draft whose proposals are accepted; accept it, or solve without those that are a maybe",
        )
        for name, proposal in proposals.items()
        if proposal is not None and proposal.status is ProposalStatus.MAYBE
    )


def _blocks(broken: BrokenRule) -> FieldError:
    sessions = ", ".join(broken.sessions) + (", ..." if broken.count > len(broken.sessions) else "")
    return FieldError(
        field="request",
        problem=f"is a draft that breaks a rule which blocks its release ({sessions}): {broken.sentence}",
        allowed="a draft that keeps the rule; or accept_blocked",
    )


def last_release(facts: Facts, community: str, programme: str) -> Release | None:
    """The release with the highest number."""
    return newest_releases(facts.states(RELEASE, Release, community).values()).get(programme)


def _programme(facts: Facts, community: str, programme: str) -> Programme:
    found = facts.state(PROGRAMME, Programme, community, programme)
    if found is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "programme", "names no programme here", "the id of a programme")
    return found


def _write(facts: Facts, kind: FactKind, community: str, ids: tuple[str, ...], what: str, state: Fact) -> Write:
    ref = kind.ref(community, *ids)
    stored = facts.get(ref)
    if stored is None:
        return Write(ref, what, state, 0)
    return Write(ref, what, state.model_copy(update={"applied": stored.state.applied}), stored.seq)
