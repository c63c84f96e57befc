"""Data in pages: rows in order of their entities' ids, as many as fit one message."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator

from services.registrations.exports.rows import Row, sources
from shared.bus.facts import Facts
from shared.contract.catalogue import FactKind
from shared.contract.commands.intake import AskData, DataPage
from shared.contract.results import Rejection, RejectionCode

_ENTITIES = 1000
_BYTES = 500_000

# The last row of a page: the place of its kind of entity, the entity's ids, and its place among the entity's rows.
_Cursor = tuple[int, tuple[str, ...], int]
_START: _Cursor = (0, (), -1)


def data_page(facts: Facts, community: str, question: AskData) -> DataPage:
    """The rows after those of the page before. Raises Rejection for a cursor that no page gave."""
    rows: list[Row] = []
    size, last = 0, _read(question.after)
    for cursor, row in _rows(facts, community, question, last):
        size += len(json.dumps(row))
        if rows and size > _BYTES:
            return DataPage(kind=question.kind, rows=tuple(rows), next=_written(last))
        rows.append(row)
        last = cursor
    return DataPage(kind=question.kind, rows=tuple(rows))


def _rows(facts: Facts, community: str, question: AskData, after: _Cursor) -> Iterator[tuple[_Cursor, Row]]:
    for place, source in enumerate(sources(question.kind)):
        if place < after[0]:
            continue
        for ids in _in_order(facts, community, source.kind, after[1] if place == after[0] else ()):
            stored = facts.get(source.kind.ref(community, *ids))
            state = stored.state if stored is not None else None
            for index, row in enumerate(source.rows(facts, community, state) if state is not None else ()):
                if (place, ids, index) > after:
                    yield (place, ids, index), row


def _in_order(facts: Facts, community: str, kind: FactKind, first: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The ids from ``first`` on, some at a time: a page needs few of many."""
    known = facts.all(kind, community)
    while True:
        some = heapq.nsmallest(_ENTITIES, (ids for ids in known if ids >= first))
        yield from some
        if len(some) < _ENTITIES:
            return
        first = (*some[-1], "")


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
