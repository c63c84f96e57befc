"""``make bench``: ratios against raw baselines of the same run, as a table and in ``bench-output/``. Never fails for
being slow; a measurement that cannot be made ends it."""

from __future__ import annotations

import asyncio

from rich.console import Console

from bench import commands, composing, delivery, imports, people, startup
from bench.measuring import Figure, show, write
from bench.rig import rig


async def main() -> None:
    console = Console(width=150)
    figures: list[Figure] = []
    async with rig() as small:
        console.print("commands through the api …")
        figures += _kept("commands", await commands.measure(small))
    async with rig() as large:
        console.print("bulk import …")
        figures += _kept("imports", await imports.measure(large))
        console.print("start-up …")
        figures += _kept("startup", await startup.measure(large))
    async with rig() as crowded:
        console.print(f"{people.PEOPLE} people …")
        figures += _kept("people", await people.measure(crowded))
    async with rig() as mailing:
        console.print("delivery …")
        figures += _kept("delivery", await delivery.measure(mailing))
    console.print("composing …")
    figures += _kept("composing", await composing.measure())
    show(figures, console)


def _kept(group: str, figures: list[Figure]) -> list[Figure]:
    write(group, figures)
    return figures


asyncio.run(main())
