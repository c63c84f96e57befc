"""What benchmarks of whole services feed them: facts written for the first time, and a release that holds them."""

from __future__ import annotations

from collections.abc import Sequence

from bench.rig import COMMUNITY
from shared.bus.store import Write
from shared.contract.catalogue import FactKind
from shared.contract.facts.scheduler import Placement, Release, Totals
from shared.contract.message import Fact


def first(kind: FactKind, ids: tuple[str, ...], what: str, state: Fact) -> Write:
    """A fact of the benchmarks' community that nothing was known of before."""
    return Write(kind.ref(COMMUNITY, *ids), what, state, 0)


def released(programme: str, placements: Sequence[Placement]) -> Release:
    """Release 1 of a programme with these placements; what a solver would tell of it is left at nothing."""
    return Release(
        programme=programme,
        number=1,
        request="bench",
        zone="Europe/London",
        placements=tuple(placements),
        totals=Totals(
            placed=len(placements),
            unplaced=0,
            attendance=0,
            attendance_bound=0,
            interest_clashes=0,
            objective=0,
            bound=0,
        ),
        problem_digest="bench",
        input_seq=0,
    )
