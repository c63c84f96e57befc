"""Commands that ask about a plan and write nothing: explain, whatif, alternatives, explain-file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shared.bus.client import Requester
from shared.contract.commands.explaining import (
    AddSession,
    Alternatives,
    AskAlternatives,
    AskExplanation,
    AskWhatIf,
    CancelSession,
    Change,
    Explanation,
    LoseRoom,
    MoveSession,
    PlanBasis,
    WhatIf,
)
from shared.contract.commands.scheduler import AskPlan, PlanShown
from shared.contract.subjects import Service
from teachmeet.commands.instants import local_instant
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, guarded, organiser, print_json, run

app = typer.Typer()

Programme = Annotated[str, typer.Argument(help="id of the programme")]
SessionId = Annotated[str, typer.Option("--session", "-s", help="id of the session")]
At = Annotated[
    str | None, typer.Option("--at", help="a start, such as 2027-01-12T10:00; local time unless it says otherwise")
]
RoomId = Annotated[str | None, typer.Option("--room", "-r", help="id of a room")]
Basis = Annotated[PlanBasis | None, typer.Option("--of", help="ask about the draft or the release; the draft first")]


@app.command("explain")
def explain(
    programme: Programme,
    session: SessionId,
    at: At = None,
    room: RoomId = None,
    of: Basis = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Say why a session is where it is, why it has no place, or why it is not at a start and in a room."""

    async def work() -> Explanation:
        async with organiser(data, community) as requester:
            start = await _instant(requester, programme, at, "--at")
            question = AskExplanation(programme=programme, session=session, start=start, room=room, basis=of)
            return await requester.ask(Service.SCHEDULER, question, Explanation)

    _tell(run(work, as_json=as_json), as_json=as_json)


@app.command("whatif")
def whatif(
    programme: Programme,
    move: Annotated[str | None, typer.Option(help="id of a session to move (--to, --room)")] = None,
    cancel: Annotated[str | None, typer.Option(help="id of a session to leave out")] = None,
    lose_room: Annotated[str | None, typer.Option(help="id of a room that is lost (--since, --until)")] = None,
    add: Annotated[str | None, typer.Option(help="id of one more session (--minutes, --presenter, --seats)")] = None,
    to: Annotated[str | None, typer.Option(help="the start of the moved or new session, 2027-01-12T10:00")] = None,
    room: RoomId = None,
    since: Annotated[str | None, typer.Option(help="from when the room is lost")] = None,
    until: Annotated[str | None, typer.Option(help="until when the room is lost")] = None,
    minutes: Annotated[int, typer.Option(help="length of the new session")] = 60,
    format: Annotated[str, typer.Option(help="format of the new session")] = "workshop",
    presenter: Annotated[list[str] | None, typer.Option(help="id of a presenter of the new session")] = None,
    seats: Annotated[int, typer.Option(help="seats that the new session needs")] = 1,
    of: Basis = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Say what a change would mean: what each rule makes of it, whom it affects, what it would break."""
    given = [name for name in (move, cancel, lose_room, add) if name is not None]
    if len(given) != 1:
        raise typer.BadParameter("give one of them", param_hint="--move/--cancel/--lose-room/--add")

    async def work() -> WhatIf:
        async with organiser(data, community) as requester:
            start = await _instant(requester, programme, to, "--to")
            change: Change
            if move is not None:
                change = MoveSession(session=move, start=start, room=room)
            elif cancel is not None:
                change = CancelSession(session=cancel)
            elif lose_room is not None:
                first = await _instant(requester, programme, since, "--since")
                change = LoseRoom(
                    room=lose_room, since=first, until=await _instant(requester, programme, until, "--until")
                )
            else:
                new = {"session": given[0], "format": format, "minutes": minutes, "presenters": presenter or ()}
                change = AddSession.model_validate(new | {"seats": seats, "start": start, "room": room})
            question = AskWhatIf(programme=programme, change=change, basis=of)
            return await requester.ask(Service.SCHEDULER, question, WhatIf)

    told = run(work, as_json=as_json)
    if as_json:
        print_json(told)
        return
    _print(told.sentence)
    for each in told.rules:
        _print(f"  {each.rule}: {each.was} → {each.now} person-minutes ({each.sentence})")


@app.command("alternatives")
def alternatives(
    programme: Programme,
    count: Annotated[int, typer.Option(min=1, max=10, help="how many other plans")] = 3,
    differ: Annotated[int, typer.Option(min=1, help="placements in which any two of them differ at least")] = 4,
    seconds: Annotated[float, typer.Option(min=0.1, max=60, help="how long to search for all of them")] = 5.0,
    of: Basis = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Find other good plans, and say what each is worth beside the present one."""

    async def work() -> Alternatives:
        async with organiser(data, community, patience=15.0 + 2 * seconds) as requester:
            question = AskAlternatives(programme=programme, count=count, differ=differ, seconds=seconds, basis=of)
            return await requester.ask(Service.SCHEDULER, question, Alternatives)

    told = run(work, as_json=as_json)
    if as_json:
        print_json(told)
        return
    _print(told.sentence)
    for number, each in enumerate(told.plans, start=1):
        _print(f"  {number}. {each.sentence}")


@app.command("explain-file")
def explain_file(
    problem: Annotated[Path, typer.Argument(help="a planning problem as JSON")],
    schedule: Annotated[Path, typer.Argument(help="its schedule, as solve-file wrote it")],
    session: SessionId,
    at: At = None,
    room: RoomId = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """The same as explain for files, without a running system."""
    # The solver takes a second to load; no other command needs it.
    from services.scheduler.explaining.files import explain_file as answer
    from services.scheduler.files import read_problem

    def work() -> Explanation:
        zone_name = read_problem(problem).zone
        return answer(problem, schedule, session, start=local_instant(at, zone_name, "--at"), room=room)

    _tell(guarded(work, as_json=as_json), as_json=as_json)


async def _instant(requester: Requester, programme: str, text: str | None, option: str) -> datetime | None:
    """A time as somebody typed it, in the programme's zone unless it names an offset."""
    if text is None:
        return None
    shown = await requester.ask(Service.SCHEDULER, AskPlan(programme=programme), PlanShown)
    return local_instant(text, shown.zone or "UTC", option)


def _tell(told: Explanation, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    _print(told.sentence)
    for line in _lines(told):
        _print(line)


def _lines(told: Explanation) -> Iterator[str]:
    if told.repairs:
        yield "What would help:"
        yield from (f"  {number}. {each.sentence}" for number, each in enumerate(told.repairs, start=1))
    if told.comparisons:
        yield "The next best places:"
        yield from (f"  {number}. {each.sentence}" for number, each in enumerate(told.comparisons, start=1))


def _print(line: str) -> None:
    console.print(line, markup=False, soft_wrap=True, highlight=False)
