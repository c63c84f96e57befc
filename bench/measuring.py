"""Figures as ratios against a raw baseline of the same run; nothing here judges, it reports."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

OUTPUT = Path("bench-output")
ROUNDS = 3


@dataclass(frozen=True)
class Figure:
    """One measured ratio. ``value`` and ``baseline`` are in ``unit``; ``load`` is the machine's at the end."""

    name: str
    value: float
    baseline: float
    ratio: float
    target: str
    unit: str
    load: float


Measure = Callable[[], Awaitable[float]]


async def against(name: str, ours: Measure, raw: Measure, *, target: str, unit: str, rounds: int = ROUNDS) -> Figure:
    """Both in turn, several times; the ratio is the median of the rounds' ratios."""
    pairs = [(await ours(), await raw()) for _ in range(rounds)]
    ratio = statistics.median(value / baseline for value, baseline in pairs)
    value = statistics.median(value for value, _ in pairs)
    baseline = statistics.median(baseline for _, baseline in pairs)
    return figure(name, value, baseline, target=target, unit=unit, ratio=ratio)


def figure(name: str, value: float, baseline: float, *, target: str, unit: str, ratio: float | None = None) -> Figure:
    rounded = round(value / baseline if ratio is None else ratio, 3)
    return Figure(name, round(value, 3), round(baseline, 3), rounded, target, unit, round(os.getloadavg()[0], 2))


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used so far, all its threads, as Linux tells it. Raises OSError elsewhere."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def write(group: str, figures: list[Figure]) -> None:
    """Write figures to ``bench-output/<group>.json``."""
    OUTPUT.mkdir(exist_ok=True)
    text = json.dumps([asdict(each) for each in figures], indent=2)
    (OUTPUT / f"{group}.json").write_text(text + "\n")


def show(figures: list[Figure], console: Console) -> None:
    table = Table(title="Ratios within one run", title_justify="left")
    for heading in ("what", "ours", "raw baseline", "unit", "ratio", "target", "load"):
        table.add_column(heading, justify="left" if heading in {"what", "unit", "target"} else "right")
    for each in figures:
        table.add_row(
            each.name,
            f"{each.value:g}",
            f"{each.baseline:g}",
            each.unit,
            f"{each.ratio:.2f}",
            each.target,
            str(each.load),
        )
    console.print(table)
