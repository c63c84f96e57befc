"""``python -m bench.csplib FILE.xlsx``: solve a conference of CSPLib's format and write the schedule in its terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.csplib.reading import read
from bench.csplib.schedule import write
from bench.csplib.solving import Answer, solved
from bench.peers.errors import FormatError
from services.scheduler.search import SearchProgress
from services.scheduler.warm_up import warm_up
from shared.contract.facts.scheduler import Limits

_console = Console(width=120, highlight=False)


def main(
    file: Annotated[Path, typer.Argument(help="a workbook of CSPLib's format")],
    time_limit: Annotated[float, typer.Option(help="seconds")] = 60.0,
    seed: int = 1,
    workers: Annotated[int, typer.Option(min=1)] = 2,
    output: Annotated[Path | None, typer.Option(help="the schedule, as .csv or .json")] = None,
) -> None:
    try:
        instance = read(file)
    except FormatError as error:
        _console.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from None
    warm_up()
    answer = solved(instance, Limits(seconds=time_limit, seed=seed, workers=workers), _tell)
    to = output or Path(f"{file.stem}.schedule.csv")
    write(answer.placements, to)
    _show(instance.name, answer, to)


def _tell(progress: SearchProgress) -> None:
    placed = f"{progress.placed} of {progress.sessions} placed"
    _console.print(f"{progress.seconds:6.1f} s  {-progress.objective}, at least {-progress.bound}, {placed}")


def _show(name: str, answer: Answer, to: Path) -> None:
    proven = "proven best" if answer.proven else f"no schedule is below {answer.bound}"
    _console.print(f"\n{name}: {answer.score.weighted} ({proven}), {answer.seconds:.1f} s, written to {to}")
    for term, amount in answer.score.terms.items():
        if amount:
            _console.print(f"  {term.value}: {amount}")
    for violation in answer.score.violations:
        _console.print(f"  [red]{violation}[/red]")


if __name__ == "__main__":
    typer.run(main)
