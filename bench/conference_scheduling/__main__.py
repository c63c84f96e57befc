"""``python -m bench.conference_scheduling FILE.json``: solves a conference of Timefold's format with our own engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench.conference_scheduling import schedule
from bench.conference_scheduling.adapter import Answer, solved
from bench.conference_scheduling.reading import read
from bench.peers.errors import FormatError
from services.scheduler.search import SearchProgress
from shared.contract.facts.scheduler import Limits


def main(
    file: Annotated[Path, typer.Argument(help="a conference as JSON")],
    time_limit: Annotated[float, typer.Option(min=0.1, help="seconds")] = 30,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    workers: Annotated[int, typer.Option(min=1, max=64)] = 2,
    output: Annotated[Path | None, typer.Option(help="where the schedule goes: the file's own JSON, or .csv")] = None,
) -> None:
    """Solve FILE, say what the schedule scores, and write it in the file's own terms."""
    try:
        conference = read(file)
        answer = solved(conference, Limits(seconds=time_limit, seed=seed, workers=workers), _tell)
    except FormatError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    _show(answer)
    if output:
        schedule.write(file, answer.places, output)
        typer.echo(f"The schedule is in {output}.")


def _tell(progress: SearchProgress) -> None:
    placed = f"{progress.placed} of {progress.sessions} placed"
    typer.echo(f"{progress.seconds:6.1f} s  {placed}, soft {progress.objective}, at most {progress.bound}")


def _show(answer: Answer) -> None:
    typer.echo(f"{answer.score.hard}hard/{answer.score.soft}soft in {answer.seconds:.1f} s, at most {answer.bound}soft")
    for name, share in answer.score.constraints.items():
        if share.hard or share.soft:
            typer.echo(f"  {name}: {share.hard}hard/{share.soft}soft")
    for sentence in answer.score.invalid:
        typer.echo(f"  not valid: {sentence}")


if __name__ == "__main__":
    typer.run(main)
