"""All that an organiser asks and says about mails going out."""

from __future__ import annotations

from itertools import islice

from pydantic import BaseModel

from services.notifier.content.composing import Composer
from services.notifier.delivery.agenda import input_seq
from services.notifier.delivery.failed_notices import FailedNotices
from services.notifier.delivery.holding import Holding
from services.notifier.delivery.life import DeliveryPolicy
from services.notifier.delivery.outboxes import Outboxes
from services.notifier.delivery.reporting import delivery, sessions_of
from services.notifier.delivery.sending_commands import sending_changed
from services.notifier.delivery.suppression import listed
from services.notifier.planning.book import Book
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import PROPOSAL
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.commands.sending import AskOutbox, AskSuppressions, LiftSuppression, PauseSending, ResumeSending
from shared.contract.facts.registrations import Proposal
from shared.contract.subjects import Service

_MOST_NOTICES = 500
SENDING_COMMANDS = (AskDelivery, AskOutbox, AskSuppressions, LiftSuppression, PauseSending, ResumeSending)


class SendingDesk:
    """Answers the commands above."""

    def __init__(
        self, runtime: Runtime, book: Book, policy: DeliveryPolicy, holding: Holding, composer: Composer
    ) -> None:
        self._runtime = runtime
        self._book = book
        self._policy = policy
        self._holding = holding
        self._failed = FailedNotices(runtime.facts)
        self._outboxes = Outboxes(runtime, book, policy, holding, composer)

    async def execute(self, request: Request) -> BaseModel:
        """The reply. Raises Rejection."""
        facts, community = self._runtime.facts, request.community
        match request.command:
            case AskDelivery() as question:
                return await self._delivery(community, question)
            case AskOutbox() as question:
                return await self._outboxes.answer(community, question)
            case AskSuppressions():
                return listed(facts, community)
            case PauseSending() | ResumeSending() | LiftSuppression():
                return await sending_changed(self._runtime, request)
        raise TypeError(f"no answer to {type(request.command).__name__}")

    async def _delivery(self, community: str, question: AskDelivery) -> Delivery:
        found = self._report(community, question)
        if not found.complete:
            return found
        # Seats may be known before the proposals and people that they were made from: then more is to be sent.
        await self._runtime.replay.passed(stream_of(Service.REGISTRATIONS), input_seq(self._runtime.facts))
        return self._report(community, question)

    def _report(self, community: str, question: AskDelivery) -> Delivery:
        facts, now = self._runtime.facts, self._runtime.bus.clock.now()
        found = delivery(facts, self._book, community, question, now, self._policy, self._holding)
        proposals = facts.states(PROPOSAL, Proposal, community).values()
        ours = (each.proposal for each in proposals if each.programme == question.programme)
        subjects = {question.programme, *ours, *sessions_of(facts, community, question.programme)}
        notices = islice(self._failed.about(community, subjects, now, self._policy), _MOST_NOTICES)
        return found.model_copy(update={"undelivered_notices": tuple(notices)})
