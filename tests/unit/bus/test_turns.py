"""Long work in the event loop lets everything else have its turn."""

from __future__ import annotations

import asyncio

from shared.bus.background import in_turns


async def test_others_have_their_turn_before_each_so_many_items() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    seen = [(item, turns) async for item in in_turns(range(6), every=3)]
    task.cancel()
    assert [item for item, _ in seen] == list(range(6))
    counts = [count for _, count in seen]
    assert counts[0] == counts[2] < counts[3] == counts[5]


async def test_nothing_is_nothing() -> None:
    assert [item async for item in in_turns(())] == []
