"""Who could take a seat in which session, and in which order seats are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.registrations.seats.draws import seed_of_release, ticket
from services.registrations.seats.inputs import SeatingInputs
from shared.contract.facts.scheduler import Placement
from shared.contract.facts.seats import WaitingOrder
from shared.contract.values import Answer, InterestLevel

_ANSWER_RANK = {Answer.YES: 0, None: 1, Answer.IF_NEED_BE: 2}
_LEVEL_RANK = {InterestLevel.COMING: 0, InterestLevel.INTERESTED: 1}
_ENROLLED = 2


@dataclass(frozen=True, order=True)
class Wish:
    """A person who could take a seat; the order is the order in which seats are given."""

    is_new: bool
    rank: int
    level: int
    answer: int
    ticket: str
    session: str
    person: str


class Wishes:
    """The wishes for some sessions of a release."""

    def __init__(self, inputs: SeatingInputs) -> None:
        self._inputs = inputs
        self._seed = seed_of_release(inputs.draws, inputs.release.number)

    def kept(self, placement: Placement) -> Iterator[Wish]:
        """Who sits there already and still can: also when the session has moved."""
        seating = self._inputs.seatings.get(placement.session)
        for person in seating.people if seating is not None else ():
            answer = self._inputs.answer(placement, person)
            if answer is Answer.NO and not self._inputs.insists(placement, person):
                continue
            if not self._inputs.is_not_for(placement, person) and not self._inputs.declines(placement, person):
                interest = self._inputs.interests.get((person, placement.proposal))
                level = _LEVEL_RANK.get(interest.level, 0) if interest is not None else 0
                yield self._wish(placement, person, level, answer, is_new=False)

    def interested(self, placements: Mapping[str, Placement]) -> Iterator[Wish]:
        """Who said that they want to come, and who is enrolled, as far as they can come."""
        sessions: dict[str, list[Placement]] = {}
        for placement in placements.values():
            sessions.setdefault(placement.proposal, []).append(placement)
        if not sessions:
            return
        for (person, proposal), interest in self._inputs.interests.items():
            level = _LEVEL_RANK.get(interest.level)
            if proposal in sessions and level is not None:
                yield from self._able(sessions[proposal], person, level)
        for person in self._inputs.enrolled:
            for proposal, its_sessions in sessions.items():
                if (person, proposal) not in self._inputs.interests:
                    yield from self._able(its_sessions, person, _ENROLLED)

    def accepting(self, placements: Mapping[str, Placement]) -> Iterator[Wish]:
        """Who said that they come, at this very time: that counts more than what they had said of their time before."""
        for person, session in self._inputs.replies:
            placement = placements.get(session)
            if placement is not None and self._inputs.comes(placement, person):
                yield self._wish(placement, person, _LEVEL_RANK[InterestLevel.COMING], Answer.YES)

    def _able(self, placements: list[Placement], person: str, level: int) -> Iterator[Wish]:
        for placement in placements:
            if self._inputs.is_drop_in(placement) and level != _LEVEL_RANK[InterestLevel.COMING]:
                continue
            if self._inputs.let_go_at(placement, person) is not None:
                continue
            answer = self._inputs.answer(placement, person)
            if answer is not Answer.NO and not self._inputs.declines(placement, person):
                yield self._wish(placement, person, level, answer)

    def _wish(
        self, placement: Placement, person: str, level: int, answer: Answer | None, *, is_new: bool = True
    ) -> Wish:
        by_lot = self._inputs.policy.waiting is WaitingOrder.LOTTERY and self._seed is not None
        return Wish(
            is_new=is_new,
            rank=self._inputs.rank_of(person) if self._inputs.policy.waiting is WaitingOrder.PRIORITY else 0,
            level=level,
            answer=_ANSWER_RANK.get(answer, 1),
            ticket=ticket(self._seed or "", self._inputs.policy, placement.session, person) if by_lot else "",
            session=placement.session,
            person=person,
        )
