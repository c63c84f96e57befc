"""A solver that names the wrong ones is caught: whatever it says, what is told is infeasible and minimal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_problems import random_problem
from scheduling_samples import MONDAY, at, placement, room, session, span
from situations import NAMES, members, situation

from services.scheduler.compiling import compile_problem
from services.scheduler.explaining import competing
from services.scheduler.explaining.arranging import Answer, all_fit
from services.scheduler.explaining.competing import rivals, solver_core
from services.scheduler.explaining.cores import confirmed, minimal_cores
from services.scheduler.explaining.objections import against_all, against_alone, all_spots
from services.scheduler.explaining.situation import Situation
from services.scheduler.explaining.why_not import why_not
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits

TWO_HOURS = room(unavailable=(span(MONDAY, 0, 9), span(MONDAY, 11, 24)))
NAMED = ["a", "b", "c", "d"]


def overfull() -> Situation:
    """Three sessions for two hours of one room, and one that has a room to itself."""
    sessions = [session(name) for name in "abc"] + [session("d", needs=("piano",))]
    rooms = (TWO_HOURS, room("music", features=("piano",), formats=("other",)))
    other = [one.model_copy(update={"format": "other"}) if one.id == "d" else one for one in sessions]
    return situation(other, rooms=rooms, last_day=MONDAY)


def test_the_solvers_word_is_a_minimal_set_here() -> None:
    made = overfull()
    found = rivals(made.compiled, made.compiled.choices, NAMED, 5)
    assert found is not None
    assert (found.sessions, found.minimal) == (("a", "b", "c"), True)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(["a", "b", "c", "d"], id="one too many"),
        pytest.param(["a", "b", "c", "nobody"], id="a literal that is no assumption"),
        pytest.param(["d"], id="one that is not to blame"),
        pytest.param(["a", "b"], id="too few"),
        pytest.param([], id="nothing"),
    ],
)
def test_a_wrong_core_is_put_right(monkeypatch: pytest.MonkeyPatch, wrong: list[str]) -> None:
    made = overfull()
    monkeypatch.setattr(competing, "solver_core", lambda *_: wrong)
    found = rivals(made.compiled, made.compiled.choices, NAMED, 5)
    assert found is not None
    assert (found.sessions, found.minimal) == (("a", "b", "c"), True)


def test_a_false_report_of_infeasibility_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    made = overfull()
    monkeypatch.setattr(competing, "solver_core", lambda *_: ["a", "b"])
    assert rivals(made.compiled, made.compiled.choices, ["a", "b", "d"], 5) is None


def test_the_solver_names_assumptions_only() -> None:
    made = overfull()
    assert set(solver_core(made.compiled, made.compiled.choices, NAMED, 5)) <= set(NAMED)


def test_a_set_of_objections_that_leaves_a_spot_is_never_confirmed() -> None:
    a = session("a", seats=30)
    made = situation([a], rooms=(room("small", 5), room("large", 40)))
    against = against_alone(made, a, all_spots(made.board))
    with pytest.raises(AssertionError, match="a spot is left"):
        confirmed(against, against.matrix.argmax(axis=0)[:1] * 0)
    assert list(minimal_cores(against, 3)) == []


def test_a_member_that_forbids_nothing_by_itself_is_never_confirmed() -> None:
    a, b = session("a", seats=30), session("b")
    made = situation([a, b], placement(b, at(MONDAY, 9), "small"), rooms=(room("small", 5),))
    against = against_all(made, a, all_spots(made.board))
    everything = against.matrix.any(axis=1).nonzero()[0]
    assert len(everything) == 2
    with pytest.raises(AssertionError, match="not minimal"):
        confirmed(against, everything)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_core_of_a_random_problem_is_infeasible_and_minimal(seed: int) -> None:
    made = random_problem(seed, sessions=6, people=8, rooms=2, weeks=1, grid=60, lengths=(60, 120))
    full = made.model_copy(update={"last_day": made.first_day})
    plan = solve(full, Limits(deterministic=0.01, workers=1))
    asked = Situation.of(compile_problem(full, keep_published=False), plan.placements)
    for one in plan.unplaced:
        own = asked.session(one.session)
        for against in (
            against_alone(asked, own, all_spots(asked.board)),
            against_all(asked, own, all_spots(asked.board)),
        ):
            for core in minimal_cores(against, 4):
                rows = [against.objections.index(member) for member in core.members]
                hits = against.matrix[rows].sum(axis=0)
                assert (hits > 0).all()
                for row in rows:
                    assert ((hits == 1) & against.matrix[row]).any()
        found = why_not(asked, one.session, NAMES)
        rivalries = [conflict for conflict in members(found) if {rule for rule, _ in conflict} == {"has-a-place"}]
        for rivalry in rivalries:
            names = [name for _, name in rivalry]
            choices = asked.compiled.choices
            assert all_fit(asked.compiled, choices, names, 5, presolve=False) is Answer.NO
