"""How commands speak: tables for people, JSON for programs, and exit codes 0 (done), 1 (it said no), 2 (misuse)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import nats.errors
import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console

from services.scheduler.errors import SchedulerError
from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import BrokerUnreachableError, connect
from shared.bus.provision import ProvisionError
from shared.contract.authority import ORGANISER
from shared.contract.results import Rejection
from shared.settings import BusSettings
from teachmeet.errors import CannotError
from teachmeet.local.folder import DataFolder
from teachmeet.local.state import NotRunningError, read_running

console = Console()
errors = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="print JSON for programs instead of text for people")]
Data = Annotated[Path, typer.Option("--data", help="data folder of the running system", envvar="TEACHMEET_DATA")]
DEFAULT_DATA = Path("teachmeet-data")
Community = Annotated[
    str | None, typer.Option("--community", help="id of the community; the running system's when not given")
]

T = TypeVar("T")

# Seconds in which a broker must be found.
PATIENCE = 3.0

_SAYS_NO = (
    CannotError,
    BrokerUnreachableError,
    UnreachableError,
    ProvisionError,
    SchedulerError,
    TimeoutError,
    OSError,
    nats.errors.Error,
)


def print_json(value: BaseModel | list[Any] | dict[str, Any]) -> None:
    text = value.model_dump_json(indent=2) if isinstance(value, BaseModel) else json.dumps(value, indent=2, default=str)
    typer.echo(text)


def run(work: Callable[[], Coroutine[Any, Any, T]], *, as_json: bool) -> T:
    """Run a command's work; what it refuses is told in words, never as a trace."""
    return guarded(lambda: asyncio.run(work()), as_json=as_json)


def guarded(work: Callable[[], T], *, as_json: bool) -> T:
    """The same for work that is not asynchronous. Programs that asked for JSON get the refusal as JSON, too."""
    try:
        return work()
    except Rejection as rejection:
        sentences = [f"{each.field} {each.problem}; allowed: {each.allowed}" for each in rejection.errors]
    except ValidationError as error:
        sentences = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
    except _SAYS_NO as error:
        sentences = [str(error) or type(error).__name__]
    if as_json:
        print_json({"errors": sentences})
    else:
        for sentence in sentences:
            errors.print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


@asynccontextmanager
async def organiser(data: Path, community: str | None, *, patience: float = 15.0) -> AsyncIterator[Requester]:
    """A connection as the organiser of the running system, or of the one that the environment names."""
    async with connect(_settings(data), patience=PATIENCE) as bus:
        yield Requester(bus, community or _community(data), ORGANISER, patience=patience)


def _settings(data: Path) -> BusSettings:
    try:
        return BusSettings()
    except ValidationError:
        running = read_running(data)
        seed = DataFolder(data).user("cli").seed_file
        return BusSettings(
            nats=running.nats, user="cli", seed_file=seed, clock_offset_seconds=running.clock_offset_seconds
        )


def _community(data: Path) -> str:
    try:
        return read_running(data).community
    except NotRunningError:
        raise NotRunningError("name the community with --community") from None
