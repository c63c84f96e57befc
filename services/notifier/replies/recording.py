"""Stores what follows from a mail or an answer: one guarded write, the same however often it is tried."""

from __future__ import annotations

import logging
from collections.abc import Callable

from services.notifier.replies.invited import Invited
from services.notifier.replies.quarantine import Case, kept
from services.notifier.replies.standing import Change, on_date
from shared.bus.executing import refresh
from shared.bus.facts import Facts
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import QUARANTINE, REPLY
from shared.contract.facts.replies import Answered, Quarantined
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_TRIES = 8


async def record_answer(
    runtime: Runtime, community: str, invited: Invited, mail: str, decide: Callable[[Answered | None], Change]
) -> bool:
    """Have what ``decide`` makes of the person's answers stored; false when this ``mail`` was taken in before.

    Raises ConflictError when others change them all the time.
    """
    ref = REPLY.ref(community, invited.person, invited.session)
    cause = Cause(community, Service.NOTIFIER, f"mail.{mail}")
    for _ in range(_TRIES):
        stored = runtime.facts.get(ref)
        known = stored.state if stored is not None else None
        if known is not None and cause.digest in known.applied:
            return False
        writes = answer_writes(runtime.facts, community, invited, decide(known))
        try:
            await runtime.store.append(cause, writes)
        except ConflictError:
            await refresh(runtime, writes)
        else:
            return True
    raise ConflictError(ref)


def answer_writes(facts: Facts, community: str, invited: Invited, change: Change) -> list[Write]:
    """The facts that a change becomes: its own, and of an answer about a whole series one for each date."""
    writes = [_write(facts, community, invited, change)]
    to_come = (date for date in invited.held if change.state.at is None or date.start > change.state.at)
    for date in to_come if change.what == "answered" else ():
        known = facts.state(REPLY, Answered, community, date.person, date.session)
        on_that_day = on_date(known, date, change.state)
        if on_that_day is not None:
            writes.append(_write(facts, community, date, on_that_day))
    return writes


def _write(facts: Facts, community: str, invited: Invited, change: Change) -> Write:
    ref = REPLY.ref(community, invited.person, invited.session)
    stored = facts.get(ref)
    return Write(ref, change.what, change.state, stored.seq if stored is not None else 0)


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
