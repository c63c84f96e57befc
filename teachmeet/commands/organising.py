"""Commands of an organiser: import, solve, show, release."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.contract.facts.scheduler import Disturbance, Draft, Limits, PlanMode, Progress
from shared.contract.results import Rejection, RejectionCode
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
from teachmeet.organiser import Organiser
from teachmeet.report import Wording, draft_report, programme_table

app = typer.Typer()


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
    include_maybe: Annotated[  # noqa: FBT002
        bool, typer.Option("--include-maybe", help="place proposals that are a maybe as well, to see how it would be")
    ] = False,
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
                await acting.request_plan(
                    programme,
                    at_least_seq=0,
                    limits=limits,
                    mode=mode,
                    disturbance=disturbance,
                    include_maybe=include_maybe,
                )
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
