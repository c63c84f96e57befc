"""Carrying out commands: look for it among those applied, decide, append; on a conflict, decide anew."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.table import decide, target
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import ConflictError, Write
from shared.contract.message import Command
from shared.contract.results import Accepted, Rejection, RejectionCode
from shared.contract.subjects import EntityRef

_TRIES = 8


class Executor:
    """Carries out the commands of one running service."""

    def __init__(self, runtime: Runtime, keys: AddressKey) -> None:
        self._runtime = runtime
        self._keys = keys

    async def execute(self, request: Request) -> Accepted:
        """Accepted, now or before. Raises Rejection, ConflictError after 8 tries, TimeoutError."""
        self.refuse_when_full()
        entity = target(request.community, request.command)
        for _ in range(_TRIES):
            repeated = self._applied_before(entity, request.cause.digest)
            if repeated is not None:
                return repeated
            writes = self.decide(request, request.command).writes
            try:
                return await self._append(request, entity, writes)
            except ConflictError:
                await self.refresh(writes)
        raise ConflictError(entity)

    def decide(self, request: Request, command: Command) -> Ledger:
        """What ``command`` changes, given the facts of this moment. Raises Rejection."""
        ledger = self.ledger(request.community)
        decide(ledger, command, request.actor, self._keys)
        return ledger

    def ledger(self, community: str) -> Ledger:
        return Ledger(self._runtime.facts, community, self._runtime.bus.clock.now())

    def refuse_when_full(self) -> None:
        if self._runtime.health.storage_full:
            raise Rejection.of(
                RejectionCode.STORAGE_FULL, "message", "cannot be stored; the disk quota is nearly used up", "later"
            )

    async def refresh(self, writes: list[Write]) -> None:
        """Bring the view of these entities up to what the broker has."""
        for write in writes:
            await self._runtime.store.load(write.ref)

    async def _append(self, request: Request, entity: EntityRef, writes: list[Write]) -> Accepted:
        identity = "/".join(entity.ids)
        if not writes:
            stored = self._runtime.facts.get(entity)
            return Accepted(id=identity, seq=stored.seq if stored is not None else 0)
        return Accepted(id=identity, seq=await self._runtime.store.append(request.cause, writes))

    def _applied_before(self, entity: EntityRef, digest: str) -> Accepted | None:
        stored = self._runtime.facts.get(entity)
        if stored is None or digest not in stored.state.applied:
            return None
        return Accepted(id="/".join(entity.ids), seq=stored.seq, repeated=True)
