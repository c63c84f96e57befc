"""Import: files of people and of other systems, checked first or sent in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from services.registrations.imports.drafts import DraftCommand, Import
from services.registrations.imports.headings import plain
from services.registrations.imports.hints import Hints
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.reading import horizon_of, read_import
from shared.bus.client import UnreachableError
from shared.contract.commands.checking import Effect
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run
from teachmeet.import_report import Answer, Report
from teachmeet.importing import Importer

app = typer.Typer()

# So many single rows are told of one by one.
_SHOWN = 50


@app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(help="CSV or TSV tables, .json of pretalx or Sessionize, .ics (named after the person), .yaml"),
    ],
    dry_run: Annotated[  # noqa: FBT002
        bool, typer.Option("--dry-run", help="tell what would happen to each row, and change nothing")
    ] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="'HEADING=COLUMN': what a heading means; 'HEADING=': it is not used"),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="COLUMN=VALUE: for rows that say nothing, e.g. programme=spring-2027"),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="of tables; found out when not given")] = None,
    first: Annotated[str | None, typer.Option(help="first day that timetables count for, e.g. 2027-01-05")] = None,
    last: Annotated[str | None, typer.Option(help="last day that timetables count for")] = None,
    zone: Annotated[str, typer.Option(help="zone of timetables without one")] = "Europe/London",
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Send files in: settings, people, proposals, rooms, interests, availability. A bad row costs no other.

    The same files again change nothing; after a break, run the import again.
    """
    hints = Hints(_pairs(map_, "--map"), _pairs(set_, "--set"), encoding)
    read = _read(files, _horizon(first, last, zone), hints)
    named = community or next((each.community for each in read if each.community), None)
    drafts = [command for each in read for command in each.commands]
    report, broke_off = Report(), False
    if drafts:
        report, broke_off = run(lambda: _send(drafts, data, named, dry_run=dry_run), as_json=as_json)
    report.problems[:0] = [problem for each in read for problem in each.problems]
    report.notes[:0] = [note for each in read for note in each.notes]
    if as_json:
        print_json(_as_json(report, len(drafts), broke_off=broke_off))
    else:
        _tell(report, len(drafts), dry_run=dry_run, broke_off=broke_off)
    raise typer.Exit(1 if report.every_problem() or broke_off else 0)


def _read(files: Iterable[Path], horizon: Horizon | None, hints: Hints) -> list[Import]:
    files = list(files)
    read = [read_import(file, horizon=horizon, hints=hints) for file in files]
    if horizon is None and (found := horizon_of(read)) is not None:
        # Timetables count for the days of the programmes that come with them.
        return [
            read_import(file, horizon=found, hints=hints) if file.suffix.lower() == ".ics" else each
            for file, each in zip(files, read, strict=True)
        ]
    return read


async def _send(drafts: list[DraftCommand], data: Path, community: str | None, *, dry_run: bool) -> tuple[Report, bool]:
    """What became of the rows, or would; and whether it broke off."""
    async with organiser(data, community) as requester:
        importer = Importer(replace(requester, dry_run=dry_run))
        try:
            await importer.run(drafts)
        except UnreachableError:
            if not importer.report.answers:
                raise
            return importer.report, True
        return importer.report, False


def _pairs(stated: list[str] | None, option: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in stated or ()]
    if any(not equals or not name.strip() for name, equals, _ in pairs):
        raise typer.BadParameter("is written NAME=VALUE", param_hint=option)
    if option == "--set":
        return {name.strip(): value.strip() for name, _, value in pairs}
    return {plain(name): value.strip() for name, _, value in pairs}


def _horizon(first: str | None, last: str | None, zone: str) -> Horizon | None:
    if first is None or last is None:
        return None
    try:
        return Horizon(date.fromisoformat(first), date.fromisoformat(last), zone)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--first/--last") from None


def _as_json(report: Report, read: int, *, broke_off: bool) -> dict[str, object]:
    effects = Counter(each.effect.value for each in report.accepted if each.effect is not None)
    return {
        "read": read,
        "accepted": len(report.accepted),
        **{effect.value: effects[effect.value] for effect in Effect},
        "problems": [str(each) for each in report.every_problem()],
        "notes": report.notes,
        "seq": report.seq,
        "broke_off": broke_off,
    }


def _tell(report: Report, read: int, *, dry_run: bool, broke_off: bool) -> None:
    for note in report.notes:
        console.print(note, style="cyan", markup=False, soft_wrap=True)
    problems = report.every_problem()
    for problem in problems:
        console.print(str(problem), style="yellow", markup=False, soft_wrap=True)
    if dry_run:
        _tell_effects(report.accepted)
    if broke_off:
        console.print("it broke off: what was answered is stored; run the same import again", style="red")
    did = "would be accepted" if dry_run else "accepted"
    console.print(f"{read} rows read, {len(report.accepted)} {did}, {len(problems)} problems")


def _tell_effects(answers: list[Answer]) -> None:
    changed = [each for each in answers if each.effect is Effect.CHANGED]
    for each in changed[:_SHOWN]:
        what = f" ({', '.join(each.fields)})" if each.fields else ""
        console.print(f"{each.draft.file}, line {each.draft.line}: would change{what}", markup=False, soft_wrap=True)
    table = Table("rows", *(effect.value for effect in Effect))
    kinds = Counter((each.draft.name, each.effect) for each in answers)
    for name in dict.fromkeys(each.draft.name for each in answers):
        table.add_row(name, *(str(kinds[(name, effect)] or "") for effect in Effect))
    console.print(table)
