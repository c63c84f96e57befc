"""Questions about a plan that need its problem: why, what if, what else. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from services.scheduler.building import build_problem
from services.scheduler.compiling import Compiled, compile_problem
from services.scheduler.errors import SchedulerError, UnknownProgrammeError
from services.scheduler.explaining.alternatives import alternatives
from services.scheduler.explaining.changing import ImpossibleChangeError
from services.scheduler.explaining.explain import explained
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.situation import (
    ImpossibleStartError,
    Situation,
    UnknownRoomError,
    UnknownSessionError,
)
from services.scheduler.explaining.what_if import what_if
from services.scheduler.exports.edition import Venue, titled
from services.scheduler.exports.printable import printable
from services.scheduler.exports.released import part_of
from services.scheduler.exports.sentences import places
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.plans import last_release
from services.scheduler.problem import Problem
from services.scheduler.view import PlanningView, view_of
from shared.bus.facts import Facts
from shared.contract.catalogue import PLAN, PROPOSAL, ROOM
from shared.contract.commands.explaining import (
    Alternatives,
    AskAlternatives,
    AskExplanation,
    AskWhatIf,
    Explanation,
    PlanBasis,
    WhatIf,
)
from shared.contract.facts.registrations import Proposal, Room
from shared.contract.facts.scheduler import Placement, Plan
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service

Question = AskExplanation | AskWhatIf | AskAlternatives
MOST_KEPT = 8
FIELDS: dict[type[SchedulerError], str] = {
    UnknownProgrammeError: "programme",
    UnknownSessionError: "session",
    UnknownRoomError: "room",
    ImpossibleStartError: "start",
    ImpossibleChangeError: "change",
}


@dataclass
class Asking:
    """Answers questions from the view. Compiled problems are kept for as long as the facts behind them stay."""

    facts: Facts
    packs: Mapping[str, Pack]
    _kept: dict[tuple[object, ...], Compiled] = field(default_factory=dict)

    async def answer(self, community: str, question: Question, now: datetime) -> Explanation | WhatIf | Alternatives:
        """The answer, worked out in a thread. Raises Rejection."""
        basis, placements = self._plan(community, question)
        names = self._names(community, question.programme)
        with_maybe = basis is PlanBasis.DRAFT and self._drafted_with_maybe(community, question.programme)
        key = (*self._key(community, question.programme, now), with_maybe)
        try:
            compiled = self._kept.get(key)
            if compiled is None:
                view = view_of(self.facts, community)
                build = partial(build_problem, asked_at=now, include_maybe=with_maybe)
                compiled = await asyncio.to_thread(_compiled, build, view, question.programme, self.packs)
                self._keep(key, compiled)
            zoned = Names(compiled.problem.zone, names.sessions, names.rooms)
            situation = Situation.of(compiled, placements)
            return await asyncio.to_thread(answered, situation, question, basis, zoned)
        except SchedulerError as error:
            place = FIELDS.get(type(error), "programme")
            raise Rejection.of(RejectionCode.UNKNOWN, place, str(error), "what the programme has") from None

    def _drafted_with_maybe(self, community: str, programme: str) -> bool:
        plan = self.facts.state(PLAN, Plan, community, programme)
        return plan is not None and plan.include_maybe

    def _key(self, community: str, programme: str, now: datetime) -> tuple[object, ...]:
        """What a compiled problem rests on: all facts of registrations, the last release, and the hour."""
        release = last_release(self.facts, community, programme)
        hour = now.replace(minute=0, second=0, microsecond=0)
        seq = self.facts.last_seq(Service.REGISTRATIONS)
        return community, programme, seq, release.number if release else 0, hour

    def _keep(self, key: tuple[object, ...], compiled: Compiled) -> None:
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = compiled

    def _plan(self, community: str, question: Question) -> tuple[PlanBasis, tuple[Placement, ...]]:
        """The draft or the release that is asked about. Raises Rejection."""
        plan = self.facts.state(PLAN, Plan, community, question.programme)
        if question.basis is not PlanBasis.RELEASE and plan is not None and plan.draft is not None:
            return PlanBasis.DRAFT, plan.draft.placements
        release = last_release(self.facts, community, question.programme)
        if question.basis is not PlanBasis.DRAFT and release is not None:
            return PlanBasis.RELEASE, release.placements
        wanted = question.basis or "draft and no release"
        raise Rejection.of(
            RejectionCode.UNKNOWN, "programme", f"has no {wanted} yet", "a programme that was solved or released"
        )

    def _names(self, community: str, programme: str) -> Names:
        proposals = self.facts.states(PROPOSAL, Proposal, community).values()
        titles = {
            session: titled(printable(proposal.title), part_of(proposal, session))
            for proposal in proposals
            if proposal.programme == programme
            for session in proposal.sessions()
        }
        rooms = self.facts.states(ROOM, Room, community).values()
        return Names("UTC", titles, places(Venue(one.room, printable(one.name), printable(one.site)) for one in rooms))


def _compiled(
    build: Callable[[PlanningView, str, Mapping[str, Pack]], Problem],
    view: PlanningView,
    programme: str,
    packs: Mapping[str, Pack],
) -> Compiled:
    return compile_problem(build(view, programme, packs), keep_published=False)


def answered(
    situation: Situation, question: Question, basis: PlanBasis, names: Names
) -> Explanation | WhatIf | Alternatives:
    """The answer to a question about this plan. Raises ``SchedulerError``."""
    match question:
        case AskExplanation():
            return _explanation(situation, question, basis, names)
        case AskWhatIf():
            return _what_if(situation, question, basis, names)
        case AskAlternatives():
            return _alternatives(situation, question, basis, names)


def _explanation(situation: Situation, question: AskExplanation, basis: PlanBasis, names: Names) -> Explanation:
    found = explained(situation, question.session, names, start=question.start, room=question.room)
    return Explanation(
        programme=question.programme,
        session=question.session,
        basis=basis,
        verdict=found.verdict,
        sentence=found.sentence,
        conflicts=found.conflicts,
        repairs=found.repairs,
        comparisons=found.comparisons,
        proven=found.proven,
    )


def _what_if(situation: Situation, question: AskWhatIf, basis: PlanBasis, names: Names) -> WhatIf:
    found = what_if(situation, question.change, names)
    return WhatIf(
        programme=question.programme,
        basis=basis,
        sentence=found.sentence,
        costs=found.costs,
        rules=found.differences,
        broken=found.broken,
        moves=found.moves,
        without_place=found.without_place,
        people=found.people,
    )


def _alternatives(situation: Situation, question: AskAlternatives, basis: PlanBasis, names: Names) -> Alternatives:
    found = alternatives(situation, names, count=question.count, differ=question.differ, seconds=question.seconds).plans
    plans = "1 other plan" if len(found) == 1 else f"{len(found)} other plans"
    placements = "1 placement" if question.differ == 1 else f"{question.differ} placements"
    fewer = "" if len(found) == question.count else "; the rules or the time left no more"
    sentence = f"{plans}, any two of which differ in at least {placements}{fewer}."
    return Alternatives(programme=question.programme, basis=basis, plans=found, sentence=sentence)
