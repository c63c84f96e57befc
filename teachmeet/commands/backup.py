"""Commands that make a backup and bring one back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from teachmeet.backups import back_up
from teachmeet.backups import restore as bring_back
from teachmeet.commands.output import DEFAULT_DATA, Data, Json, console, guarded, print_json, run
from teachmeet.erasures import read_erasures

app = typer.Typer()


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(help="folder to make; it holds the keys, too")],
    data: Data = DEFAULT_DATA,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Copy the data folder of a stopped system."""
    guarded(lambda: back_up(data, out), as_json=as_json)
    print_json({"backup": str(out)}) if as_json else console.print(f"{out} is a backup of {data}", markup=False)


@app.command()
def restore(
    saved: Annotated[Path, typer.Argument(metavar="BACKUP", help="what `teachmeet backup` made")],
    data: Data = DEFAULT_DATA,
    erasures: Annotated[
        Path | None, typer.Option(help="who was erased since: the newest file of `teachmeet erasures save`")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Bring a backup back as a new data folder. Whoever was erased since is erased from it, too."""

    async def work() -> int:
        return await bring_back(saved, data, read_erasures(erasures) if erasures is not None else {})

    count = run(work, as_json=as_json)
    if as_json:
        print_json({"data": str(data), "erased_again": count})
    else:
        console.print(f"{data} is restored; {count} people were erased from it again", markup=False)
