"""Rows of a bulk import, stored in few atomic batches; a row that cannot be stored costs no other row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from services.registrations.decisions.ledger import Ledger
from shared.bus.background import in_turns
from shared.bus.batch import MAX_BATCH
from shared.bus.executing import refresh, too_large
from shared.bus.rehearsal import effect_of
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import ConflictError, FactTooLargeError, Write
from shared.contract.authority import ActorKind
from shared.contract.commands.checking import Effect
from shared.contract.commands.registrations import RowResult
from shared.contract.results import FieldError, Rejection
from shared.contract.validation import field_errors

# A thousand rows at once would hold up everybody else's questions.
_ROWS_IN_A_TURN = 50
# How often a single row is tried when others change the same entities.
_TRIES = 4
# The outcome of a whole import must fit one message.
_ERRORS_PER_ROW = 4


class AboutPerson(Protocol):
    """What a row says, and of whom."""

    @property
    def person(self) -> str: ...


M = TypeVar("M", bound=BaseModel)
V = TypeVar("V", bound=AboutPerson)


@dataclass(frozen=True)
class Row(Generic[V]):
    """One well-formed row and its place in the command, from 0."""

    number: int
    value: V


class Outcomes:
    """What has become of each row so far."""

    def __init__(self) -> None:
        self._results: dict[int, RowResult] = {}

    def accept(self, number: int, person: str, effect: Effect | None = None) -> None:
        self._results[number] = RowResult.model_construct(
            row=number, person=person, status="accepted", errors=(), effect=effect
        )

    def reject(self, number: int, person: str | None, errors: Iterable[FieldError]) -> None:
        told = tuple(each.model_dump() for each in errors)
        self._results[number] = RowResult(row=number, person=person, status="rejected", errors=told)

    def accepted(self) -> Iterator[tuple[int, str]]:
        """The numbers of the rows that are accepted, and of whom they are."""
        return ((number, str(each.person)) for number, each in self._results.items() if each.status == "accepted")

    def in_order(self) -> tuple[RowResult, ...]:
        return tuple(self._results[number] for number in sorted(self._results))


def read_rows(model: type[M], raw: Iterable[dict[str, Any]], outcomes: Outcomes) -> list[tuple[int, M]]:
    """The well-formed rows with their numbers; the others are rejected in ``outcomes``."""
    found = []
    for number, each in enumerate(raw):
        try:
            # The row is JSON: what JSON cannot say otherwise (dates, instants) is text.
            found.append((number, model.model_validate(each)))
        except ValidationError as error:
            outcomes.reject(number, None, field_errors(model, error)[:_ERRORS_PER_ROW])
    return found


class RowStore(Generic[V]):
    """Stores rows by the decision that one row is.

    ``decide`` collects its writes, gives the id of the person whom it is about, and raises Rejection.
    """

    def __init__(self, runtime: Runtime, decide: Callable[[Ledger, Request, V], str]) -> None:
        self._runtime = runtime
        self._decide = decide

    async def store(self, request: Request, rows: list[Row[V]], outcomes: Outcomes, tries: int = _TRIES) -> None:
        """Store rows in one batch; when it is refused or too large, in halves, down to single rows."""
        ledger = Ledger(self._runtime.facts, request.community, self._runtime.bus.clock.now())
        turns = in_turns(rows, every=_ROWS_IN_A_TURN)
        accepted = [row async for row in turns if self._accepts(ledger, request, row, outcomes)]
        if not ledger.writes:
            return
        problem = None
        try:
            if len(ledger.writes) <= MAX_BATCH or len(accepted) == 1:
                await self._runtime.store.append(request.cause, ledger.writes)
                return
        except ConflictError as conflict:
            await refresh(self._runtime, ledger.writes)
            problem = _changed(conflict) if tries == 1 else None
        except FactTooLargeError:
            problem = too_large() if len(accepted) == 1 else None
        if problem is not None:
            for row in accepted:
                outcomes.reject(row.number, row.value.person, [problem])
            return
        middle = (len(accepted) + 1) // 2
        tries_left = tries - 1 if len(accepted) == 1 else tries
        await self.store(request, accepted[:middle], outcomes, tries_left)
        await self.store(request, accepted[middle:], outcomes, tries_left)

    def _accepts(self, ledger: Ledger, request: Request, row: Row[V], outcomes: Outcomes) -> bool:
        kept = len(ledger.writes)
        try:
            person = self._decide(ledger, request, row.value)
        except Rejection as rejection:
            ledger.take_back(kept)
            outcomes.reject(row.number, row.value.person, rejection.errors)
            return False
        outcomes.accept(row.number, person, self._effect(request, person, ledger.writes[kept:]))
        return True

    def _effect(self, request: Request, person: str, writes: list[Write]) -> Effect | None:
        about = [write for write in writes if write.ref.ids[0] == person]
        return effect_of(about) if request.actor.kind is ActorKind.ORGANISER else None


def _changed(conflict: ConflictError) -> FieldError:
    return FieldError(field=conflict.ref.entity, problem="was changed at the same time", allowed="the same row again")
