"""Running orders of an evening, without a broker: plan, commit, draw, verify and reflow."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel
from rich.table import Table

from shared.time.zones import zone
from teachmeet.commands.output import Json, console, guarded, print_json

if TYPE_CHECKING:
    from services.scheduler.running_order.evening import Evening
    from services.scheduler.running_order.order import RunningOrder

app = typer.Typer()
group = typer.Typer(no_args_is_help=True, help="Order the talks of one evening: pack, draw fairly, re-flow.")
app.add_typer(group, name="running-order")

EveningFile = Annotated[Path, typer.Argument(help="an evening as JSON (docs/running-orders.md)")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="where the result is written, as JSON")]
DrawFile = Annotated[Path | None, typer.Option("--draw", help="a draw: its order is kept; composed when not given")]


@group.command("plan")
def plan(
    evening: EveningFile,
    draw: DrawFile = None,
    output: Output = None,
    time_limit: Annotated[float, typer.Option(min=0.1, max=3600, help="seconds to search at most")] = 10.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="solver workers")] = 2,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Pack the talks into the parts of the evening. Who has no place is named, with the reason."""
    from services.scheduler.running_order.drawing import Draw
    from services.scheduler.running_order.evening import Evening
    from services.scheduler.running_order.files import read
    from services.scheduler.running_order.planning import plan as make

    def work() -> tuple[Evening, RunningOrder]:
        read_evening = read(Evening, evening)
        drawn = read(Draw, draw) if draw else None
        order = make(read_evening, drawn, seconds=time_limit, workers=workers)
        _keep(order, output)
        return read_evening, order

    told, order = guarded(work, as_json=as_json)
    if as_json:
        print_json(order)
    else:
        _show(told, order)


