"""Solve the peers' instances and our own: ``python -m bench.solver [WORK ...]``, see ``WORKS`` for the names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from rich.console import Console

from bench.peers.recorded import when_and_where
from bench.solver import instances, own, random_conferences, released
from bench.solver_report import Row, show, write

SEEDS = (1, 2, 3)


def _each_seed(work: Callable[[int], Iterable[Row]]) -> Iterator[Row]:
    for seed in SEEDS:
        yield from work(seed)


WORKS: dict[str, Callable[[], Iterable[Row]]] = {
    "evening": lambda: _each_seed(own.evening),
    "term": lambda: _each_seed(own.term),
    "unconference": lambda: own.unconference(1),
    "large-unconference": lambda: own.large_unconference(1),
    "term-released": lambda: _each_seed(partial(released.after_release, released.TERM)),
    "unconference-released": lambda: released.after_release(released.UNCONFERENCE, 1),
    "random-20": lambda: random_conferences.against_peer(20, 1),
    "random-50": lambda: random_conferences.against_peer(50, 1),
    "random-100": lambda: random_conferences.against_peer(100, 1),
    "random-400": lambda: random_conferences.alone_at(400, 1),
    "timefold": lambda: instances.timefold(SEEDS),
    "csplib": lambda: instances.csplib(SEEDS),
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in WORKS]
    if unknown:
        sys.stderr.write(f"{', '.join(unknown)}: not a work of this benchmark; there are {', '.join(WORKS)}\n")
        return 2
    console = Console(width=max(160, Console().width))
    rows: list[Row] = []
    for name in names or WORKS:
        console.print(f"{name} ...", style="dim")
        rows.extend(WORKS[name]())
    show(rows, console, when_and_where())
    write(rows, when_and_where())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
