"""Data in pages: rows in order of their entities' ids, as many as fit one message.

A page takes all rows of an entity or none, so that what changes between two pages neither loses nor repeats rows of
what is there all the while. Only an entity that is too much for one page is told in several.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from services.registrations.exports.rows import Row, sources
from shared.bus.background import in_turns
from shared.bus.facts import Facts
from shared.contract.commands.intake import AskData, DataPage
from shared.contract.results import Rejection, RejectionCode

_BYTES = 500_000
_ENTITIES_IN_A_TURN = 50
_ALL = 10**9
"""The place behind all rows of an entity."""

# What a page ends with: the place of its kind of entity, the entity's ids, and the place among the entity's rows.
_Cursor = tuple[int, tuple[str, ...], int]
_START: _Cursor = (0, (), -1)


async def data_page(facts: Facts, community: str, question: AskData) -> DataPage:
    """The rows after those of the page before. Raises Rejection for a cursor that no page gave."""
    rows: list[Row] = []
    size, last = 0, _read(question.after)
    async for place, ids, first, found in _entities(facts, community, question, last):
        sizes = [len(json.dumps(row)) for row in found]
        if rows and size + sum(sizes) > _BYTES:
            return DataPage(kind=question.kind, rows=tuple(rows), next=_written(last))
        for index, (row, length) in enumerate(zip(found, sizes, strict=True), start=first):
            if rows and size + length > _BYTES:
                return DataPage(kind=question.kind, rows=tuple(rows), next=_written(last))
            rows.append(row)
            size, last = size + length, (place, ids, index)
        last = (place, ids, _ALL)
    return DataPage(kind=question.kind, rows=tuple(rows))


async def _entities(
    facts: Facts, community: str, question: AskData, after: _Cursor
) -> AsyncIterator[tuple[int, tuple[str, ...], int, list[Row]]]:
    """What comes after the cursor: the place of the kind, the entity's ids, and its rows from which one on."""
    for place, source in enumerate(sources(question.kind)):
        if place < after[0]:
            continue
        first = after[1] if place == after[0] else ()
        async for ids in in_turns(await facts.in_order(source.kind, community, first), every=_ENTITIES_IN_A_TURN):
            state = facts.state(source.kind, source.kind.model, community, *ids)
            begin = after[2] + 1 if (place, ids) == after[:2] else 0
            if state is not None and begin < _ALL:
                yield place, ids, begin, list(source.rows(facts, community, state))[begin:]


def _written(cursor: _Cursor) -> str:
    place, ids, index = cursor
    return "/".join((str(place), *ids, str(index)))


def _read(text: str | None) -> _Cursor:
    if text is None:
        return _START
    place, *ids, index = text.split("/") if text.count("/") >= 1 else ("", "")
    if not (place.isdecimal() and index.isdecimal()):
        raise Rejection.of(RejectionCode.INVALID, "after", "was given by no page", "`next` of the page before")
    return int(place), tuple(ids), int(index)
