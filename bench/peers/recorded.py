"""Figures that were measured once, elsewhere in time, and are shown as recorded: what peers reached, and the best that
is known. They are in `recorded.json`, with source, date and machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.solver_report import Bar, PeerFigure, Sense

_FILE = Path(__file__).with_name("recorded.json")


@dataclass(frozen=True)
class Recorded:
    """Of one instance. `proven`: nothing better than `best_known` exists. `beat`: to equal the peers is not enough."""

    sense: Sense
    beat: bool
    peers: tuple[PeerFigure, ...]
    best_known: float
    proven: bool

    @property
    def floor(self) -> Bar:
        """No worse than any peer."""
        best = min if self.sense is Sense.LEAST else max
        return Bar(value=best(each.value for each in self.peers), strictly=self.beat)

    @property
    def goal(self) -> Bar:
        """The best known where that is proven, and then proven too; else something better."""
        return Bar(value=self.best_known, strictly=not self.proven, proven=self.proven)


def recorded(work: str, instance: str) -> Recorded | None:
    """None for an instance that there is no record of."""
    for known in _content()["works"]:
        if known["work"] == work and instance in known["instances"]:
            return _recorded(known, known["instances"][instance])
    return None


def when_and_where() -> str:
    return f"{_content()['date']}, {_content()['machine']}"


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return content


def _recorded(work: Mapping[str, Any], found: Mapping[str, Any]) -> Recorded:
    return Recorded(
        sense=Sense(work["sense"]),
        beat=work["beat"],
        peers=tuple(PeerFigure(peer, value, recorded=True) for peer, value in found["peers"].items()),
        best_known=found["best_known"]["value"],
        proven=found["best_known"]["proven"],
    )
