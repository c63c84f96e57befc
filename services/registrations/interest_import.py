"""Bulk imports of interests."""

from __future__ import annotations

from services.registrations.decisions.externals import with_person
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.statements import state_interest
from services.registrations.rows import Outcomes, Row, RowStore, read_rows
from shared.bus.executing import refuse_when_full
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.contract.catalogue import COMMUNITY, INTEREST
from shared.contract.commands.interests import ImportInterests, InterestRow, InterestsImported
from shared.contract.commands.registrations import StateInterest
from shared.contract.facts.registrations import Community


class InterestImporter:
    """Imports what people want to come to."""

    def __init__(self, runtime: Runtime, keys: AddressKey) -> None:
        self._runtime = runtime
        self._keys = keys
        self._rows: RowStore[InterestRow] = RowStore(runtime, self._decide)

    async def execute(self, request: Request, command: ImportInterests) -> InterestsImported:
        """The outcome of every row. Raises Rejection when the whole import is refused."""
        refuse_when_full(self._runtime)
        ledger = Ledger(self._runtime.facts, request.community, self._runtime.bus.clock.now())
        ledger.require(COMMUNITY, Community, "community", request.community)
        outcomes = Outcomes()
        rows = [Row(number, interest) for number, interest in read_rows(InterestRow, command.interests, outcomes)]
        await self._rows.store(request, rows, outcomes)
        return InterestsImported(seq=self._seq(request, rows, outcomes), rows=outcomes.in_order())

    def _seq(self, request: Request, rows: list[Row[InterestRow]], outcomes: Outcomes) -> int:
        """The highest sequence that holds any of these interests now."""
        sessions = {row.number: row.value.session for row in rows}
        refs = (INTEREST.ref(request.community, person, sessions[number]) for number, person in outcomes.accepted())
        stored = (self._runtime.facts.get(ref) for ref in refs)
        return max((each.seq for each in stored if each is not None), default=0)

    def _decide(self, ledger: Ledger, request: Request, stated: InterestRow) -> str:
        row = with_person(ledger, stated, request.actor, self._keys, request.cause.digest)
        stored = self._runtime.facts.get(INTEREST.ref(request.community, row.person, row.session))
        # What this very import stored stays as others have changed it since.
        if stored is None or request.cause.digest not in stored.state.applied:
            state_interest(ledger, StateInterest(person=row.person, session=row.session, level=row.level))
        return row.person
