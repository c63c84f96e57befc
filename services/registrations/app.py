"""The registrations service, wired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import BaseModel

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.table import decide, target
from services.registrations.digest_questions import digest_material, team_counts
from services.registrations.importing import PeopleImporter
from services.registrations.inbox import PartnerInbox
from services.registrations.questions import own_page, public_names
from services.registrations.releases import ReleaseSeater
from services.registrations.replies import ReplySeater
from services.registrations.settings import RegistrationsSettings
from shared.bus.endpoints import Execute
from shared.bus.executing import carry_out
from shared.bus.health import Durable
from shared.bus.permissions import READS
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.service import Runtime, ServiceApp
from shared.bus.store import Write
from shared.bus.streams import INBOX, inbox_consumer, stream_of
from shared.contract.commands.digests import AskDigestMaterial, AskTeamCounts
from shared.contract.commands.registrations import AskNames, AskPerson, ImportPeople
from shared.contract.subjects import Service, facts_of


def make_app(settings: RegistrationsSettings) -> ServiceApp:
    """The service with its endpoints and its partners' inboxes; nothing connects before it runs."""

    @asynccontextmanager
    async def start(runtime: Runtime) -> AsyncIterator[Execute]:
        keys = AddressKey(settings.people_key())
        importer = PeopleImporter(runtime, keys)

        async def execute(request: Request) -> BaseModel:
            match request.command:
                case ImportPeople() as command:
                    return await importer.execute(request, command)
                case AskDigestMaterial() as question:
                    return digest_material(runtime.facts, request.community, question)
                case AskTeamCounts() as question:
                    return team_counts(runtime.facts, request.community, question)
                case AskNames() as question:
                    return public_names(runtime.facts, request.community, question)
                case AskPerson() as question:
                    return own_page(runtime.facts, request.community, question)
            return await carry_out(
                runtime, request, target(request.community, request.command), lambda: _writes(runtime, request, keys)
            )

        async with ReleaseSeater(runtime).running(), ReplySeater(runtime).running():
            yield execute

    own_facts = Source(stream_of(Service.REGISTRATIONS), facts_of(Service.REGISTRATIONS))
    durables = [Durable(INBOX, inbox_consumer(partner)) for partner in settings.partners]
    service = ServiceApp(
        settings,
        Service.REGISTRATIONS,
        [own_facts, *(Source.of(kind) for kind in READS[Service.REGISTRATIONS])],
        start,
        durables,
    )
    PartnerInbox(settings, lambda: service.runtime.bus, service.execute).subscribe(service.broker)
    return service


def _writes(runtime: Runtime, request: Request, keys: AddressKey) -> list[Write]:
    """What a command changes, given the facts of this moment. Raises Rejection."""
    ledger = Ledger(runtime.facts, request.community, runtime.bus.clock.now())
    decide(ledger, request.command, request.actor, keys)
    return ledger.writes