@group.command("commit")
def commit(
    evening: EveningFile,
    seed_file: Annotated[Path, typer.Option(help="holds the secret seed; made when it is not there")],
    output: Output = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Commit to a draw: publish what this prints, and keep the seed file secret until the draw."""
    from services.scheduler.running_order.drawing import Commitment
    from services.scheduler.running_order.drawing import commit as make
    from services.scheduler.running_order.evening import Evening
    from services.scheduler.running_order.files import kept_seed, read

    def work() -> Commitment:
        commitment = make(read(Evening, evening), kept_seed(seed_file))
        _keep(commitment, output)
        return commitment

    made = guarded(work, as_json=as_json)
    if as_json:
        print_json(made)
    else:
        console.print(f"commitment {made.commitment}", soft_wrap=True)
        console.print(f"{len(made.entrants)} entrants; publish this, and keep {seed_file} secret until the draw")


@group.command("draw")
def draw(
    evening: EveningFile,
    seed: Annotated[str | None, typer.Option(help="the seed that was committed to")] = None,
    seed_file: Annotated[Path | None, typer.Option(help="the file that holds it")] = None,
    word: Annotated[str, typer.Option(help="what the room said after the commitment was out")] = "",
    output: Output = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Draw the order in which presenters speak. Publish the outcome: it reveals the seed."""
    from services.scheduler.running_order.drawing import Draw
    from services.scheduler.running_order.drawing import draw as make
    from services.scheduler.running_order.evening import Evening
    from services.scheduler.running_order.files import checked_seed, checked_word, read, read_seed

    if (seed is None) == (seed_file is None):
        raise typer.BadParameter("give either --seed or --seed-file")

    def work() -> Draw:
        known = read_seed(seed_file) if seed_file else checked_seed(seed or "")
        drawn = make(read(Evening, evening), known, checked_word(word))
        _keep(drawn, output)
        return drawn

    drawn = guarded(work, as_json=as_json)
    if as_json:
        print_json(drawn)
    else:
        for place, presenter in enumerate(drawn.order, 1):
            console.print(f"{place:3}  {presenter}", highlight=False)
        console.print(f"seed {drawn.seed}\ncommitment {drawn.commitment}", highlight=False, soft_wrap=True)


@group.command("verify")
def verify(
    evening: EveningFile,
    commitment: Annotated[Path, typer.Option(help="what was published before the draw")],
    draw: Annotated[Path, typer.Option(help="what was published after it")],
    order: Annotated[Path | None, typer.Option(help="the running order that was made of it")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Do the draw again and say what does not match. Exit code 1 when something does not."""
    from services.scheduler.running_order.drawing import Commitment, Draw
    from services.scheduler.running_order.evening import Evening
    from services.scheduler.running_order.files import read
    from services.scheduler.running_order.order import RunningOrder
    from services.scheduler.running_order.verifying import verify as check

    def work() -> tuple[str, ...]:
        given = read(RunningOrder, order) if order else None
        return check(read(Evening, evening), read(Commitment, commitment), read(Draw, draw), given)

    told = guarded(work, as_json=as_json)
    if as_json:
        print_json({"matches": not told, "differences": list(told)})
    else:
        for sentence in told or ("Everything matches: the draw is the one that was committed to.",):
            console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    if told:
        raise typer.Exit(1)


@group.command("reflow")
def reflow(
    evening: EveningFile,
    order: Annotated[Path, typer.Argument(help="the running order as it stands, as JSON")],
    ended: Annotated[str | None, typer.Option(help="id of the talk or break that has just ended, if any")] = None,
    late: Annotated[int | None, typer.Option(min=-1440, max=1440, help="minutes late; below zero when early")] = None,
    now: Annotated[str | None, typer.Option(help="the time instead, e.g. 2027-03-04T18:34:00Z")] = None,
    no_show: Annotated[list[str] | None, typer.Option(help="id of a talk that will not be given")] = None,
    output: Output = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Work out the rest of the evening anew, after an over-run, an early finish or a no-show."""
    from services.scheduler.running_order.evening import Evening
    from services.scheduler.running_order.files import checked_instant, read
    from services.scheduler.running_order.order import RunningOrder
    from services.scheduler.running_order.reflow import Reflow, due, place_after
    from services.scheduler.running_order.reflow import reflow as make

    if (late is None) == (now is None):
        raise typer.BadParameter("give either --late or --now")

    def work() -> tuple[Evening, Reflow]:
        read_evening, standing = read(Evening, evening), read(RunningOrder, order)
        place = place_after(standing, ended)
        at: datetime = checked_instant(now) if now else due(read_evening, standing, place) + _minutes(late or 0)
        made = make(read_evening, standing, ended=place, now=at, no_shows=no_show or ())
        _keep(made.order, output)
        return read_evening, made

    told, made = guarded(work, as_json=as_json)
    if as_json:
        print_json({"changes": list(made.changes), "order": made.order.model_dump(mode="json")})
    else:
        for sentence in made.changes or ("Nothing changes.",):
            console.print(sentence, markup=False, highlight=False, soft_wrap=True)
        _show(told, made.order)


def _minutes(late: int) -> timedelta:
    return timedelta(minutes=late)


def _keep(value: BaseModel, output: Path | None) -> None:
    from services.scheduler.running_order.files import write

    if output:
        write(value, output)


def _show(evening: Evening, order: RunningOrder) -> None:
    local = zone(order.zone)
    titles = {pause.id: pause.title for pause in evening.breaks}
    table = Table("Time", "Minutes", "Part", "What", "Who")
    for slot in order.slots:
        talk = evening.talk(slot.id) if slot.kind == "talk" else None
        cells = (titles[slot.id], "") if talk is None else (talk.id, talk.presenter)
        table.add_row(f"{slot.start.astimezone(local):%H:%M}", str(slot.minutes), str(slot.part), *cells)
    console.print(table)
    console.print(f"times in {order.zone}")
    for each in order.left_out:
        owed = " First next time." if each.first_next_time else ""
        console.print(f"Not speaking: {each.talk} by {each.presenter}. {each.reason}{owed}", markup=False)
    for finding in order.findings:
        if finding.rule != "unplaced-talk":
            console.print(f"{finding.sentence} ({finding.rule}, {finding.cost} person-minutes)", markup=False)
