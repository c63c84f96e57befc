"""The notifier, wired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import BaseModel

from services.notifier.book import Book
from services.notifier.courier import Courier
from services.notifier.reporting import delivery
from services.notifier.retention import Retention
from services.notifier.round import Round
from services.notifier.settings import NotifierSettings
from services.notifier.transmission import MailTransport
from shared.bus.endpoints import Execute
from shared.bus.permissions import READS
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.service import Runtime, ServiceApp
from shared.bus.streams import stream_of
from shared.contract.catalogue import CONTACT
from shared.contract.commands.notifier import AskDelivery, AskLink, Link
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service, facts_of
from shared.links import LinkKey


def make_app(settings: NotifierSettings) -> ServiceApp:
    """The service with its endpoints; nothing connects before it runs."""
    policy = settings.delivery_policy()

    @asynccontextmanager
    async def start(runtime: Runtime) -> AsyncIterator[Execute]:
        book = Book(runtime.facts)
        key = LinkKey.read(settings.link_key_file)
        async with MailTransport(settings.smtp()) as transport:
            courier = Courier(runtime, transport, policy, key, settings.web_url)
            rounds = Round(runtime, book, courier, policy, settings.smtp_connections)

            async def execute(request: Request) -> BaseModel:
                match request.command:
                    case AskDelivery() as question:
                        now = runtime.bus.clock.now()
                        return delivery(runtime.facts, book, request.community, question, now, policy)
                    case AskLink() as question:
                        return _link(runtime, courier, request.community, question)
                raise TypeError(f"no answer to {type(request.command).__name__}")

            async with rounds.running(), Retention(runtime, policy).running():
                yield execute

    own_facts = Source(stream_of(Service.NOTIFIER), facts_of(Service.NOTIFIER))
    sources = [own_facts, *(Source.of(kind) for kind in READS[Service.NOTIFIER])]
    return ServiceApp(settings, Service.NOTIFIER, sources, start)


def _link(runtime: Runtime, courier: Courier, community: str, question: AskLink) -> Link:
    contact = runtime.facts.state(CONTACT, Contact, community, question.person)
    if contact is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "names nobody here", "the id of a registered person")
    return Link(url=courier.page_url(community, contact))
