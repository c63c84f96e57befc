"""An export in pages, while people come, go and change between two of them."""

from __future__ import annotations

from typing import Any

import pytest

from services.registrations.exports import pages
from services.registrations.exports.pages import data_page
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT, ERASED, SEATING
from shared.contract.commands.intake import AskData, DataKind
from shared.contract.facts.privacy import Erased
from shared.contract.facts.registrations import Seating
from shared.contract.subjects import EntityRef, FactSubject
from tests.unit.registrations.known_facts import NOW, contact


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_BYTES", 600)


class Changing:
    """An export that goes on page by page."""

    def __init__(self, kind: DataKind) -> None:
        self.facts = Facts()
        self.rows: list[dict[str, Any]] = []
        self._question: AskData | None = AskData(kind=kind)
        self._seq = 0

    def keep(self, ref: EntityRef, what: str, state: Any) -> None:
        self._seq += 1
        self.facts.apply(FactSubject(ref, what), state, self._seq, NOW)

    def registered(self, person: str) -> None:
        self.keep(CONTACT.ref("northgate", person), "registered", contact(person))

    def seated(self, session: str, *people: str) -> None:
        fields = {"session": session, "people": people}
        self.keep(SEATING.ref("northgate", session), "seated", Seating.model_validate(Seating.example | fields))

    async def page(self) -> bool:
        """The next page; false when that was the last."""
        assert self._question is not None
        page = await data_page(self.facts, "northgate", self._question)
        self.rows += page.rows
        self._question = self._question.model_copy(update={"after": page.next}) if page.next is not None else None
        return self._question is not None

    async def rest(self) -> None:
        while await self.page():
            continue


async def test_who_is_there_all_the_while_is_told_once() -> None:
    export = Changing(DataKind.PEOPLE)
    for number in range(20):
        export.registered(f"p-{number:02}")
    assert await export.page()
    told = len(export.rows)
    assert 0 < told < 18
    export.registered("p-00-later")
    export.registered("p-19-later")
    gone = Erased(person="p-18", at=NOW)
    export.keep(CONTACT.ref("northgate", "p-18"), ERASED, gone)
    export.registered("p-03")
    await export.rest()
    expected = [f"p-{number:02}" for number in range(20) if number != 18]
    assert [each["person"] for each in export.rows] == [*expected, "p-19-later"]


async def test_rows_of_one_session_are_on_one_page_so_that_a_change_between_pages_moves_none() -> None:
    export = Changing(DataKind.SEATS)
    for session in ("ants", "bees", "crabs"):
        export.seated(session, "p-1", "p-2", "p-3")
    assert await export.page()
    last = export.rows[-1]["session"]
    assert [each["person"] for each in export.rows if each["session"] == last] == ["p-1", "p-2", "p-3"]
    export.seated(last, "p-0", "p-1", "p-2", "p-3")
    await export.rest()
    assert [(each["session"], each["person"]) for each in export.rows] == [
        (session, person) for session in ("ants", "bees", "crabs") for person in ("p-1", "p-2", "p-3")
    ]


async def test_a_session_that_is_too_much_for_a_page_goes_on_on_the_next() -> None:
    export = Changing(DataKind.SEATS)
    many = [f"p-{number:03}" for number in range(40)]
    export.seated("ants", *many)
    export.seated("bees", "p-1")
    await export.rest()
    assert [each["person"] for each in export.rows] == [*many, "p-1"]
