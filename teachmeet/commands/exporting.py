"""Exports of everything that registrations holds, for the organiser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from services.registrations.exports.files import csv_sheet, json_document
from shared.bus.client import Requester
from shared.contract.commands.intake import AskData, DataKind, DataPage
from shared.contract.subjects import Service
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, guarded, organiser, print_json, run

_ONLY_FOR_ORGANISERS = 0o600


def export_data(
    out: Annotated[Path, typer.Option("--out", "-o", help="folder that the files are written to")],
    kind: Annotated[list[DataKind] | None, typer.Option(help="what to export; everything if not given")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write all data as CSV and JSON, to be imported again. The files hold names and addresses: keep them safe."""

    async def work() -> dict[DataKind, list[dict[str, Any]]]:
        async with organiser(data, community) as requester:
            return {each: await exported_rows(requester, each) for each in kind or DataKind}

    found = run(work, as_json=as_json)
    written = guarded(lambda: {each.value: _write(out, each, rows) for each, rows in found.items()}, as_json=as_json)
    if as_json:
        print_json({"out": str(out), "rows": written})
        return
    for name, count in written.items():
        console.print(f"{name}: {count} rows", markup=False)
    console.print(f"written to {out}, as CSV and JSON; the files hold personal data", markup=False, soft_wrap=True)


async def exported_rows(requester: Requester, kind: DataKind) -> list[dict[str, Any]]:
    """All rows of one kind. Raises Rejection, UnreachableError."""
    page = await requester.ask(Service.REGISTRATIONS, AskData(kind=kind), DataPage)
    rows = list(page.rows)
    while page.next is not None:
        page = await requester.ask(Service.REGISTRATIONS, AskData(kind=kind, after=page.next), DataPage)
        rows += page.rows
    return rows


def _write(folder: Path, kind: DataKind, rows: list[dict[str, Any]]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(json_document(kind, rows), indent=1, ensure_ascii=False)
    for name, text in ((f"{kind.value}.csv", csv_sheet(kind, rows)), (f"{kind.value}.json", document)):
        path = folder / name
        path.touch(mode=_ONLY_FOR_ORGANISERS)
        # One that was there before keeps its rights.
        path.chmod(_ONLY_FOR_ORGANISERS)
        path.write_text(text, encoding="utf-8", newline="")
    return len(rows)
