"""Policy packs: list, show, check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from teachmeet.commands.output import Json, console, errors, guarded, print_json

if TYPE_CHECKING:
    from services.scheduler.packs_reading.library import Library
    from services.scheduler.packs_reading.pack import Pack, PackRule

app = typer.Typer()
group = typer.Typer(invoke_without_command=True, help="Policy packs: the rules that programmes are planned by.")
app.add_typer(group, name="packs")

PackFolder = Annotated[
    Path | None,
    typer.Option("--pack-folder", envvar="TEACHMEET_PACK_FOLDER", help="folder with packs of the community's own"),
]


@group.callback()
def packs(context: typer.Context, pack_folder: PackFolder = None, as_json: Json = False) -> None:  # noqa: FBT002
    """List the policy packs with version and title."""
    if context.invoked_subcommand is not None:
        return
    library = _library(pack_folder, as_json=as_json)
    if as_json:
        listed = [{"pack": each.pack, "version": each.version, "title": each.title} for each in _sorted(library.packs)]
        print_json({"packs": listed, "problems": list(library.problems)})
    else:
        table = Table()
        for heading in ("pack", "version", "title"):
            table.add_column(heading, no_wrap=heading != "title")
        for each in _sorted(library.packs):
            table.add_row(each.pack, str(each.version), each.title)
        console.print(table)
        _tell(library.problems)
    raise typer.Exit(1 if library.problems else 0)


@group.command()
def show(
    name: Annotated[str, typer.Argument(help="id of the pack")],
    pack_folder: PackFolder = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show the rules of a pack, with those of the packs that it extends: each with its level and its source."""
    known = _library(pack_folder, as_json=as_json).packs
    if name not in known:
        raise typer.BadParameter(f"{name!r} is no pack; known are {', '.join(sorted(known))}", param_hint="NAME")
    pack = known[name]
    if as_json:
        print_json(pack)
        return
    console.print(f"{pack.title} (pack {pack.pack}, version {pack.version})", style="bold", markup=False)
    for line in _told(pack):
        console.print(line, markup=False, soft_wrap=True)


@group.command()
def check(
    file: Annotated[Path, typer.Argument(help="a policy pack as YAML")],
    pack_folder: PackFolder = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Check a pack file. Each error names file, line and key, and what is allowed there."""
    from services.scheduler.packs_reading.library import read_pack

    known = _library(pack_folder, as_json=as_json).packs
    pack = guarded(lambda: read_pack(file, known), as_json=as_json)
    if as_json:
        print_json({"pack": pack.pack, "version": pack.version, "rules": len(pack.rules)})
        return
    console.print(f"{file.name}: pack {pack.pack}, version {pack.version}, {len(pack.rules)} rules; no errors")
    for override in pack.waiting:
        console.print(f"a layer: it changes rule {override.rule}, which the pack below it must have", markup=False)


def _library(pack_folder: Path | None, *, as_json: bool) -> Library:
    # Packs need the rules, which load the solver's libraries; no other command needs them.
    from services.scheduler.packs_reading.library import packs_with

    return guarded(lambda: packs_with(pack_folder), as_json=as_json)


def _sorted(known: Mapping[str, Pack]) -> list[Pack]:
    return [known[name] for name in sorted(known)]


def _told(pack: Pack) -> Iterator[str]:
    for rule in pack.rules:
        yield f"  {rule.id} ({rule.kind}; {_level(rule)}): {rule.sentence}. Source: {rule.source}."
        for exemption in getattr(rule, "exemptions", ()):
            yield f"    except {', '.join(exemption.formats)}: {exemption.sentence}."
    for override in pack.waiting:
        changes: dict[str, Any] = override.model_dump(mode="json", exclude_unset=True, exclude={"rule", "source"})
        changed = ", ".join(f"{key} {value}" for key, value in changes.items())
        yield f"  changes {override.rule} of what lies below: {changed}. Source: {override.source}."
    for entry in pack.calendar:
        yield f"  {entry.first} to {entry.last}: {entry.name} ({entry.period})"


def _level(rule: PackRule) -> str:
    if rule.must_hold() or not rule.switched_on():
        return rule.level.value
    share = getattr(rule, "share", 0)
    return f"{rule.level.value}, weight {rule.weight}" + (f", share {share}/20 for each person" if share else "")


def _tell(problems: tuple[str, ...]) -> None:
    for problem in problems:
        errors.print(problem, style="red", markup=False, soft_wrap=True)
