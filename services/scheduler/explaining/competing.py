"""Sessions of which each could have a place, but never all of them: a minimal set, confirmed by solving again.

CP-SAT says which assumptions were to blame. Its word is a start, not the answer: it has named literals that were no
assumptions (google/or-tools#5141), named all of them (#3102), and called what is feasible infeasible (#5274, #5295).
So whatever it names is cut to what was asked, solved anew without presolve and without assumptions, begun again from
everything where that does not confirm it, and then thinned member by member, each step solved for itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled
from services.scheduler.explaining.arranging import Answer, all_fit, quick_solver, without_aim
from services.scheduler.explaining.narrowing import only_what_must_hold
from services.scheduler.search import build_model


@dataclass(frozen=True)
class Rivals:
    """Sessions that cannot all have a place. ``minimal``: without any one of them, the others can."""

    sessions: tuple[str, ...]
    minimal: bool


def rivals(compiled: Compiled, choices: Mapping[str, Choices], names: Sequence[str], seconds: float) -> Rivals | None:
    """A minimal set of these sessions that cannot all have a place; None when they can, or when time is up."""
    until = time.monotonic() + seconds
    named = set(solver_core(compiled, choices, names, seconds))
    core = [name for name in names if name in named]
    if not core or _fit(compiled, choices, core, until, presolve=False) is not Answer.NO:
        core = list(names)
        if _fit(compiled, choices, core, until, presolve=False) is not Answer.NO:
            return None
    return _thinned(compiled, choices, core, until)


def solver_core(compiled: Compiled, choices: Mapping[str, Choices], names: Sequence[str], seconds: float) -> list[str]:
    """The sessions whose place the solver blames; empty when it finds a plan or nothing at all."""
    model = build_model(only_what_must_hold(compiled), choices)
    without_aim(model)
    by_index = {model.placed[name].index: name for name in names}
    model.cp.add_assumptions([model.placed[name] for name in names])
    solver = quick_solver(seconds)
    if solver.solve(model.cp) != cp_model.INFEASIBLE:
        return []
    return [by_index[index] for index in solver.sufficient_assumptions_for_infeasibility() if index in by_index]


def _thinned(compiled: Compiled, choices: Mapping[str, Choices], core: list[str], until: float) -> Rivals:
    """Leave out, one after the other, whom it does not need. What remains is proven again at each step."""
    minimal = True
    for name in list(core):
        rest = [other for other in core if other != name]
        answer = _fit(compiled, choices, rest, until, presolve=True)
        if answer is Answer.NO and _fit(compiled, choices, rest, until, presolve=False) is Answer.NO:
            core = rest
        elif answer is not Answer.YES:
            minimal = False
    return Rivals(tuple(core), minimal)


def _fit(
    compiled: Compiled, choices: Mapping[str, Choices], names: Sequence[str], until: float, *, presolve: bool
) -> Answer:
    left = until - time.monotonic()
    return all_fit(compiled, choices, names, left, presolve=presolve) if left > 0 else Answer.UNKNOWN
