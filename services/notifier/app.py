"""The notifier, wired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import BaseModel

from services.notifier.content.composing import Composer
from services.notifier.delivery.courier import Courier
from services.notifier.delivery.desk import SENDING_COMMANDS, SendingDesk
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.post import Post
from services.notifier.delivery.retention import Retention
from services.notifier.delivery.round import Round, RoundRules
from services.notifier.delivery.transmission import MailTransport
from services.notifier.notices.desk import NOTICE_COMMANDS, NoticeDesk
from services.notifier.planning.book import Book
from services.notifier.privacy.duty import notifier_duty
from services.notifier.privacy.exporting import exported
from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.commands import REPLY_COMMANDS, ReplyCommands
from services.notifier.replies.intake import Intake
from services.notifier.replies.rejection import Rejections
from services.notifier.replies.ways_in import taking_mail
from services.notifier.settings import NotifierSettings
from shared.bus.endpoints import Execute
from shared.bus.eraser import Eraser
from shared.bus.health import Durable
from shared.bus.permissions import READS
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.service import Runtime, ServiceApp
from shared.bus.streams import DUE_CONSUMER, REMINDERS, stream_of
from shared.contract.catalogue import CONTACT
from shared.contract.commands.notifier import AskLink, Link
from shared.contract.commands.privacy import ExportPerson
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
            composer = settings.composer(key)
            courier = Courier(runtime, transport, policy, key, composer)
            holding = Holding(runtime.facts, settings.holding_rules(), key)
            rules = RoundRules(policy, holding, settings.smtp_connections, settings.domain_limits())
            post = Post(runtime, transport, holding, policy)
            rounds = Round(runtime, book, post, courier, transport, rules)
            sending = SendingDesk(runtime, book, policy, holding, composer)

            acquaintance = Acquaintance(runtime.facts, book, key)
            replies = ReplyCommands(runtime, book, acquaintance)
            trust = settings.replies().trust
            intake = Intake(runtime, acquaintance, key, trust, Rejections(post, runtime.bus.clock))

            notices = NoticeDesk(runtime, book, post, key, settings.web_url)

            async def execute(request: Request) -> BaseModel:
                if isinstance(request.command, NOTICE_COMMANDS):
                    return await notices.execute(request)
                if isinstance(request.command, SENDING_COMMANDS):
                    return await sending.execute(request)
                if isinstance(request.command, REPLY_COMMANDS):
                    return await replies.execute(request)
                match request.command:
                    case ExportPerson() as question:
                        return exported(runtime.facts, request.community, question)
                    case AskLink() as question:
                        return _link(runtime, composer, request.community, question)
                raise TypeError(f"no answer to {type(request.command).__name__}")

            async with (
                rounds.running(),
                Eraser(runtime, notifier_duty(runtime, policy)).running(),
                notices.running(),
                Retention(runtime, policy).running(),
                taking_mail(runtime, intake, settings.replies()),
            ):
                yield execute

    own_facts = Source(stream_of(Service.NOTIFIER), facts_of(Service.NOTIFIER))
    sources = [own_facts, *(Source.of(kind) for kind in READS[Service.NOTIFIER])]
    return ServiceApp(settings, Service.NOTIFIER, sources, start, [Durable(REMINDERS, DUE_CONSUMER)])


def _link(runtime: Runtime, composer: Composer, community: str, question: AskLink) -> Link:
    contact = runtime.facts.state(CONTACT, Contact, community, question.person)
    if contact is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "names nobody here", "the id of a registered person")
    return Link(url=composer.page_url(community, contact, runtime.bus.clock.now()))
