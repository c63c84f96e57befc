"""Which search suits a problem, by its structure."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from services.scheduler.blocks.programme import in_blocks
from services.scheduler.blocks.search import BlockSearch
from services.scheduler.compiling import Compiled
from services.scheduler.search import Found, OnProgress, Search
from shared.contract.facts.scheduler import Limits


def best_found(
    compiled: Compiled,
    limits: Limits,
    *,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
    start: Mapping[str, int] | None = None,
) -> Found:
    """The best plan found within the limits: block by block for a programme in blocks, else by the general search."""
    programme = in_blocks(compiled)
    if programme is not None:
        return BlockSearch(programme, limits, on_progress=on_progress, cancel=cancel, start=start).run()
    return Search(compiled, limits, on_progress=on_progress, cancel=cancel, start=start).run()
