"""Bulk imports of people, each with their availability."""

from __future__ import annotations

from typing import Any

from services.registrations.decisions.externals import register_named, with_person
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.statements import replace_windows
from services.registrations.rows import Outcomes, Row, RowStore, read_rows
from shared.bus.executing import refuse_when_full
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.contract.catalogue import AFFILIATION, AVAILABILITY, COMMUNITY, CONTACT
from shared.contract.commands.registrations import ImportPeople, PeopleImported, PersonRow
from shared.contract.facts.registrations import Affiliation, Community, Contact

# The word of an import that is nobody's calendar.
_SOURCE = "import"
_OF_THE_CONTACT = frozenset({"name_public", "language"})
_OF_THE_AFFILIATION = frozenset({"department", "pattern", "sector", "tags", "groups"})


class PeopleImporter:
    """Imports people with their availability."""

    def __init__(self, runtime: Runtime, keys: AddressKey) -> None:
        self._runtime = runtime
        self._keys = keys
        self._rows: RowStore[PersonRow] = RowStore(runtime, self._decide)

    async def execute(self, request: Request, command: ImportPeople) -> PeopleImported:
        """The outcome of every row. Raises Rejection when the whole import is refused."""
        refuse_when_full(self._runtime)
        ledger = Ledger(self._runtime.facts, request.community, self._runtime.bus.clock.now())
        ledger.require(COMMUNITY, Community, "community", request.community)
        outcomes = Outcomes()
        rows = [Row(number, person) for number, person in read_rows(PersonRow, command.people, outcomes)]
        await self._rows.store(request, rows, outcomes)
        return PeopleImported(seq=self._seq(request, outcomes), rows=outcomes.in_order())

    def _seq(self, request: Request, outcomes: Outcomes) -> int:
        """The highest sequence that holds any of these people now."""
        refs = (
            kind.ref(request.community, person)
            for _, person in outcomes.accepted()
            for kind in (CONTACT, AFFILIATION, AVAILABILITY)
        )
        stored = (self._runtime.facts.get(ref) for ref in refs)
        return max((each.seq for each in stored if each is not None), default=0)

    def _decide(self, ledger: Ledger, request: Request, row: PersonRow) -> str:
        named = with_person(ledger, row, request.actor, self._keys, request.cause.digest)
        if self._applied_before(request, named.person):
            return named.person
        register_named(ledger, completed(ledger, named), request.actor, self._keys)
        if named.windows:
            replace_windows(ledger, named.person, request.actor.source(_SOURCE), named.windows)
        return named.person

    def _applied_before(self, request: Request, person: str) -> bool:
        """Whether this very import stored the person already; what others changed since then stays."""
        stored = self._runtime.facts.get(CONTACT.ref(request.community, person))
        return stored is not None and request.cause.digest in stored.state.applied


def completed(ledger: Ledger, row: PersonRow) -> PersonRow:
    """The row with what is known of the person where it says nothing: a file with few columns changes no others."""
    known: dict[str, Any] = {}
    contact = ledger.get(CONTACT, Contact, row.person)
    affiliation = ledger.get(AFFILIATION, Affiliation, row.person)
    if contact is not None:
        known |= {name: getattr(contact, name) for name in _OF_THE_CONTACT}
    if affiliation is not None:
        known |= {name: getattr(affiliation, name) for name in _OF_THE_AFFILIATION}
    if contact is not None and affiliation is not None and affiliation.zone is not None:
        known["zone"] = contact.zone
    return row.model_copy(update={name: value for name, value in known.items() if name not in row.model_fields_set})
