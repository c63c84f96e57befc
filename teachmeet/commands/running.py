"""Commands that run things: up, demo, serve, provision."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from shared.bus.connection import connect
from shared.bus.provision import provision as apply_provision
from shared.bus.streams import DEFAULT_MAX_BYTES, consumers, streams
from shared.settings import BusSettings
from teachmeet.commands.output import DEFAULT_DATA, PATIENCE, Data, Json, console, guarded, print_json, run
from teachmeet.demo import run_demo
from teachmeet.local.up import UpOptions, run_up
from teachmeet.sample import SAMPLE_COMMUNITY
from teachmeet.serving import ServiceName
from teachmeet.serving import serve as serve_service

app = typer.Typer()


@app.command()
def up(
    data: Data = DEFAULT_DATA,
    community: Annotated[str, typer.Option(help="id of the community, chosen at the first start")] = SAMPLE_COMMUNITY,
    web_port: Annotated[int, typer.Option(help="port of the front desk; 0 is any free port, kept from then on")] = 0,
    smtp: Annotated[
        str | None, typer.Option(help="host:port of a mail server; without it mails are kept as files")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="where people reach the front desk, for links in mails")
    ] = None,
    sample: Annotated[  # noqa: FBT002 - a switch of the command line
        bool, typer.Option("--sample", help="fill an empty data folder with the sample community")
    ] = False,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Run the whole system until Ctrl-C."""
    if sample and community != SAMPLE_COMMUNITY:
        raise typer.BadParameter(f"the sample is the community {SAMPLE_COMMUNITY}", param_hint="--community")
    options = UpOptions(
        data=data, community=community, web_port=web_port, smtp=smtp, public_url=public_url, sample=sample
    )

    def note(text: str) -> None:
        print_json({"note": text}) if as_json else console.print(text, markup=False, soft_wrap=True)

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
        await run_up(options, stop, note)

    run(until_stopped, as_json=as_json)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="where everything it makes is left")] = Path("demo-output"),
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Run the main job on the sample community and leave what it makes on disk."""
    from rich.console import Console

    told = Console(record=True, quiet=as_json, width=None if console.is_terminal else 110)
    guarded(lambda: run_demo(output, told), as_json=as_json)
    if as_json:
        print_json({"output": str(output), "report": str(output / "report.txt")})


@app.command()
def serve(
    service: Annotated[ServiceName, typer.Argument(help="which service this process is")],
    nats: Annotated[str | None, typer.Option(help="address of the broker (or TEACHMEET_NATS)")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Run one service until SIGTERM; settings come from TEACHMEET_… in the environment."""
    import os

    if nats is not None:
        os.environ["TEACHMEET_NATS"] = nats
    guarded(lambda: serve_service(service), as_json=as_json)


@app.command()
def provision(
    partner: Annotated[list[str] | None, typer.Option(help="a partner system; may be given several times")] = None,
    max_bytes: Annotated[int, typer.Option(min=1, help="how large each stream may become")] = DEFAULT_MAX_BYTES,
    replicas: Annotated[int, typer.Option(min=1, max=5, help="1 for a single broker, 3 in a cluster")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what differs and change nothing")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Make the streams and consumers of a broker what they should be (TEACHMEET_USER must be provision)."""

    async def work() -> list[str]:
        settings = BusSettings()
        async with connect(settings, patience=PATIENCE) as bus:
            wanted = streams(max_bytes, replicas=replicas), consumers(partner or settings.partners)
            return [str(each) for each in await apply_provision(bus.js, *wanted, apply=not dry_run)]

    differences = run(work, as_json=as_json)
    if as_json:
        print_json({"differences": differences, "applied": not dry_run})
    else:
        console.print("\n".join(differences) or "everything is as it should be", markup=False)
