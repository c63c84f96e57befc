"""All that the notifier does beside invitations: reminders, digests, calendars to subscribe to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import BaseModel

from services.notifier.asking.sender import AskingSender
from services.notifier.delivery.post import Post
from services.notifier.digests.sender import DigestSender
from services.notifier.feeds.answers import Feeds
from services.notifier.notices.preferences import preference_stated
from services.notifier.planning.book import Book
from services.notifier.reminders.due import DueReminders
from services.notifier.reminders.planner import ReminderPlanner
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.contract.commands.notices import AskFeed, AskFeedLink, AskOwnFeed, StatePreference
from shared.links import LinkKey

NOTICE_COMMANDS = (StatePreference, AskFeed, AskOwnFeed, AskFeedLink)


class NoticeDesk:
    """Sends notices for as long as it is running, and answers what is asked about them."""

    def __init__(
        self,
        runtime: Runtime,
        book: Book,
        post: Post,
        key: LinkKey,
        web_url: str,
    ) -> None:
        self._runtime = runtime
        self._planner = ReminderPlanner(runtime)
        self._feeds = Feeds(runtime, book, key, web_url)
        self._digests = DigestSender(runtime, post, key, web_url)
        self._due = DueReminders(runtime, post, key, web_url)
        self._asking = AskingSender(runtime, post, key, web_url)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with (
            self._planner.running(),
            self._due.running(),
            self._digests.running(),
            self._asking.running(),
        ):
            yield

    async def execute(self, request: Request) -> BaseModel:
        """The reply to one of the commands above. Raises Rejection."""
        match request.command:
            case StatePreference() as command:
                return await preference_stated(self._runtime, request, command)
            case AskFeed() as question:
                return await self._feeds.public(request.community, question)
            case AskOwnFeed() as question:
                return await self._feeds.own(request.community, question)
            case AskFeedLink() as question:
                return self._feeds.link(request.community, question)
        raise TypeError(f"no answer to {type(request.command).__name__}")
