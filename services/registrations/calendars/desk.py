"""The commands and questions about availability that need more than the facts: a key, a file, the person's zone."""

from __future__ import annotations

import asyncio
import base64
import binascii
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel

from services.registrations.calendars.addresses import AddressError, AddressRules, checked
from services.registrations.calendars.busy_windows import kept_windows
from services.registrations.calendars.forgetting import forget
from services.registrations.calendars.horizons import horizon_at
from services.registrations.calendars.reader import BusyTimesRead, CalendarReader
from services.registrations.calendars.sealing import CalendarAddress, Seal, SealError
from services.registrations.calendars.showing import availability_shown, calendars_shown
from services.registrations.decisions import calendars as decisions
from services.registrations.decisions.ledger import Ledger
from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.timetable_ics import MAX_BYTES
from shared.bus.endpoints import Execute
from shared.bus.executing import carry_out
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import Write
from shared.contract.catalogue import AVAILABILITY, CALENDAR_SOURCE, COMMUNITY, CONTACT
from shared.contract.commands.calendars import (
    AskAvailability,
    AskCalendars,
    ConnectCalendar,
    DisconnectCalendar,
    SayAvailability,
    Understood,
    UploadCalendar,
)
from shared.contract.facts.calendars import CalendarSource
from shared.contract.facts.registrations import Community, Contact
from shared.contract.results import Accepted, FieldError, Rejection, RejectionCode
from shared.contract.subjects import EntityRef

_FOR_THE_DESK = (
    SayAvailability,
    UploadCalendar,
    ConnectCalendar,
    DisconnectCalendar,
    AskCalendars,
    AskAvailability,
)
_GZIP = b"\x1f\x8b"


