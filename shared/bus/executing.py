"""Carrying out a command: look for it among those applied, decide, append; on a conflict, decide anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import ConflictError, FactTooLargeError, Write
from shared.contract.results import Accepted, FieldError, Rejection, RejectionCode
from shared.contract.subjects import EntityRef

_TRIES = 8


async def carry_out(
    runtime: Runtime,
    request: Request,
    entity: EntityRef,
    decide: Callable[[], Sequence[Write]],
    *,
    even_when_full: bool = False,
) -> Accepted:
    """Accepted, now or before. ``entity`` is what the command is about; ``decide`` looks at the facts each time.

    The last tenth of the storage is kept for commands that are carried out ``even_when_full``. Raises Rejection,
    ConflictError after 8 tries, and TimeoutError when nobody knows whether it was stored.
    """
    for _ in range(_TRIES):
        repeated = applied_before(runtime, request, entity)
        if repeated is not None:
            return repeated
        writes = decide()
        if not writes:
            return _accepted(runtime, entity)
        if not even_when_full:
            refuse_when_full(runtime)
        try:
            seq = await runtime.store.append(request.cause, writes)
        except ConflictError:
            await refresh(runtime, writes)
        except FactTooLargeError:
            raise Rejection(RejectionCode.INVALID, too_large()) from None
        else:
            return Accepted(id="/".join(entity.ids), seq=seq)
    raise ConflictError(entity)


def applied_before(runtime: Runtime, request: Request, entity: EntityRef) -> Accepted | None:
    """The answer to a command that the entity has seen already."""
    stored = runtime.facts.get(entity)
    if stored is None or request.cause.digest not in stored.state.applied:
        return None
    return _accepted(runtime, entity).model_copy(update={"repeated": True})


async def refresh(runtime: Runtime, writes: Sequence[Write]) -> None:
    """Bring the view of these entities up to what the broker has."""
    for write in writes:
        await runtime.store.load(write.ref)


def too_large() -> FieldError:
    """What is wrong with a command that would make one entity larger than a fact may be."""
    return FieldError(
        field="message", problem="is more than can be kept of one entity", allowed="fewer or shorter entries"
    )


def refuse_when_full(runtime: Runtime) -> None:
    """Raise the rejection that keeps the last tenth of the storage for outcomes and releases."""
    if runtime.health.storage_full:
        raise Rejection.of(
            RejectionCode.STORAGE_FULL, "message", "cannot be stored; the disk quota is nearly used up", "later"
        )


def _accepted(runtime: Runtime, entity: EntityRef) -> Accepted:
    stored = runtime.facts.get(entity)
    return Accepted(id="/".join(entity.ids), seq=stored.seq if stored is not None else 0)
