"""Work that ends when it is cancelled, also where a library swallows the first cancellation."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from teachmeet.local.cancelling import cancellable


async def test_the_result_and_the_error_of_the_work_are_the_callers() -> None:
    async def fail() -> None:
        raise LookupError

    assert await cancellable(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(LookupError):
        await cancellable(fail())


async def test_it_ends_although_the_first_cancellation_is_swallowed() -> None:
    seen = asyncio.Event()
    ended = []

    async def stubborn() -> None:
        try:
            with suppress(asyncio.CancelledError):
                seen.set()
                await asyncio.Event().wait()
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    caller = asyncio.create_task(cancellable(stubborn()))
    await seen.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(caller, 60)
    assert ended == [True]
