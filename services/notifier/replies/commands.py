"""The commands and questions about replies, carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel

from services.notifier.planning.book import Book
from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.answering import answered, shown
from services.notifier.replies.deciding import counter_decided, quarantine_decided
from services.notifier.replies.listing import listed
from shared.bus.executing import carry_out
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import Write
from shared.contract.catalogue import QUARANTINE, REPLY
from shared.contract.commands.replies import (
    AnswerInvitation,
    AskAnswer,
    AskReplies,
    DecideCounter,
    DecideQuarantine,
)
from shared.contract.subjects import EntityRef

REPLY_COMMANDS = (AnswerInvitation, AskAnswer, AskReplies, DecideCounter, DecideQuarantine)


class ReplyCommands:
    """Answers requests whose command is one of ``REPLY_COMMANDS``."""

    def __init__(self, runtime: Runtime, book: Book, acquaintance: Acquaintance) -> None:
        self._runtime = runtime
        self._book = book
        self._acquaintance = acquaintance

    async def execute(self, request: Request) -> BaseModel:
        """The reply. Raises Rejection."""
        facts, now = self._runtime.facts, self._runtime.bus.clock.now()
        match request.command:
            case AskAnswer() as question:
                return shown(facts, self._book, request.community, question, now)
            case AskReplies() as question:
                return listed(facts, self._book, request.community, question)
        entity, decide = self._decision(request)
        return await carry_out(self._runtime, request, entity, decide)

    def _decision(self, request: Request) -> tuple[EntityRef, Callable[[], Sequence[Write]]]:
        facts, community, now = self._runtime.facts, request.community, self._runtime.bus.clock.now()
        match request.command:
            case AnswerInvitation() as command:
                ref = REPLY.ref(community, command.person, command.session)
                return ref, lambda: answered(facts, self._book, community, command, request.actor.kind, now)
            case DecideCounter() as command:
                ref = REPLY.ref(community, command.person, command.session)
                return ref, lambda: counter_decided(facts, community, command, now)
            case DecideQuarantine() as command:
                ref = QUARANTINE.ref(community, command.person, command.id)
                return ref, lambda: quarantine_decided(facts, self._acquaintance, community, command, now)
        raise TypeError(f"{type(request.command).__name__} is not about replies")
