"""What the front desk asks registrations: public names, and what a person's own page shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.contract.authority import person_actor
from shared.contract.commands.registrations import AskNames, AskPerson, Names, OwnPage
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.links import LinkClaims, LinkError

# Seconds. A page can be shown without names, so it waits for them less long than for its contents.
_PATIENCE = 1.5
_PATIENCE_FOR_NAMES = 1.0
_KEEP_NAMES = 30.0
_ASK_AGAIN = 5.0
_PEOPLE_PER_QUESTION = 1000


class UnavailableError(Exception):
    """Registrations does not answer."""


class People:
    """Asks registrations about people. Names are kept for 30 s, so that a busy page is one question."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._kept: dict[_Question, asyncio.Task[_Answer]] = {}

    async def names(self, community: str, people: Iterable[str]) -> Mapping[str, str] | None:
        """Names of those who let the programme show theirs; None when registrations does not answer."""
        question = _Question(community, tuple(sorted(set(people))))
        self._forget_outdated()
        task = self._kept.get(question)
        if task is None:
            task = self._kept[question] = asyncio.create_task(self._ask_names(question), name="names")
        # Many readers wait for one answer; the one who leaves must not take it from the others.
        return (await asyncio.shield(task)).names

    async def own_page(self, claims: LinkClaims) -> OwnPage:
        """What the holder of a link may see. Raises LinkError when it was revoked, UnavailableError."""
        question = AskPerson(person=claims.person, generation=claims.generation)
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._requester(claims.community, person_actor(claims.person)).ask(
                    Service.REGISTRATIONS, question, OwnPage
                )
        except Rejection as rejection:
            if rejection.code is RejectionCode.UNKNOWN:
                raise LinkError("this link was revoked") from rejection
            raise UnavailableError from rejection
        except (UnreachableError, TimeoutError) as error:
            raise UnavailableError from error

    async def _ask_names(self, question: _Question) -> _Answer:
        requester = self._requester(question.community)
        names: dict[str, str] = {}
        try:
            async with asyncio.timeout(_PATIENCE_FOR_NAMES):
                for people in _portions(question.people):
                    answer = await requester.ask(Service.REGISTRATIONS, AskNames(people=people), Names)
                    names |= answer.names
        except (Rejection, UnreachableError, TimeoutError):
            return _Answer(None, _now() + _ASK_AGAIN)
        return _Answer(names, _now() + _KEEP_NAMES)

    def _requester(self, community: str, actor: str | None = None) -> Requester:
        return Requester(self._bus, community, actor, patience=_PATIENCE)

    def _forget_outdated(self) -> None:
        now = _now()
        self._kept = {
            question: task
            for question, task in self._kept.items()
            if not task.done() or (task.exception() is None and task.result().until > now)
        }


@dataclass(frozen=True)
class _Question:
    community: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class _Answer:
    names: Mapping[str, str] | None
    until: float


def _portions(people: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    rest = iter(people)
    while portion := tuple(islice(rest, _PEOPLE_PER_QUESTION)):
        yield portion


def _now() -> float:
    return asyncio.get_running_loop().time()
