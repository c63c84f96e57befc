"""The entities of one kind in one community: their last facts, kept small, and found by any of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared.bus.ordering import Ids, Ordered
from shared.contract.catalogue import FactKind, fact_kind
from shared.contract.message import Fact
from shared.contract.subjects import EntityRef

# What it is, its sequence, when it was written, what it says. A plain tuple of plain values is of no concern to the
# garbage collector; a million objects would hold up a service for half a second each time it looks through all.
_Last = tuple[str, int, datetime | None, Fact | bytes]
_AT_A_TIME = 1000


class Stored(NamedTuple):
    """The last fact of an entity, and its sequence in the stream of its service."""

    ref: EntityRef
    what: str
    content: Fact | bytes
    seq: int
    at: datetime | None = None
    """when it was written, by the clock of its service; None where the message does not say"""

    @property
    def state(self) -> Any:
        """What the fact says; read anew each time where only its bytes are kept."""
        if isinstance(self.content, bytes):
            return fact_kind(self.ref).model_of(self.what).read(self.content)
        return self.content

    def mentions(self, token: str) -> bool:
        """Whether the fact may say something of that id: surely not, or perhaps."""
        return not isinstance(self.content, bytes) or token.encode() in self.content


class Entities(Mapping[Ids, Stored]):
    """The last facts by ids. An index by one of several ids is made when it is first needed."""

    def __init__(self, kind: FactKind, community: str) -> None:
        self._kind = kind
        self._community = community
        self._last: dict[Ids, _Last] = {}
        self._indexes: dict[int, dict[str, list[Ids]]] = {}
        self._order: Ordered | None = None
        self._moved: list[Ids] | None = None

    def __getitem__(self, ids: Ids) -> Stored:
        what, seq, at, content = self._last[ids]
        return Stored(EntityRef(self._community, self._kind.service, self._kind.entity, ids), what, content, seq, at)

    def __iter__(self) -> Iterator[Ids]:
        return iter(self._last)

    def __contains__(self, ids: object) -> bool:
        return ids in self._last

    def __len__(self) -> int:
        return len(self._last)

    def get(self, ids: Ids, default: Stored | None = None) -> Stored | None:  # type: ignore[override]  # a mapping's own takes any default
        return self[ids] if ids in self._last else default

    def seq(self, ids: Ids) -> int:
        """The sequence of that entity's last fact; 0 when there is none."""
        last = self._last.get(ids)
        return 0 if last is None else last[1]

    def put(self, stored: Stored) -> None:
        ids = stored.ref.ids
        is_new = ids not in self._last
        self._last[ids] = (stored.what, stored.seq, stored.at, stored.content)
        if is_new:
            for place, index in self._indexes.items():
                index.setdefault(ids[place], []).append(ids)
            self._put_in_its_place(ids)

    def remove(self, ids: Ids) -> None:
        del self._last[ids]
        for place, index in self._indexes.items():
            index[ids[place]].remove(ids)
        self._put_in_its_place(ids)

    def having(self, wanted: Mapping[str, str]) -> list[Stored]:
        """Those with these ids, by the names that the kind gives to its ids; all when none is named."""
        return [self[ids] for ids in self._having(wanted)]

    def written(self, wanted: Mapping[str, str]) -> Iterator[tuple[Ids, datetime | None]]:
        """When each of those with these ids was last written. What comes or goes meanwhile may be left out."""
        for ids in tuple(self._having(wanted)):
            last = self._last.get(ids)
            if last is not None:
                yield ids, last[2]

    async def put_in_order(self) -> None:
        """From now on ``from_on`` can be asked; the first time takes a while, in turns with everything else."""
        if self._order is not None:
            return
        self._moved = self._moved or []
        order = await Ordered.of(self._last)
        if self._order is None:
            self._order, moved, self._moved = order, self._moved, None
            for ids in moved or ():
                self._put_in_its_place(ids)

    def from_on(self, first: Ids) -> Iterator[Ids]:
        """The ids from ``first`` on, in order. Of what comes or goes meanwhile some is seen."""
        if self._order is None:
            raise RuntimeError("put_in_order comes first")
        while some := self._order.some(first, _AT_A_TIME):
            yield from (ids for ids in some if ids in self._last)
            first = (*some[-1], "")

    def _put_in_its_place(self, ids: Ids) -> None:
        """Follow what came or went; what does so while the order is made, is put in its place after that."""
        if self._order is None:
            if self._moved is not None:
                self._moved.append(ids)
        elif ids in self._last:
            self._order.add(ids)
        else:
            self._order.remove(ids)

    def mentioning(self, token: str) -> list[Stored]:
        """Those that may say something of that id: all that do, and perhaps others."""
        sought = token.encode()
        found = [
            ids for ids, (_, _, _, content) in self._last.items() if not isinstance(content, bytes) or sought in content
        ]
        return [self[ids] for ids in found]

    def _having(self, wanted: Mapping[str, str]) -> Iterable[Ids]:
        if not wanted:
            return self._last
        (place, sought), *rest = [(self._place(name), value) for name, value in wanted.items()]
        if len(self._kind.ids) == 1:
            return [(sought,)] if (sought,) in self._last else ()
        found = self._index(place).get(sought, ())
        return [ids for ids in found if all(ids[other] == value for other, value in rest)]

    def _place(self, name: str) -> int:
        if name not in self._kind.ids:
            raise ValueError(f"{self._kind.entity} is identified by {', '.join(self._kind.ids)}, not by {name}")
        return self._kind.ids.index(name)

    def _index(self, place: int) -> Mapping[str, Iterable[Ids]]:
        if place not in self._indexes:
            index: dict[str, list[Ids]] = {}
            for ids in self._last:
                index.setdefault(ids[place], []).append(ids)
            self._indexes[place] = index
        return self._indexes[place]
