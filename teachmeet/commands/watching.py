"""Commands that look: events, doctor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.table import Table

from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.bus.facts import Facts, Stored
from shared.bus.permissions import READS
from shared.bus.replay import Replay, Source
from shared.bus.streams import DEADLETTERS
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.subjects import Service
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run
from teachmeet.local.state import NotRunningError, read_running

app = typer.Typer()


@app.command()
def events(
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="wait for what comes, until Ctrl-C")] = True,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Tell the facts as they come: programmes, rooms, proposals, seats, plans, releases. No personal data is read."""

    def tell(stored: Stored) -> None:
        ref = stored.ref
        if as_json:
            fact = stored.state.model_dump(mode="json", exclude={"applied"}, exclude_none=True)
            print_json({"subject": ref.fact(stored.what), "seq": stored.seq, "fact": fact})
        else:
            console.print(f"{stored.seq:>7}  {ref.entity} {' '.join(ref.ids)} {stored.what}", markup=False)

    async def work() -> None:
        async with organiser(data, community) as requester:
            facts = Facts()
            facts.listen(tell)
            async with Replay(requester.bus, facts, [Source.of(kind) for kind in READS["cli"]]) as replay:
                await replay.caught_up()
                if follow:
                    await asyncio.Event().wait()

    try:
        run(work, as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def doctor(data: Data = DEFAULT_DATA, community: Community = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Tell whether every service is reachable and caught up, and whether messages of ours have failed."""

    async def work() -> tuple[list[dict[str, Any]], int]:
        async with organiser(data, community) as requester:
            patient = Requester(requester.bus, requester.community, requester.actor, patience=3.0)
            found = [await _examine(patient, service) for service in Service]
            return [*found, *await _examine_web(data)], await _dead_letters(requester.bus)

    found, letters = run(work, as_json=as_json)
    healthy = all(each["ready"] and not each["problems"] for each in found) and not letters
    if as_json:
        print_json({"healthy": healthy, "services": found, "dead_letters": letters})
    else:
        console.print(_table(found))
        console.print(f"dead letters: {letters}")
        console.print("all is well" if healthy else "something needs attention", style="green" if healthy else "red")
    raise typer.Exit(0 if healthy else 1)


async def _examine(requester: Requester, service: Service) -> dict[str, Any]:
    try:
        health = await requester.ask(service, CheckHealth(), Health)
    except UnreachableError as error:
        return {"service": service.value, "ready": False, "pending": None, "storage": None, "problems": [str(error)]}
    return {
        "service": service.value,
        "ready": health.ready,
        "pending": sum(each.pending for each in health.consumers),
        "storage": health.storage_percent,
        "problems": list(health.problems),
    }


async def _examine_web(data: Path) -> list[dict[str, Any]]:
    """The front desk of the system that runs on this folder; elsewhere its own ``/readyz`` is asked."""
    try:
        url = read_running(data).web
    except NotRunningError:
        return []
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = (await client.get(f"{url}/readyz", timeout=5.0)).json()
    except (httpx.HTTPError, ValueError):
        answer = {"ready": False, "problems": [f"the front desk does not answer at {url}"], "warnings": []}
    problems = [*answer["problems"], *answer["warnings"]]
    return [{"service": "web", "ready": answer["ready"], "pending": None, "storage": None, "problems": problems}]


async def _dead_letters(bus: Bus) -> int:
    return int((await bus.js.stream_info(DEADLETTERS)).state.messages)


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table()
    for heading in ("service", "ready", "pending", "storage %", "problems"):
        table.add_column(heading)
    for each in found:
        ready = "yes" if each["ready"] else "no"
        pending, storage = ("-" if each[name] is None else str(each[name]) for name in ("pending", "storage"))
        table.add_row(each["service"], ready, pending, storage, "; ".join(each["problems"]) or "none")
    return table
