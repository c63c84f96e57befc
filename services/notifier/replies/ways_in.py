"""The ways in for mails, open for as long as the notifier runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from services.notifier.replies.intake import Intake
from services.notifier.replies.listener import listening
from services.notifier.replies.mailbox import Mailbox
from services.notifier.replies.settings import ListenerSettings, ReplySettings
from shared.bus.background import in_background
from shared.bus.service import Runtime


@asynccontextmanager
async def taking_mail(runtime: Runtime, intake: Intake, settings: ReplySettings) -> AsyncIterator[None]:
    """Take mails in once the view has caught up, by every way that the settings open."""
    async with AsyncExitStack() as stack:
        if settings.listener is not None:
            work = _listen(runtime, intake, settings.listener)
            await stack.enter_async_context(in_background(work, "listener for replies"))
        if settings.mailbox is not None:
            work = _watch(runtime, Mailbox(intake, settings.mailbox))
            await stack.enter_async_context(in_background(work, "mailbox of replies"))
        yield


async def _listen(runtime: Runtime, intake: Intake, settings: ListenerSettings) -> None:
    await runtime.replay.caught_up()
    async with listening(intake, settings):
        await asyncio.Event().wait()


async def _watch(runtime: Runtime, mailbox: Mailbox) -> None:
    await runtime.replay.caught_up()
    await mailbox.watch()
