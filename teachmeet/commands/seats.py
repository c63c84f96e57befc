"""Commands about the seats of a released session: who has one, who waits and why; take, give back, accept, decline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.table import Table

from shared.contract.commands.seats import (
    AcceptSeat,
    AskSeat,
    DeclineSeat,
    PersonStands,
    ReleaseSeat,
    SeatShown,
    TakeSeat,
)
from shared.contract.facts.seats import Pool
from shared.contract.message import Command
from shared.contract.subjects import Service
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run

app = typer.Typer()
seats = typer.Typer(no_args_is_help=True, help="Seats: who has one, who waits, and why.")
app.add_typer(seats, name="seats")

Person = Annotated[str, typer.Argument(help="id of the person")]
Session = Annotated[str, typer.Argument(help="id of the session")]


@seats.command()
def show(
    session: Session,
    person: Annotated[str | None, typer.Argument(help="tell of this person alone")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Tell who has a seat, who is offered one, and who waits in which place and why."""

    async def work() -> SeatShown:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskSeat(session=session, person=person), SeatShown)

    shown = run(work, as_json=as_json)
    if as_json:
        print_json(shown)
        return
    console.print(summary(shown), markup=False, soft_wrap=True)
    if shown.you is not None:
        console.print(sentence(shown.you), markup=False, soft_wrap=True)
        return
    table = Table(title=f"Seats of {shown.session}", title_justify="left")
    for heading in ("Person", "Stands", "Why"):
        table.add_column(heading)
    for each in shown.people:
        table.add_row(each.person, each.standing.value, each.why)
    console.print(table)


@seats.command()
def take(
    person: Person,
    session: Session,
    pool: Annotated[Pool | None, typer.Option(help="in the room or online; else whichever is free")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Ask for a seat for somebody; where none is free they wait for one."""
    _give(
        lambda: TakeSeat(person=person, session=session, pool=pool), person, session, data, community, as_json=as_json
    )


@seats.command()
def release(
    person: Person,
    session: Session,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Give somebody's seat back, or have them wait no more."""
    _give(lambda: ReleaseSeat(person=person, session=session), person, session, data, community, as_json=as_json)


@seats.command()
def accept(
    person: Person,
    session: Session,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Take up the seat that somebody is offered."""
    _give(lambda: AcceptSeat(person=person, session=session), person, session, data, community, as_json=as_json)


@seats.command()
def decline(
    person: Person,
    session: Session,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Let the seat that somebody is offered go to the next."""
    _give(lambda: DeclineSeat(person=person, session=session), person, session, data, community, as_json=as_json)


def _give(
    command: Callable[[], Command], person: str, session: str, data: Data, community: Community, *, as_json: bool
) -> None:
    async def work() -> SeatShown:
        made = command()
        async with organiser(data, community) as requester:
            await requester.command(Service.REGISTRATIONS, made)
            return await requester.ask(Service.REGISTRATIONS, AskSeat(session=session, person=person), SeatShown)

    shown = run(work, as_json=as_json)
    if as_json:
        print_json(shown)
    elif shown.you is not None:
        console.print(sentence(shown.you), markup=False, soft_wrap=True)


def sentence(stands: PersonStands) -> str:
    """Where somebody stands, in one sentence."""
    return f"{stands.person}: {stands.why}"


def summary(shown: SeatShown) -> str:
    """How the session's seats stand, in one sentence."""
    if shown.drop_in:
        return f"{shown.session} is a drop-in: no seats, everybody just comes"
    pools = (
        ", ".join(f"{each.taken} of {each.seats} seats {each.pool.value}" for each in shown.pools) or "no seats known"
    )
    offered = sum(each.offered for each in shown.pools)
    over = sum(max(0, each.taken - each.seats) for each in shown.pools)
    held = f", {offered} held for an offer" if offered else ""
    crowded = f"; {over} more than the room has" if over else ""
    return f"{shown.session}: {pools}{held}, {shown.waiting} waiting ({shown.waiting_order.value}){crowded}"