class CalendarDesk:
    """Answers what is said in words, uploads, and what is asked; passes on everything else."""

    def __init__(self, runtime: Runtime, seal: Seal, rules: AddressRules, reader: CalendarReader) -> None:
        self._runtime = runtime
        self._seal = seal
        self._rules = rules
        self._reader = reader
        self._uploads: dict[str, asyncio.Task[BusyTimesRead]] = {}

    def before(self, execute: Execute) -> Execute:
        """Answers what is for the desk, and has ``execute`` answer the rest."""

        async def answer(request: Request) -> BaseModel:
            return await (self._execute if isinstance(request.command, _FOR_THE_DESK) else execute)(request)

        return answer

    async def _execute(self, request: Request) -> BaseModel:
        ledger = self._ledger(request)
        ledger.require(COMMUNITY, Community, "community", request.community)
        match request.command:
            case SayAvailability() as command:
                return await self._say(request, command)
            case UploadCalendar() as command:
                return await self._upload(request, command)
            case ConnectCalendar() as command:
                return await self._connect(request, command)
            case DisconnectCalendar() as command:
                return await self._decided_and_forgotten(
                    request, self._calendar(request, command), lambda ledger: decisions.disconnect(ledger, command)
                )
            case AskCalendars() as question:
                return calendars_shown(ledger, question)
            case AskAvailability() as question:
                return availability_shown(ledger, question)
        raise TypeError(f"no answer to {type(request.command).__name__}")

    async def _say(self, request: Request, command: SayAvailability) -> Understood:
        heard = decisions.heard(self._ledger(request), command)
        accepted = await self._decided(
            request, self._availability(request, command.person), lambda ledger: decisions.say(ledger, command)
        )
        return Understood(seq=accepted.seq, windows=len(heard.windows), problems=heard.problems)

    async def _upload(self, request: Request, command: UploadCalendar) -> Understood:
        contact = self._ledger(request).require(CONTACT, Contact, "person", command.person)
        horizon = horizon_at(self._now(), contact.zone)
        try:
            found = await self._read_once(request, _content(command.content), horizon)
        except UnreadableFileError as error:
            raise Rejection.of(RejectionCode.INVALID, "content", error.problem, error.allowed) from None
        kept = kept_windows(found.no, found.maybe, horizon.last)
        problems = list(found.problems)
        if kept.until_day < horizon.last:
            problems.append(_cut_short(kept.until_day + timedelta(days=1)))
        source = request.actor.source(command.source)
        accepted = await self._decided(
            request,
            self._availability(request, command.person),
            lambda ledger: decisions.upload(ledger, command.person, source, kept.windows),
        )
        return Understood(seq=accepted.seq, windows=len(kept.windows), problems=tuple(problems))

    async def _read_once(self, request: Request, content: bytes, horizon: Horizon) -> BusyTimesRead:
        """Whoever asks again while a long file is still being read gets the same reading."""
        key = request.cause.digest
        reading = self._uploads.get(key)
        if reading is None:
            reading = self._uploads[key] = asyncio.create_task(self._reader.read(content, horizon))
            reading.add_done_callback(lambda _: self._uploads.pop(key, None))
        return await asyncio.shield(reading)

    async def _connect(self, request: Request, command: ConnectCalendar) -> Accepted:
        try:
            address = checked(command.url, command.user, command.password, self._rules)
        except AddressError as error:
            raise Rejection(RejectionCode.INVALID, error.error) from None
        entity = (request.community, command.person, command.source)

        def decide(ledger: Ledger) -> None:
            known = ledger.get(CALENDAR_SOURCE, CalendarSource, command.person, command.source)
            if known is None or known.kind is not command.kind or self._opened(known, entity) != address:
                decisions.connect(ledger, command, self._seal.seal(address, *entity))

        return await self._decided_and_forgotten(request, self._calendar(request, command), decide)

    def _opened(self, known: CalendarSource, entity: tuple[str, ...]) -> CalendarAddress | None:
        try:
            return self._seal.open(known.sealed, *entity) if known.sealed is not None else None
        except SealError:
            return None

    async def _decided(self, request: Request, entity: EntityRef, decide: Callable[[Ledger], None]) -> Accepted:
        def writes() -> list[Write]:
            ledger = self._ledger(request)
            decide(ledger)
            return ledger.writes

        return await carry_out(self._runtime, request, entity, writes)

    async def _decided_and_forgotten(
        self, request: Request, entity: EntityRef, decide: Callable[[Ledger], None]
    ) -> Accepted:
        """The same, and the facts that are replaced leave the stream: in them are an address and busy times."""
        replaced: list[int] = []

        def noting(ledger: Ledger) -> None:
            decide(ledger)
            replaced[:] = [write.expected_seq for write in ledger.writes]

        accepted = await self._decided(request, entity, noting)
        if not request.dry_run:
            await forget(self._runtime, *replaced)
        return accepted

    def _calendar(self, request: Request, command: ConnectCalendar | DisconnectCalendar) -> EntityRef:
        return CALENDAR_SOURCE.ref(request.community, command.person, command.source)

    def _availability(self, request: Request, person: str) -> EntityRef:
        return AVAILABILITY.ref(request.community, person)

    def _ledger(self, request: Request) -> Ledger:
        return Ledger(self._runtime.facts, request.community, self._now())

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()


def _content(text: str) -> bytes:
    """The file in an upload, unpacked. Raises Rejection."""
    try:
        packed = base64.b64decode(text, validate=True)
        if not packed.startswith(_GZIP):
            return packed
        content = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, MAX_BYTES + 1)
    except (binascii.Error, zlib.error):
        raise Rejection.of(
            RejectionCode.INVALID, "content", "cannot be unpacked", "an iCalendar file in base64, perhaps by gzip"
        ) from None
    if len(content) > MAX_BYTES:
        raise Rejection.of(RejectionCode.INVALID, "content", "is too large", f"at most {MAX_BYTES} bytes")
    return content


def _cut_short(first_unknown: object) -> FieldError:
    return FieldError(
        field="content",
        problem=f"has more busy times than are kept; from {first_unknown} on nothing is known",
        allowed="a calendar with fewer separate entries",
    )
