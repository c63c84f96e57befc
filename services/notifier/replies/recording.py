"""Stores what follows from a mail or an answer: one guarded write, the same however often it is tried."""

from __future__ import annotations

import logging
from collections.abc import Callable

from services.notifier.replies.quarantine import Case, kept
from services.notifier.replies.standing import Change
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import QUARANTINE, REPLY
from shared.contract.facts.replies import Answered, Quarantined
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_TRIES = 8


async def record_answer(
    runtime: Runtime, community: str, person: str, session: str, mail: str, decide: Callable[[Answered | None], Change]
) -> bool:
    """Have what ``decide`` makes of the person's answers stored; false when this ``mail`` was taken in before.

    Raises ConflictError when others change them all the time.
    """
    ref = REPLY.ref(community, person, session)
    cause = Cause(community, Service.NOTIFIER, f"mail.{mail}")
    for _ in range(_TRIES):
        stored = runtime.facts.get(ref)
        known = stored.state if stored is not None else None
        if known is not None and cause.digest in known.applied:
            return False
        change = decide(known)
        try:
            seq = stored.seq if stored is not None else 0
            await runtime.store.append(cause, [Write(ref, change.what, change.state, seq)])
        except ConflictError:
            await runtime.store.load(ref)
        else:
            return True
    raise ConflictError(ref)


async def record_case(runtime: Runtime, community: str, case: Case, raw: bytes) -> bool:
    """Have a case stored; false when it was there already, or when there are too many."""
    ref = QUARANTINE.ref(community, case.person, case.id)
    if runtime.facts.get(ref) is not None:
        return False
    others = runtime.facts.states(QUARANTINE, Quarantined, community).values()
    state = kept(case, raw, runtime.bus.clock.now(), others)
    if state is None:
        log.warning("a mail for the quarantine of %s was dropped: too many cases are open", community)
        return False
    try:
        await runtime.store.append(
            Cause(community, Service.NOTIFIER, f"case.{case.id}"), [Write(ref, state.state, state, 0)]
        )
    except ConflictError:
        await runtime.store.load(ref)
        return False
    return True
