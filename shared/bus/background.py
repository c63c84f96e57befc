"""A service's own work beside its endpoints."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
_EXIT_WORK_DIED = 71
_CANCEL_AGAIN_AFTER = 0.2


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Have ``work`` done for as long as the block lasts; then it is cancelled and waited for.

    A service whose work has died would go on to look healthy, so an error that it does not handle ends the process;
    a supervisor starts it anew.
    """
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_end_process_on_error)
    try:
        yield task
    finally:
        await cancelled(task)


async def in_turns(items: Iterable[T], *, every: int = 1) -> AsyncIterator[T]:
    """The items, with everything else in the process having its turn before each ``every`` of them."""
    for number, item in enumerate(items):
        if number % every == 0:
            await asyncio.sleep(0)
        yield item


async def cancelled(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until each has ended.

    nats-py swallows a cancellation that meets a flush (``Client._flush_pending``), so one may not be enough.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_CANCEL_AGAIN_AFTER)


def _end_process_on_error(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("%s died; ending this process", task.get_name(), exc_info=task.exception())
        os._exit(_EXIT_WORK_DIED)
