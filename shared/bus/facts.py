"""The facts that a process has seen: the last state of each entity, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from shared.bus.entities import Entities, Stored
from shared.bus.ordering import Ids
from shared.contract.catalogue import ERASED, ERASURE, FACTS, FactKind
from shared.contract.message import Fact
from shared.contract.subjects import EntityRef, FactSubject

__all__ = ["Facts", "Stored"]

F = TypeVar("F", bound=Fact)
# What claims something for a person (an address, a partner's own id) without being found by the person's id.
_CLAIMS = tuple(kind for kind in FACTS if not kind.is_about_a_person and "person" in kind.model.model_fields)
_ABOUT_PEOPLE = tuple(kind for kind in FACTS if kind.is_about_a_person and kind.entity != ERASURE.entity)
_NAMES_ABOUT_PEOPLE = frozenset((kind.service, kind.entity) for kind in _ABOUT_PEOPLE)
_NAMES_OF_CLAIMS = frozenset((kind.service, kind.entity) for kind in _CLAIMS)


@dataclass(frozen=True)
class Late:
    """A fact of a person who was erased, at that sequence. It is not in the view, but it is in its stream."""

    ref: EntityRef
    person: str
    seq: int


class Facts:
    """The last fact of every entity seen, by kind, community and ids.

    Facts may arrive twice or late (a replay that started anew, or this process's own write that the replay brings
    later); an older sequence never replaces a newer one.

    Of a person who was erased nothing is known from then on, whatever comes later, but the tombstone: only ``get``
    gives that.

    Of ``cold`` kinds only the bytes are kept, a fifth of what models take; a state is read from them when it is
    asked for.
    """

    def __init__(self, cold: Iterable[FactKind] = ()) -> None:
        self._cold = frozenset((kind.service, kind.entity) for kind in cold)
        self._kinds = {(kind.service, kind.entity): kind for kind in FACTS}
        self._entities: dict[tuple[str, str], dict[str, Entities]] = {name: {} for name in self._kinds}
        self._listeners: list[Callable[[Stored], None]] = []
        self._last_seq: dict[str, int] = {}
        self._erased: dict[str, set[str]] = {}
        self._tombstones: dict[EntityRef, Stored] = {}
        self._late_listeners: list[Callable[[Late], None]] = []

    def apply(
        self, subject: FactSubject, state: Fact, seq: int, at: datetime | None = None, body: bytes | None = None
    ) -> None:
        """Take in a fact; ``body`` is the message that ``state`` was read from, where there is one."""
        ref = subject.ref
        self.passed(ref.service, seq)
        if subject.what == ERASED:
            self._bury(Stored(ref, subject.what, state, seq, at))
            return
        if self._is_late(ref, state):
            self._tell_late(Late(ref, getattr(state, "person", ref.ids[0]), seq))
            return
        if (ref.service, ref.entity) == (ERASURE.service, ERASURE.entity):
            self._forget(ref.community, ref.ids[0])
        name = (ref.service, ref.entity)
        entities = self._entities[name].get(ref.community)
        if entities is None:
            entities = self._entities[name].setdefault(ref.community, Entities(self._kinds[name], ref.community))
        if entities.seq(ref.ids) >= seq:
            return
        content = self._bytes(state, body) if name in self._cold else state
        stored = Stored(ref, subject.what, content, seq, at)
        entities.put(stored)
        for listener in self._listeners:
            listener(stored)

    def listen_late(self, listener: Callable[[Late], None]) -> None:
        """Have ``listener`` called with what was known of a person who is erased, and what comes after all."""
        self._late_listeners.append(listener)

    def is_erased(self, community: str, person: str) -> bool:
        """Whether that person was erased: the id stays taken, and nothing is to be written about it."""
        return person in self._erased.get(community, ())

    def is_about_erased(self, ref: EntityRef) -> bool:
        """Whether that entity belongs to a person who was erased."""
        return (ref.service, ref.entity) in _NAMES_ABOUT_PEOPLE and self.is_erased(ref.community, ref.ids[0])

    def has(self, ref: EntityRef, seq: int) -> bool:
        """Whether the fact at that sequence, or a later one of the entity, is here already."""
        entities = self._entities[(ref.service, ref.entity)].get(ref.community)
        tombstone = self._tombstones.get(ref)
        return (entities is not None and entities.seq(ref.ids) >= seq) or (
            tombstone is not None and tombstone.seq >= seq
        )

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
        entities = self._entities[(ref.service, ref.entity)].get(ref.community)
        found = entities.get(ref.ids) if entities is not None else None
        return found if found is not None else self._tombstones.get(ref)

    def knows(self, ref: EntityRef) -> bool:
        """Whether there is such an entity, without reading its state."""
        entities = self._entities[(ref.service, ref.entity)].get(ref.community)
        return entities is not None and ref.ids in entities

    def all(self, kind: FactKind, community: str) -> Mapping[Ids, Stored]:
        """Every entity of that kind, by its ids."""
        entities = self._entities[(kind.service, kind.entity)].get(community)
        return entities if entities is not None else {}

    def communities(self, kind: FactKind) -> Iterator[str]:
        """The communities that have an entity of that kind."""
        yield from tuple(self._entities[(kind.service, kind.entity)])

    def state(self, kind: FactKind, model: type[F], community: str, *ids: str) -> F | None:
        """The state of one entity, or None when there is none."""
        stored = self.get(kind.ref(community, *ids))
        return None if stored is None or stored.what == ERASED else _as(model, stored.state)

    def states(self, kind: FactKind, model: type[F], community: str, **ids: str) -> dict[Ids, F]:
        """The states of all entities of that kind, by their ids; or of those with these ids, found by an index.

        ``states(INTEREST, Interest, community, person="p-1")``: what one person says of every session.
        """
        entities = self._entities[(kind.service, kind.entity)].get(community)
        found = entities.having(ids) if entities is not None else ()
        return {stored.ref.ids: _as(model, stored.state) for stored in found}

    def written(self, kind: FactKind, community: str, **ids: str) -> Iterator[tuple[Ids, datetime | None]]:
        """When each entity of that kind, or of those with these ids, was last written; no state is read.

        What comes or goes while one looks through them may be left out.
        """
        entities = self._entities[(kind.service, kind.entity)].get(community)
        return entities.written(ids) if entities is not None else iter(())

    async def in_order(self, kind: FactKind, community: str, first: Ids = ()) -> Iterator[Ids]:
        """The ids of that kind from ``first`` on, in order: each that is there all the while, once.

        The first time takes a while, in turns with everything else in the process.
        """
        entities = self._entities[(kind.service, kind.entity)].get(community)
        if entities is None:
            return iter(())
        await entities.put_in_order()
        return entities.from_on(first)

    def drop(self, ref: EntityRef, seq: int) -> None:
        """Forget an entity whose last fact, at that sequence, is no more."""
        entities = self._entities[(ref.service, ref.entity)].get(ref.community)
        if entities is not None and ref.ids in entities and entities.seq(ref.ids) <= seq:
            entities.remove(ref.ids)

    @staticmethod
    def _bytes(state: Fact, body: bytes | None) -> bytes:
        return body if body is not None else state.model_dump_json(exclude_none=True).encode()

    def _is_late(self, ref: EntityRef, state: Fact) -> bool:
        erased = self._erased.get(ref.community)
        if not erased:
            return False
        if (ref.service, ref.entity) in _NAMES_OF_CLAIMS:
            return getattr(state, "person", None) in erased
        return (ref.service, ref.entity) in _NAMES_ABOUT_PEOPLE and ref.ids[0] in erased

    def _bury(self, tombstone: Stored) -> None:
        known = self._tombstones.get(tombstone.ref)
        if known is not None and known.seq >= tombstone.seq:
            return
        self._forget(tombstone.ref.community, tombstone.ref.ids[0])
        self._tombstones[tombstone.ref] = tombstone
        for listener in self._listeners:
            listener(tombstone)

    def _forget(self, community: str, person: str) -> None:
        if self.is_erased(community, person):
            return
        self._erased.setdefault(community, set()).add(person)
        for kind in _ABOUT_PEOPLE:
            entities = self._entities[(kind.service, kind.entity)].get(community)
            if entities is not None:
                for stored in entities.having({"person": person}):
                    entities.remove(stored.ref.ids)
                    self._tell_late(Late(stored.ref, person, stored.seq))
        for kind in _CLAIMS:
            entities = self._entities[(kind.service, kind.entity)].get(community)
            if entities is not None:
                for stored in entities.mentioning(person):
                    if stored.state.person == person:
                        entities.remove(stored.ref.ids)
                        self._tell_late(Late(stored.ref, person, stored.seq))

    def _tell_late(self, late: Late) -> None:
        for listener in self._late_listeners:
            listener(late)


def _as(model: type[F], state: Any) -> F:
    if not isinstance(state, model):
        raise TypeError(f"expected {model.__name__}, found {type(state).__name__}")
    return state
