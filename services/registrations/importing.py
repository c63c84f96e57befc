"""Bulk imports: many people in few atomic batches; a row that cannot be stored costs no other row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey, register
from services.registrations.decisions.statements import replace_windows
from shared.bus.executing import refresh, refuse_when_full, too_large
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import ConflictError, FactTooLargeError
from shared.contract.catalogue import AFFILIATION, AVAILABILITY, COMMUNITY, CONTACT
from shared.contract.commands.registrations import ImportPeople, PeopleImported, PersonRow, RowResult
from shared.contract.facts.registrations import Community
from shared.contract.results import FieldError, Rejection
from shared.contract.validation import field_errors

# The word of an import that is nobody's calendar.
_SOURCE = "import"
# How often a single row is tried when others change the same entities.
_TRIES = 4
# The outcome of a whole import must fit one message.
_ERRORS_PER_ROW = 4


@dataclass(frozen=True)
class _Row:
    number: int
    person: PersonRow


class PeopleImporter:
    """Imports people with their availability."""

    def __init__(self, runtime: Runtime, keys: AddressKey) -> None:
        self._runtime = runtime
        self._keys = keys

    async def execute(self, request: Request, command: ImportPeople) -> PeopleImported:
        """The outcome of every row. Raises Rejection when the whole import is refused."""
        refuse_when_full(self._runtime)
        self._ledger(request).require(COMMUNITY, Community, "community", request.community)
        results: dict[int, RowResult] = {}
        rows = []
        for number, raw in enumerate(command.people):
            row = _read(number, raw)
            if isinstance(row, RowResult):
                results[number] = row
            else:
                rows.append(row)
        await self._store(request, rows, results)
        return PeopleImported(seq=self._seq(request, rows), rows=tuple(results[number] for number in sorted(results)))

    async def _store(
        self, request: Request, rows: list[_Row], results: dict[int, RowResult], tries: int = _TRIES
    ) -> None:
        """Store rows in one batch; when it is refused, in halves, down to single rows."""
        ledger = self._ledger(request)
        accepted = [row for row in rows if self._decide(ledger, request, row, results)]
        if not ledger.writes:
            return
        try:
            await self._runtime.store.append(request.cause, ledger.writes)
        except ConflictError as conflict:
            await refresh(self._runtime, ledger.writes)
            problem = _changed(conflict) if tries == 1 else None
        except FactTooLargeError:
            problem = too_large() if len(accepted) == 1 else None
        else:
            return
        if problem is not None:
            for row in accepted:
                results[row.number] = _rejected(row.number, row.person.person, [problem])
            return
        middle = (len(accepted) + 1) // 2
        tries_left = tries - 1 if len(accepted) == 1 else tries
        await self._store(request, accepted[:middle], results, tries_left)
        await self._store(request, accepted[middle:], results, tries_left)

    def _seq(self, request: Request, rows: list[_Row]) -> int:
        """The highest sequence that holds any of these people now."""
        refs = (
            kind.ref(request.community, row.person.person)
            for row in rows
            for kind in (CONTACT, AFFILIATION, AVAILABILITY)
        )
        stored = (self._runtime.facts.get(ref) for ref in refs)
        return max((each.seq for each in stored if each is not None), default=0)

    def _ledger(self, request: Request) -> Ledger:
        return Ledger(self._runtime.facts, request.community, self._runtime.bus.clock.now())

    def _decide(self, ledger: Ledger, request: Request, row: _Row, results: dict[int, RowResult]) -> bool:
        person = row.person
        results[row.number] = RowResult(row=row.number, person=person.person, status="accepted")
        if self._applied_before(request, person):
            return False
        kept = len(ledger.writes)
        try:
            register(ledger, person, request.actor, self._keys)
            if person.windows:
                replace_windows(ledger, person.person, request.actor.source(_SOURCE), person.windows)
        except Rejection as rejection:
            del ledger.writes[kept:]
            results[row.number] = _rejected(row.number, person.person, list(rejection.errors))
            return False
        return True

    def _applied_before(self, request: Request, person: PersonRow) -> bool:
        """Whether this very import stored the person already; what others changed since then stays."""
        stored = self._runtime.facts.get(CONTACT.ref(request.community, person.person))
        return stored is not None and request.cause.digest in stored.state.applied


def _read(number: int, raw: dict[str, Any]) -> _Row | RowResult:
    try:
        # The row is JSON: what JSON cannot say otherwise (dates, instants) is text.
        return _Row(number, PersonRow.model_validate(raw))
    except ValidationError as error:
        return _rejected(number, None, list(field_errors(PersonRow, error)[:_ERRORS_PER_ROW]))


def _rejected(number: int, person: str | None, errors: list[FieldError]) -> RowResult:
    return RowResult(row=number, person=person, status="rejected", errors=tuple(each.model_dump() for each in errors))


def _changed(conflict: ConflictError) -> FieldError:
    return FieldError(field=conflict.ref.entity, problem="was changed at the same time", allowed="the same row again")
