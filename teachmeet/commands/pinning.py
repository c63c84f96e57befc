"""Commands that fix sessions: pin, unpin, pins."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.bus.client import Requester
from shared.contract.commands.pins import AskPins, Pins, PinSession, UnpinSession
from shared.contract.commands.scheduler import AskPlan, PlanShown
from shared.contract.facts.pins import Pin
from shared.contract.facts.scheduler import Placement
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.time.zones import zone
from teachmeet.commands.instants import local_instant
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run

app = typer.Typer()

Programme = Annotated[str, typer.Argument(help="id of the programme")]
Session = Annotated[str, typer.Argument(help="id of the session")]


@app.command("pin")
def pin(
    programme: Programme,
    session: Session,
    at: Annotated[
        str | None,
        typer.Option("--at", help="its start, such as 2027-01-12T10:00; local time unless it says otherwise"),
    ] = None,
    room: Annotated[str | None, typer.Option("--room", "-r", help="id of its room")] = None,
    here: Annotated[bool, typer.Option("--here", help="where the present draft has it")] = False,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Fix a session to a start, a room, or both. The next solve plans around it."""

    async def work() -> PinSession:
        async with organiser(data, community) as requester:
            shown = await requester.ask(Service.SCHEDULER, AskPlan(programme=programme), PlanShown)
            if here:
                placed = _placed(shown, session)
                command = PinSession(session=session, room=placed.room, start=placed.start)
            else:
                start = local_instant(at, shown.zone or "UTC", "--at")
                command = PinSession(session=session, room=room, start=start)
            await requester.command(Service.SCHEDULER, command)
            return command

    fixed = run(work, as_json=as_json)
    if as_json:
        print_json(fixed)
    else:
        console.print(f"{session} is pinned; solve {programme} again to plan around it")


@app.command("unpin")
def unpin(
    session: Session,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Let a session be moved again."""

    async def work() -> None:
        async with organiser(data, community) as requester:
            await requester.command(Service.SCHEDULER, UnpinSession(session=session))

    run(work, as_json=as_json)
    if as_json:
        print_json({"session": session})
    else:
        console.print(f"{session} may be moved")


@app.command("pins")
def pins(
    programme: Programme,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the sessions of a programme that are fixed."""

    async def work() -> Pins:
        async with organiser(data, community) as requester:
            return await _pins(requester, programme)

    listed = run(work, as_json=as_json)
    if as_json:
        print_json(listed)
        return
    for each in listed.pins:
        console.print(_line(each, listed.zone or "UTC"), markup=False, soft_wrap=True)
    if not listed.pins:
        console.print(f"no session of {programme} is pinned")


async def _pins(requester: Requester, programme: str) -> Pins:
    return await requester.ask(Service.SCHEDULER, AskPins(programme=programme), Pins)


def _placed(shown: PlanShown, session: str) -> Placement:
    """Raises Rejection when the draft has no place for it."""
    placements = shown.plan.draft.placements if shown.plan is not None and shown.plan.draft is not None else ()
    for placed in placements:
        if placed.session == session:
            return placed
    raise Rejection.of(RejectionCode.CONFLICT, "session", "has no place in the draft", "a session that is placed")


def _line(pin: Pin, zone_name: str) -> str:
    when = f" at {pin.start.astimezone(zone(zone_name)):%a %d %b %Y %H:%M}" if pin.start is not None else ""
    return f"{pin.session}:{when}{f' in {pin.room}' if pin.room is not None else ''}"
