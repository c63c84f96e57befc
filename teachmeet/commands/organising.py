"""Commands of an organiser: import, propose, solve, show, release."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from services.registrations.imports.drafts import DraftCommand
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.reading import horizon_of, read_import
from shared.contract.facts.scheduler import Disturbance, Draft, Limits, PlanMode, Progress
from shared.contract.results import Rejection, RejectionCode
from shared.contract.values import new_id
from teachmeet.commands.output import (
    DEFAULT_DATA,
    Community,
    Data,
    Json,
    console,
    organiser,
    print_json,
    run,
)
from teachmeet.organiser import Imported, Organiser
from teachmeet.report import Wording, draft_report, programme_table

app = typer.Typer()


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV, .ics (named after the person) or .yaml files")],
    first: Annotated[str | None, typer.Option(help="first day that timetables count for, e.g. 2027-01-05")] = None,
    last: Annotated[str | None, typer.Option(help="last day that timetables count for")] = None,
    zone: Annotated[str, typer.Option(help="zone of timetables without one")] = "Europe/London",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="read the files and send nothing")] = False,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Send files in: settings, people, proposals, interests, availability, timetables. A bad row costs no other."""
    horizon = _horizon(first, last, zone)
    read = [read_import(file, horizon=horizon) for file in files]
    if horizon is None and (found := horizon_of(read)) is not None:
        read = [read_import(file, horizon=found) for file in files]
    problems = [str(problem) for each in read for problem in each.problems]
    commands = tuple(command for each in read for command in each.commands)
    named = community or next((each.community for each in read if each.community), None)
    result = Imported((), (), 0) if dry_run else run(lambda: _send(commands, data, named), as_json=as_json)
    problems += [line for each in result.refused for line in _refusal(each.draft, each.rejection)]
    if as_json:
        print_json({"read": len(commands), "accepted": len(result.accepted), "problems": problems, "seq": result.seq})
    else:
        for problem in problems:
            console.print(problem, style="yellow", markup=False, soft_wrap=True)
        console.print(f"{len(commands)} rows read, {len(result.accepted)} accepted, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


async def _send(commands: tuple[DraftCommand, ...], data: Path, community: str | None) -> Imported:
    async with organiser(data, community) as requester:
        return await Organiser(requester).import_drafts(commands)


def _horizon(first: str | None, last: str | None, zone: str) -> Horizon | None:
    if first is None or last is None:
        return None
    try:
        return Horizon(date.fromisoformat(first), date.fromisoformat(last), zone)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--first/--last") from None


def _refusal(draft: DraftCommand, rejection: Rejection) -> list[str]:
    return [
        f"{draft.file}, line {draft.line}: {error.field} {error.problem}; allowed: {error.allowed}"
        for error in rejection.errors
    ]


@app.command()
def propose(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    title: Annotated[str, typer.Argument(help="title of the session")],
    presenter: Annotated[list[str], typer.Option(help="id of a presenter; may be given several times")],
    minutes: Annotated[int, typer.Option(help="length of a session in minutes")] = 60,
    format: Annotated[str, typer.Option(help="nano, micro, soapbox, workshop, light-lunch, ...")] = "workshop",
    need: Annotated[list[str] | None, typer.Option(help="a feature that the room must have")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="accept it straight away")] = False,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Submit a proposal to a programme."""
    proposal = new_id()
    payload: dict[str, Any] = {
        "proposal": proposal,
        "programme": programme,
        "title": title,
        "format": format,
        "minutes": minutes,
        "presenters": presenter,
        "needs": need or [],
    }

    async def work() -> int:
        async with organiser(data, community) as requester:
            acting = Organiser(requester)
            seq = await acting.send(DraftCommand("command line", 1, "proposal", "submit", payload))
            return max(seq, await acting.accept([proposal])) if accept else seq

    seq = run(work, as_json=as_json)
    if as_json:
        print_json({"proposal": proposal, "seq": seq})
    else:
        console.print(f"proposal {proposal} is {'accepted' if accept else 'submitted'}")


@app.command()
def solve(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    seconds: Annotated[float, typer.Option(help="how long to search at most")] = 10.0,
    gap: Annotated[
        float | None, typer.Option(min=0, max=1, help="stop when no plan can be better by more than this share")
    ] = None,
    workers: Annotated[int, typer.Option(help="how many solver workers")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="seed of the search")] = 1,
    few_moves: Annotated[  # noqa: FBT002
        bool, typer.Option("--few-moves", help="move as little as possible of what is released")
    ] = False,
    budget: Annotated[
        int | None, typer.Option(min=0, help="with --few-moves: people-moves that a better plan may cost")
    ] = None,
    freeze_hours: Annotated[int, typer.Option(min=0, help="with --few-moves: what begins so soon stays if it can")] = 0,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Ask for a schedule, show how the search goes, and show the draft."""
    mode = PlanMode.FEW_MOVES if few_moves else PlanMode.FRESH

    def note(state: Progress) -> None:
        if not as_json:
            console.print(
                f"{state.seconds:5.1f} s  objective {state.objective}, bound {state.bound}, "
                f"{state.placed} of {state.sessions} placed"
            )

    async def work() -> None:
        async with organiser(data, community) as requester:
            acting = Organiser(requester)
            async with acting.progress(programme, note):
                limits = Limits(seconds=seconds, gap=gap, workers=workers, seed=seed)
                disturbance = Disturbance(budget=budget, freeze_hours=freeze_hours)
                await acting.request_plan(programme, at_least_seq=0, limits=limits, mode=mode, disturbance=disturbance)
                shown = await acting.drafted(programme)
        if as_json:
            print_json(shown)
        elif shown.plan is not None and shown.plan.draft is not None:
            console.print(draft_report(shown.plan.draft, Wording.of(shown), caption=f"Draft of {programme}"))
            console.print(f"release it with: teachmeet release {programme}")

    run(work, as_json=as_json)


@app.command()
def show(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show the present plan of a programme."""

    async def work() -> None:
        async with organiser(data, community) as requester:
            shown = await Organiser(requester).show_plan(programme)
        if as_json:
            print_json(shown)
            return
        if shown.plan is None:
            console.print(f"no schedule was asked for; try: teachmeet solve {programme}")
            return
        console.print(
            f"{programme}: {shown.plan.status}{', outdated' if shown.outdated else ''}; {_releases(shown.releases)}"
        )
        if isinstance(shown.plan.draft, Draft):
            caption = f"{programme}: the present draft"
            console.print(programme_table(shown.plan.draft.placements, Wording.of(shown), caption=caption))

    run(work, as_json=as_json)


def _releases(number: int) -> str:
    return f"the last release is {number}" if number else "nothing is released yet"


@app.command()
def release(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    accept_outdated: Annotated[  # noqa: FBT002
        bool, typer.Option("--accept-outdated", help="release although facts have changed since the solve")
    ] = False,
    accept_blocked: Annotated[  # noqa: FBT002
        bool, typer.Option("--accept-blocked", help="release although the draft breaks rules that block a release")
    ] = False,
    note: Annotated[str | None, typer.Option(help="what changed and why, for the changelog")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Release the present draft: the programme is published and invitations go out."""

    async def work() -> None:
        async with organiser(data, community) as requester:
            acting = Organiser(requester)
            shown = await acting.show_plan(programme)
            if shown.plan is None or shown.plan.draft is None:
                raise Rejection.of(
                    RejectionCode.CONFLICT, "programme", "has no draft", "a programme that was solved first"
                )
            published = await acting.publish(
                programme,
                shown.plan.request,
                accept_outdated=accept_outdated,
                accept_blocked=accept_blocked,
                note=note,
            )
        if as_json:
            print_json(published)
        else:
            console.print(f"release {published.number} of {programme} is published; invitations are on their way")

    run(work, as_json=as_json)
