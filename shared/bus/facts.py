"""The facts that a process has seen: the last state of each entity, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from shared.contract.catalogue import FACTS, FactKind
from shared.contract.message import Fact
from shared.contract.subjects import EntityRef, FactSubject

F = TypeVar("F", bound=Fact)
Ids = tuple[str, ...]


@dataclass(frozen=True)
class Stored:
    """The last fact of an entity, and its sequence in the stream of its service."""

    ref: EntityRef
    what: str
    state: Any
    seq: int
    at: datetime | None = None
    """when it was written, by the clock of its service; None where the message does not say"""


class Facts:
    """The last fact of every entity seen, by kind, community and ids.

    Facts may arrive twice or late (a replay that started anew, or this process's own write that the replay brings
    later); an older sequence never replaces a newer one.
    """

    def __init__(self) -> None:
        self._entities: dict[tuple[str, str], dict[str, dict[Ids, Stored]]] = {
            (kind.service, kind.entity): {} for kind in FACTS
        }
        self._listeners: list[Callable[[Stored], None]] = []
        self._last_seq: dict[str, int] = {}

    def apply(self, subject: FactSubject, state: Fact, seq: int, at: datetime | None = None) -> None:
        ref = subject.ref
        self.passed(ref.service, seq)
        entities = self._entities[(ref.service, ref.entity)].setdefault(ref.community, {})
        known = entities.get(ref.ids)
        if known is not None and known.seq >= seq:
            return
        stored = Stored(ref, subject.what, state, seq, at)
        entities[ref.ids] = stored
        for listener in self._listeners:
            listener(stored)

    def has(self, ref: EntityRef, seq: int) -> bool:
        """Whether the fact at that sequence, or a later one of the entity, is here already."""
        known = self.get(ref)
        return known is not None and known.seq >= seq

    def listen(self, listener: Callable[[Stored], None]) -> None:
        """Have ``listener`` called with each new last fact."""
        self._listeners.append(listener)

    def passed(self, service: str, seq: int) -> None:
        """That sequence of that service's stream has been seen."""
        self._last_seq[service] = max(seq, self._last_seq.get(service, 0))

    def last_seq(self, service: str) -> int:
        """The highest sequence seen of that service's stream; 0 when none was."""
        return self._last_seq.get(service, 0)

    def get(self, ref: EntityRef) -> Stored | None:
        return self._entities[(ref.service, ref.entity)].get(ref.community, {}).get(ref.ids)

    def all(self, kind: FactKind, community: str) -> Mapping[Ids, Stored]:
        """Every entity of that kind, by its ids."""
        return self._entities[(kind.service, kind.entity)].get(community, {})

    def communities(self, kind: FactKind) -> Iterator[str]:
        """The communities that have an entity of that kind."""
        yield from tuple(self._entities[(kind.service, kind.entity)])

    def state(self, kind: FactKind, model: type[F], community: str, *ids: str) -> F | None:
        """The state of one entity, or None when there is none."""
        stored = self.get(kind.ref(community, *ids))
        return None if stored is None else _as(model, stored.state)

    def states(self, kind: FactKind, model: type[F], community: str) -> dict[Ids, F]:
        """The states of all entities of that kind, by their ids."""
        return {ids: _as(model, stored.state) for ids, stored in self.all(kind, community).items()}


def _as(model: type[F], state: Any) -> F:
    if not isinstance(state, model):
        raise TypeError(f"expected {model.__name__}, found {type(state).__name__}")
    return state
