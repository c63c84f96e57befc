"""What the solver's benchmarks print and keep: a table, and ``bench-output/solver.json``.

A verdict is never set, it follows from the row: from its value, bound and seconds, and from the bars it is held to.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measuring import OUTPUT

_SAME = 1e-6


class Sense(StrEnum):
    """Which values are better."""

    LEAST = "least"
    MOST = "most"


class Verdict(StrEnum):
    GOAL = "goal"
    FLOOR = "floor"
    MISSED = "missed"
    INVALID = "invalid"
    NO_ANSWER = "no answer"
    NO_BAR = "no bar"


@dataclass(frozen=True)
class Bar:
    """What a row is held to; each part counts where it is given. `gap` is of value and bound, as a share of the value.
    `seconds` are at most, `strictly` asks for a better value than the one given."""

    value: float | None = None
    strictly: bool = False
    proven: bool = False
    gap: float | None = None
    seconds: float | None = None

    def text(self, sense: Sense) -> str:
        symbol = {
            (Sense.LEAST, False): "≤",
            (Sense.LEAST, True): "<",
            (Sense.MOST, False): "≥",
            (Sense.MOST, True): ">",
        }[sense, self.strictly]
        parts = (
            f"{symbol} {_number(self.value)}" if self.value is not None else "",
            "proven" if self.proven else "",
            f"gap ≤ {self.gap:.1%}" if self.gap is not None else "",
            f"≤ {self.seconds:g} s" if self.seconds is not None else "",
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class PeerFigure:
    """What a peer reached: in this run, or on record."""

    peer: str
    value: float
    recorded: bool


@dataclass(frozen=True)
class Row:
    """One measurement of ours. `value` is None where there was no answer; `violations` are breaches of what must hold,
    as the independent scorer found them. `seed` is None in a row that sums up several."""

    work: str
    instance: str
    seed: int | None
    seconds: float
    value: float | None
    sense: Sense
    bound: float | None = None
    best_known: float | None = None
    peers: tuple[PeerFigure, ...] = ()
    floor: Bar | None = None
    goal: Bar | None = None
    violations: int = 0

    @property
    def proven(self) -> bool:
        return self.gap is not None and self.gap < _SAME

    @property
    def gap(self) -> float | None:
        """Between value and bound, as a share of the value (of 1 where it is smaller)."""
        if self.value is None or self.bound is None:
            return None
        return abs(self.value - self.bound) / max(1.0, abs(self.value))

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return Verdict.NO_ANSWER
        if self.violations:
            return Verdict.INVALID
        if self.floor is None and self.goal is None:
            return Verdict.NO_BAR
        if self.goal and self._clears(self.goal):
            return Verdict.GOAL
        return Verdict.FLOOR if self.floor and self._clears(self.floor) else Verdict.MISSED

    def _clears(self, bar: Bar) -> bool:
        return (
            (bar.value is None or self._reaches(bar.value, strictly=bar.strictly))
            and (not bar.proven or self.proven)
            and (bar.gap is None or (self.gap is not None and self.gap <= bar.gap + _SAME))
            and (bar.seconds is None or self.seconds <= bar.seconds)
        )

    def _reaches(self, target: float, *, strictly: bool) -> bool:
        if self.value is None:
            return False
        ahead = target - self.value if self.sense is Sense.LEAST else self.value - target
        return ahead > _SAME if strictly else ahead >= -_SAME


def median(rows: Sequence[Row]) -> Row:
    """The rows of one instance with several seeds as one: median value and seconds, the strongest bound, all breaches.
    One seed without an answer leaves the whole without one."""
    values = [row.value for row in rows if row.value is not None]
    bounds = [row.bound for row in rows if row.bound is not None]
    strongest = max if rows[0].sense is Sense.LEAST else min
    return replace(
        rows[0],
        seed=None,
        seconds=statistics.median(row.seconds for row in rows),
        value=statistics.median(values) if len(values) == len(rows) else None,
        bound=strongest(bounds) if bounds else None,
        violations=sum(row.violations for row in rows),
    )


def show(rows: Sequence[Row], console: Console, recorded: str) -> None:
    """`recorded` says when and where the peers' figures on record were measured."""
    table = Table(title="The solver against its peers", title_justify="left")
    for heading in ("work", "instance", "seed", "seconds", "value", "bound", "best known"):
        table.add_column(heading, justify="left" if heading in {"work", "instance"} else "right")
    for heading in ("peer, this run", f"peer, recorded ({recorded})", "floor", "goal", "verdict"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*_cells(row))
    console.print(table)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.work,
        row.instance,
        "median" if row.seed is None else str(row.seed),
        f"{row.seconds:.2f}",
        _number(row.value),
        _number(row.bound),
        _number(row.best_known),
        _peers(row, recorded=False),
        _peers(row, recorded=True),
        row.floor.text(row.sense) if row.floor else "",
        row.goal.text(row.sense) if row.goal else "",
        row.verdict,
    )


def _peers(row: Row, *, recorded: bool) -> str:
    return "\n".join(f"{_number(each.value)} {each.peer}" for each in row.peers if each.recorded is recorded)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(round(value)) if abs(value - round(value)) < _SAME else f"{value:.2f}"


def write(rows: Sequence[Row], recorded: str, path: Path = OUTPUT / "solver.json") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "recorded": recorded,
        "rows": [_as_json(row) for row in rows],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "work": row.work,
        "instance": row.instance,
        "seed": row.seed,
        "seconds": round(row.seconds, 3),
        "value": row.value,
        "bound": row.bound,
        "better": row.sense,
        "best_known": row.best_known,
        "peers": [{"peer": each.peer, "value": each.value, "recorded": each.recorded} for each in row.peers],
        "floor": row.floor.text(row.sense) if row.floor else None,
        "goal": row.goal.text(row.sense) if row.goal else None,
        "violations": row.violations,
        "verdict": row.verdict,
    }
