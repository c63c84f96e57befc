"""A finished CSPLib schedule in the source's own terms: which submission takes which slots of which session and room.

As CSV it has one line for each occupied slot::

    reference,session,room,slot
    pap186,Mon1,Club A,1

and as JSON one object for each submission, with its `slots` as a list. In both, slots of a session count from 1.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.peers.errors import FormatError

_COLUMNS = ("reference", "session", "room", "slot")


@dataclass(frozen=True, order=True)
class Placement:
    """One occupied slot; `slot` counts from 1."""

    reference: str
    session: str
    room: str
    slot: int


@dataclass(frozen=True)
class _Stay:
    """All slots of a submission in one cell."""

    reference: str
    session: str
    room: str
    slots: tuple[int, ...]


def write(placements: Iterable[Placement], path: Path) -> None:
    """As JSON where the path ends in .json, else as CSV."""
    rows = sorted(placements)
    if path.suffix == ".json":
        stays = [asdict(stay) for stay in _stays(rows)]
        path.write_text(json.dumps({"placements": stays}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def read(path: Path) -> list[Placement]:
    """What `write` wrote, in any order. Raises FormatError for anything else."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        placements = _from_json(text) if path.suffix == ".json" else _from_csv(text)
    except (KeyError, TypeError, ValueError) as error:
        allowed = "a schedule: reference, session, room and slot (from 1) of each occupied slot"
        raise FormatError(f"{path} is not {allowed} ({type(error).__name__}: {error})") from error
    return sorted(placements)


def _stays(rows: Sequence[Placement]) -> list[_Stay]:
    slots: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        slots.setdefault((row.reference, row.session, row.room), []).append(row.slot)
    return [_Stay(*cell, tuple(taken)) for cell, taken in slots.items()]


def _from_json(text: str) -> list[Placement]:
    stays = json.loads(text)["placements"]
    return [
        Placement(str(stay["reference"]), str(stay["session"]), str(stay["room"]), int(slot))
        for stay in stays
        for slot in stay["slots"]
    ]


def _from_csv(text: str) -> list[Placement]:
    rows = csv.DictReader(io.StringIO(text))
    return [Placement(row["reference"], row["session"], row["room"], int(row["slot"])) for row in rows]
