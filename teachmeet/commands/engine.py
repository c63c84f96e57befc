"""The engine alone, without a broker: solve-file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared.contract.facts.scheduler import Limits
from teachmeet.commands.output import Json, console, guarded, print_json

app = typer.Typer()

REASONS_SHOWN = 20


@app.command("solve-file")
def solve_file(
    problem: Annotated[Path, typer.Argument(help="a planning problem as JSON (docs/contract/schemas/problem.json)")],
    output: Annotated[Path, typer.Option("--output", "-o", help="where the schedule is written, as JSON")],
    time_limit: Annotated[float, typer.Option(min=0.1, max=3600, help="seconds to search at most")] = 10.0,
    gap: Annotated[
        float | None, typer.Option(min=0, max=1, help="stop when no plan can be better by more than this share")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="solver workers")] = 2,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="seed of the search")] = 1,
    deterministic: Annotated[
        float | None,
        typer.Option(
            min=0.1, max=3600, help="instead of seconds: so many units of work, with the same answer each time"
        ),
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Solve a problem file. Sessions without a place come with their reasons."""
    # The solver takes a second to load; no other command needs it.
    from services.scheduler.files import Schedule
    from services.scheduler.files import solve_file as solve

    def work() -> Schedule:
        seconds = None if deterministic else time_limit
        limits = Limits(seconds=seconds, deterministic=deterministic, gap=gap, workers=workers, seed=seed)
        return solve(problem, output, limits)

    schedule = guarded(work, as_json=as_json)
    if as_json:
        print_json(schedule.totals)
        return
    placed, unplaced = schedule.totals.placed, schedule.totals.unplaced
    console.print(
        f"sessions placed: {placed}, without a place: {unplaced}; written to {output}", markup=False, soft_wrap=True
    )
    for one in schedule.unplaced[:REASONS_SHOWN]:
        console.print(f"  {one.session}: {one.reason}", markup=False, soft_wrap=True)
    if unplaced > REASONS_SHOWN:
        console.print(
            f"  and {unplaced - REASONS_SHOWN} more, with their reasons, in that file", markup=False, soft_wrap=True
        )
