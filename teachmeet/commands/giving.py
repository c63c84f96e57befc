"""Giving a service one command from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shared.contract.message import Command
from shared.contract.results import Accepted
from shared.contract.subjects import Service
from teachmeet.commands.output import console, organiser, print_json, run


def give(
    service: Service,
    command: Callable[[], Command],
    data: Path,
    community: str | None,
    *,
    as_json: bool,
    said: str = "noted",
) -> None:
    """Give the command that ``command`` makes, and say so. What is refused, also in making it, is told by field."""

    async def work() -> Accepted:
        made = command()
        async with organiser(data, community) as requester:
            return await requester.command(service, made)

    accepted = run(work, as_json=as_json)
    if as_json:
        print_json(accepted)
    else:
        console.print(said, style="green")
