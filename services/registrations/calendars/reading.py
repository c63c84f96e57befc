"""One reading of one calendar: ask its server, read what comes, and tell what became of it."""

from __future__ import annotations

import hashlib

import httpx

from services.registrations.calendars.asking import question
from services.registrations.calendars.busy_windows import MAX_WINDOWS, kept_windows
from services.registrations.calendars.fetching import Fetcher
from services.registrations.calendars.outcomes import Changed, Failed, Outcome, Unchanged
from services.registrations.calendars.reader import BusyTimesRead, CalendarReader, TooCostlyError
from services.registrations.calendars.responses import Fetched, FetchError, Validators
from services.registrations.calendars.sealing import CalendarAddress, Seal, SealError
from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from shared.contract.facts.calendars import CalendarKind, CalendarSource, ReadProblem

_TAIL_BYTES = 400


class CalendarReading:
    """Reads calendars; the address of one is known only while it is read."""

    def __init__(self, seal: Seal, fetcher: Fetcher, reader: CalendarReader) -> None:
        self._seal = seal
        self._fetcher = fetcher
        self._reader = reader

    def host(self, community: str, source: CalendarSource) -> str:
        """Whose turn to wait for; empty when the address cannot be opened."""
        address = self._opened(community, source)
        return httpx.URL(address.url).host if address is not None else ""

    async def read(
        self, community: str, source: CalendarSource, horizon: Horizon, *, most: int = MAX_WINDOWS
    ) -> Outcome:
        """What became of it, at most so many windows of it. Never raises for what a server does."""
        address = self._opened(community, source)
        if address is None:
            return Failed(ReadProblem.UNSEALABLE)
        # When the days that count have moved on, or their zone, all of it is wanted, not only what has changed.
        read_before = source.content is not None
        same_days = read_before and (source.from_day, source.read_in) == (horizon.first, horizon.zone)
        known = Validators(source.etag, source.modified) if same_days else Validators()
        try:
            fetched = await self._fetcher.fetch(address, question(source.kind, horizon, known))
        except FetchError as error:
            return Failed(_of_kind(source.kind, error.problem), error.retry_after)
        if fetched.content is None:
            return Unchanged() if known.headers() else Failed(ReadProblem.REFUSED)
        digest = hashlib.sha256(fetched.content).hexdigest()
        if same_days and digest == source.content:
            return Unchanged(fetched.validators)
        found = await self._busy_times(fetched.content, horizon)
        if isinstance(found, Failed):
            return found
        return _changed(found, fetched, digest, horizon, most)

    async def _busy_times(self, content: bytes, horizon: Horizon) -> BusyTimesRead | Failed:
        # Half a calendar would make a person free who is not.
        if b"END:VCALENDAR" not in content[-_TAIL_BYTES:].upper():
            return Failed(ReadProblem.NO_CALENDAR)
        try:
            return await self._reader.read(content, horizon)
        except TooCostlyError:
            return Failed(ReadProblem.TOO_COSTLY)
        except UnreadableFileError:
            begins = content[:_TAIL_BYTES].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")
            return Failed(ReadProblem.TOO_COSTLY if begins else ReadProblem.NO_CALENDAR)

    def _opened(self, community: str, source: CalendarSource) -> CalendarAddress | None:
        try:
            sealed = source.sealed
            return self._seal.open(sealed, community, source.person, source.source) if sealed is not None else None
        except SealError:
            return None


def _changed(found: BusyTimesRead, fetched: Fetched, digest: str, horizon: Horizon, most: int) -> Changed:
    kept = kept_windows(found.no, found.maybe, horizon.last, most=most)
    return Changed(kept, fetched.validators, digest, horizon, found.faults)


def _of_kind(kind: CalendarKind, problem: ReadProblem) -> ReadProblem:
    """A CalDAV server that refuses the report does not know it, or not there."""
    refused = kind is CalendarKind.CALDAV and problem is ReadProblem.REFUSED
    return ReadProblem.NO_FREE_BUSY if refused else problem
