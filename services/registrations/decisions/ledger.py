"""The facts as a decision sees them: one community, with the changes decided so far on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import CONTACT, FactKind
from shared.contract.facts.privacy import Erased
from shared.contract.facts.registrations import Contact, Proposal, Room
from shared.contract.message import Fact
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import EntityRef

F = TypeVar("F", bound=Fact)


@dataclass
class Ledger:
    """Reads entities of one community and collects writes. Writing what is there already is no write."""

    facts: Facts
    community: str
    now: datetime
    writes: list[Write] = field(default_factory=list)
    _changed: dict[EntityRef, Fact] = field(default_factory=dict)

    def get(self, kind: FactKind, model: type[F], *ids: str) -> F | None:
        """The state of an entity, or None."""
        changed = self._changed.get(kind.ref(self.community, *ids))
        if changed is not None:
            # Of who is gone by an earlier decision nothing is left but the tombstone.
            return changed if isinstance(changed, model) else None
        return self.facts.state(kind, model, self.community, *ids)

    def require(self, kind: FactKind, model: type[F], field_name: str, *ids: str) -> F:
        """The state of an entity. Raises Rejection that names the field when there is none."""
        found = self.get(kind, model, *ids)
        if found is None:
            raise _unknown(kind, field_name)
        return found

    def check_known(self, kind: FactKind, field_name: str, *ids: str) -> None:
        """Raises Rejection that names the field when there is no such entity."""
        ref = kind.ref(self.community, *ids)
        if ref not in self._changed and not self.facts.knows(ref):
            raise _unknown(kind, field_name)

    def check_origin(self, known: Contact | Room | Proposal | None, actor: Actor, field_name: str) -> str:
        """Whose the entity is. A partner changes only what it brought itself. Raises Rejection."""
        if known is None:
            return actor.origin
        if actor.kind is ActorKind.PARTNER and known.origin != actor.name:
            raise Rejection.of(
                RejectionCode.NOT_ALLOWED, field_name, "was brought by somebody else", "what you brought yourself"
            )
        return known.origin

    def all(self, kind: FactKind, model: type[F]) -> Mapping[tuple[str, ...], F]:
        return self.facts.states(kind, model, self.community)

    def write(self, kind: FactKind, ids: tuple[str, ...], what: str, state: Fact) -> None:
        """Have the entity become ``state``; nothing happens when it is so already."""
        ref = kind.ref(self.community, *ids)
        stored = self.facts.get(ref)
        if stored is not None:
            known = stored.state
            state = state.model_copy(update={"applied": known.applied})
            if state == known and what == stored.what:
                return
        self.writes.append(Write(ref, what, state, stored.seq if stored is not None else 0))
        self._changed[ref] = state

    def is_erasing(self, person: str) -> bool:
        """Whether the person is gone by an earlier decision that is not stored yet."""
        return isinstance(self._changed.get(CONTACT.ref(self.community, person)), Erased)

    def take_back(self, kept: int) -> None:
        """Keep only the first so many writes, as if the others had never been decided."""
        del self.writes[kept:]
        self._changed = {write.ref: write.state for write in self.writes}


def _unknown(kind: FactKind, field_name: str) -> Rejection:
    return Rejection.of(
        RejectionCode.UNKNOWN, field_name, f"names no {kind.entity} here", f"the id of a known {kind.entity}"
    )
