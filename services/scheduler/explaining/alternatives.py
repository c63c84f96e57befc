"""Other good plans: each differs from every other in at least so many placements, and loses little.

For each new plan as many sessions as shall differ are barred from every start that they have in the plans so far. They
are those that lose least by it; another search then finds the best plan of what is left. So any two plans differ as
asked, whatever the search makes of it; the figures are the rules' own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled
from services.scheduler.explaining.breaches import breaches
from services.scheduler.explaining.difference import Version, costs, rule_differences, told, worth
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.situation import Situation
from services.scheduler.kernel import place_costs
from services.scheduler.placing import placements_of
from services.scheduler.search import Search
from services.scheduler.timeline import Flags
from shared.contract.commands.explaining import Alternative
from shared.contract.facts.scheduler import Limits, Placement

Plan = Mapping[str, Placement]
Barred = Callable[[Situation, Choices, Sequence[Placement]], Flags]
WORKERS = 2


@dataclass(frozen=True)
class Found:
    """Plans beside the present one, the best first, each with its placements."""

    plans: tuple[Alternative, ...]
    placements: tuple[tuple[Placement, ...], ...]


def alternatives(
    situation: Situation, names: Names, *, count: int, differ: int, seconds: float, seed: int = 1
) -> Found:
    """Up to ``count`` plans; fewer when the rules leave no more, or no time. Deterministic but for the clock."""
    until = time.monotonic() + seconds
    plans: list[Plan] = [situation.placed]
    differ = min(differ, len(situation.placed))
    for number in range(count):
        left = (until - time.monotonic()) / (count - number)
        found = _another(situation, plans, differ, Limits(seconds=max(0.1, left), workers=WORKERS, seed=seed + number))
        if found is not None:
            plans.append(found)
    told_plans = [(_told(situation, plan, names), _in_order(plan)) for plan in plans[1:]]
    told_plans.sort(key=lambda one: (len(one[0].without_place), one[0].costs))
    return Found(tuple(one for one, _ in told_plans), tuple(placements for _, placements in told_plans))


def differing(one: Plan, other: Plan) -> int:
    """In how many placements two plans differ: other start, other room, or a place in one of them only."""
    return sum(one.get(name) != other.get(name) for name in one.keys() | other.keys())


def _another(situation: Situation, plans: list[Plan], differ: int, limits: Limits) -> Plan | None:
    """A plan that no rule forbids and that differs from all others; rather in start than only in room."""
    for barred in (_same_start, _same_place):
        choices = _with_bars(situation, plans, differ, barred)
        compiled: Compiled = replace(situation.compiled, choices=choices)
        found = Search(compiled, limits).run()
        placed = {one.session: one for one in placements_of(compiled, found.plan)}
        apart = all(differing(placed, plan) >= differ for plan in plans)
        whole = len(placed) >= len(situation.placed)
        if apart and whole and not breaches(situation.problem, placed.values()):
            return placed
    return None


def _with_bars(situation: Situation, plans: list[Plan], differ: int, barred: Barred) -> dict[str, Choices]:
    """The choices of a problem without those that the plans so far use, for the sessions that lose least by it."""
    without, losses = {}, {}
    for name in situation.placed:
        own = situation.compiled.choices[name]
        used = [plan[name] for plan in plans if name in plan]
        without[name] = own.only(~barred(situation, own, used))
        losses[name] = _loss(situation, name, barred(situation, own, used))
    chosen = sorted(without, key=lambda name: (losses[name], name))[:differ]
    return {**situation.compiled.choices, **{name: without[name] for name in chosen}}


def _loss(situation: Situation, name: str, barred: Flags) -> int:
    """What it costs a session at least to take none of the barred choices, with everybody else where they are."""
    if barred.all():
        return np.iinfo(np.int64).max
    now = place_costs(situation.tables, situation.at.copy(), situation.compiled.number[name])
    return int(now[~barred].min() - now.min())


def _same_start(situation: Situation, own: Choices, used: Sequence[Placement]) -> Flags:  # noqa: ARG001
    return np.isin(own.start, [int(one.start.timestamp()) for one in used])


def _same_place(situation: Situation, own: Choices, used: Sequence[Placement]) -> Flags:
    flags = np.zeros(len(own), dtype=np.bool_)
    for one in used:
        flags |= (own.start == int(one.start.timestamp())) & (own.room == situation.room_number(one.room))
    return flags


def _in_order(plan: Plan) -> tuple[Placement, ...]:
    return tuple(plan[name] for name in sorted(plan))


def _told(situation: Situation, plan: Plan, names: Names) -> Alternative:
    changes = tuple(one for one in _in_order(plan) if situation.placed.get(one.session) != one)
    before = Version(situation.problem, situation.plan_with())
    differences = rule_differences(before, Version(situation.problem, _in_order(plan)))
    first = "; ".join(f"{names.session(one.session)} on {names.place(one)}" for one in changes[:3])
    more = f"; and {len(changes) - 3} more" if len(changes) > 3 else ""
    total = costs(differences)
    count = "1 session" if len(changes) == 1 else f"{len(changes)} sessions"
    return Alternative(
        changes=changes,
        without_place=tuple(sorted(situation.placed.keys() - plan.keys())),
        costs=total,
        rules=differences,
        sentence=f"{count} elsewhere, worth {worth(total)}{told(differences)}: {first}{more}.",
    )
