"""The registrations service, wired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import BaseModel

from services.registrations.answers import Answers
from services.registrations.calendars.wiring import calendars
from services.registrations.calling import counted, told
from services.registrations.decisions.people import AddressKey
from services.registrations.importing import PeopleImporter
from services.registrations.inbox import PartnerInbox
from services.registrations.interest_import import InterestImporter
from services.registrations.naming import carry_out_named
from services.registrations.privacy.answering import PRIVACY_COMMANDS, privacy
from services.registrations.privacy.duty import RegistrationsDuty
from services.registrations.privacy.retention import RetentionPeriods
from services.registrations.seats.draws import Seeds
from services.registrations.seats.enrolment_work import Enroller
from services.registrations.seats.work import SeatKeeper
from services.registrations.settings import RegistrationsSettings
from shared.bus.endpoints import Execute
from shared.bus.eraser import Eraser
from shared.bus.health import Durable
from shared.bus.permissions import READS
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.service import Runtime, ServiceApp
from shared.bus.streams import INBOX, inbox_consumer, stream_of
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    CONTACT,
    ENROLMENT,
    EXTERNAL,
    INTEREST,
    PERSON_KEY,
    PERSON_SEATS,
)
from shared.contract.commands.interests import ImportInterests
from shared.contract.commands.registrations import ImportPeople
from shared.contract.subjects import Service, facts_of

# Of these there are one or more for each person, and few are read at a time.
_MANY = (CONTACT, PERSON_KEY, EXTERNAL, AFFILIATION, AVAILABILITY, INTEREST, ENROLMENT, PERSON_SEATS)


def make_app(settings: RegistrationsSettings) -> ServiceApp:
    """The service with its endpoints and its partners' inboxes; nothing connects before it runs."""

    @asynccontextmanager
    async def start(runtime: Runtime) -> AsyncIterator[Execute]:
        keys = AddressKey(settings.people_key())
        importer = PeopleImporter(runtime, keys)
        interests = InterestImporter(runtime, keys)
        answers = Answers(runtime, keys)

        async def execute(request: Request) -> BaseModel:
            if isinstance(request.command, PRIVACY_COMMANDS):
                return await privacy(runtime, request)
            match request.command:
                case ImportPeople() as command:
                    return await importer.execute(request, command)
                case ImportInterests() as command:
                    return await interests.execute(request, command)
            if (told_at_once := await answers.answer(request)) is not None:
                return told_at_once
            accepted = await counted(runtime, request, lambda: carry_out_named(runtime, request, keys))
            return await told(runtime, request, accepted)

        async with (
            calendars(runtime, settings) as desk,
            Eraser(runtime, RegistrationsDuty(runtime)).running(),
            RetentionPeriods(runtime).running(),
            SeatKeeper(runtime, Seeds(settings.people_key())).running(),
            Enroller(runtime).running(),
        ):
            yield desk.before(execute)

    own_facts = Source(stream_of(Service.REGISTRATIONS), facts_of(Service.REGISTRATIONS))
    durables = [Durable(INBOX, inbox_consumer(partner)) for partner in settings.partners]
    service = ServiceApp(
        settings,
        Service.REGISTRATIONS,
        [own_facts, *(Source.of(kind) for kind in READS[Service.REGISTRATIONS])],
        start,
        durables,
        cold=_MANY,
    )
    PartnerInbox(settings, lambda: service.runtime.bus, service.execute).subscribe(service.broker)
    return service
