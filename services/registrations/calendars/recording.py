"""Writes what a reading found: the calendar's own state and the person's availability, as one batch."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from services.registrations.calendars.busy_windows import KeptWindows
from services.registrations.calendars.forgetting import forget
from services.registrations.calendars.outcomes import Changed, Failed, Outcome, Timing, after
from services.registrations.decisions.calendars import record
from services.registrations.decisions.ledger import Ledger
from shared.bus.executing import refresh
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, FactTooLargeError, Write
from shared.contract.catalogue import CALENDAR_SOURCE, CONTACT
from shared.contract.envelope import digest
from shared.contract.facts.calendars import CalendarSource, ReadProblem
from shared.contract.facts.registrations import Contact
from shared.contract.subjects import EntityRef, Service
from shared.contract.values import Window

log = logging.getLogger(__name__)

_TRIES = 16
_FEWEST_WINDOWS = 50


class Recorder:
    """Records outcomes of readings that were claimed."""

    def __init__(self, runtime: Runtime, timing: Timing) -> None:
        self._runtime = runtime
        self._timing = timing

    async def record(self, ref: EntityRef, claim: CalendarSource, outcome: Outcome) -> None:
        """Write it, unless the calendar has become another one, or another process's, in the meantime."""
        for _ in range(_TRIES):
            writes = self._writes(ref, claim, outcome)
            if not writes:
                return
            try:
                await self._runtime.store.append(_cause(ref, writes), writes)
            except ConflictError:
                await refresh(self._runtime, writes)
            except FactTooLargeError:
                # Other sources of the person have taken the room.
                outcome = _shortened(outcome)
            else:
                await forget(self._runtime, *(each.expected_seq for each in writes))
                return
        log.warning("what a calendar says could not be written; it is read again later")

    def _writes(self, ref: EntityRef, claim: CalendarSource, outcome: Outcome) -> list[Write]:
        now = self._now()
        ledger = Ledger(self._runtime.facts, ref.community, now)
        known = ledger.get(CALENDAR_SOURCE, CalendarSource, *ref.ids)
        gone = known is None or ledger.get(CONTACT, Contact, ref.ids[0]) is None
        if known is None or gone or (known.sealed, known.claimed_until) != (claim.sealed, claim.claimed_until):
            return []
        windows: tuple[Window, ...] | None = outcome.kept.windows if isinstance(outcome, Changed) else None
        what = "failed" if isinstance(outcome, Failed) else "read"
        record(ledger, after(known, outcome, now, self._timing), what, windows)
        return ledger.writes

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()


def _shortened(outcome: Outcome) -> Outcome:
    """Half as much of it; nothing when that is hardly anything."""
    if not isinstance(outcome, Changed):
        return outcome
    windows = outcome.kept.windows[: len(outcome.kept.windows) // 2]
    if len(windows) < _FEWEST_WINDOWS:
        return Failed(ReadProblem.TOO_COSTLY)
    until_day = outcome.kept.windows[len(windows)].start.date() - timedelta(days=1)
    return Changed(
        KeptWindows(windows, until_day),
        outcome.validators,
        outcome.content,
        outcome.horizon,
        outcome.not_understood,
    )


def _cause(ref: EntityRef, writes: list[Write]) -> Cause:
    """One identity for each try: a try decided on newer facts is another write."""
    decided_on = digest(*(each.expected_seq for each in writes))
    return Cause(ref.community, Service.REGISTRATIONS, f"calendar-read-{'-'.join(ref.ids)}-{decided_on}")
