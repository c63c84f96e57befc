from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bench.solver_report import Bar, PeerFigure, Row, Sense, Verdict, median, show, write

ROW = Row(
    work="CSPLib",
    instance="N2OR",
    seed=1,
    seconds=2.5,
    value=10,
    sense=Sense.LEAST,
    bound=8,
    best_known=9,
    peers=(PeerFigure("theirs", 12, recorded=True), PeerFigure("beside", 11, recorded=False)),
    floor=Bar(value=12),
    goal=Bar(value=9, proven=True),
)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (ROW, Verdict.FLOOR),
        (replace(ROW, value=12), Verdict.FLOOR),
        (replace(ROW, value=12.5), Verdict.MISSED),
        (replace(ROW, value=9), Verdict.FLOOR),
        (replace(ROW, value=9, bound=9), Verdict.GOAL),
        (replace(ROW, value=9, bound=9, violations=1), Verdict.INVALID),
        (replace(ROW, value=None), Verdict.NO_ANSWER),
        (replace(ROW, floor=None, goal=None), Verdict.NO_BAR),
        (replace(ROW, floor=None), Verdict.MISSED),
        (replace(ROW, floor=Bar(value=10, strictly=True)), Verdict.MISSED),
        (replace(ROW, sense=Sense.MOST), Verdict.MISSED),
        (replace(ROW, sense=Sense.MOST, goal=Bar(value=9, strictly=True)), Verdict.GOAL),
        (replace(ROW, floor=Bar(gap=0.2)), Verdict.FLOOR),
        (replace(ROW, floor=Bar(gap=0.19)), Verdict.MISSED),
        (replace(ROW, floor=Bar(gap=0.2), bound=None), Verdict.MISSED),
        (replace(ROW, floor=Bar(seconds=2.5)), Verdict.FLOOR),
        (replace(ROW, floor=Bar(seconds=2.4)), Verdict.MISSED),
    ],
)
def test_the_verdict_follows_from_the_row(row: Row, verdict: Verdict) -> None:
    assert row.verdict is verdict


def test_several_seeds_are_summed_up_by_their_median() -> None:
    rows = [
        replace(ROW, seed=seed, value=value, bound=bound) for seed, value, bound in ((1, 9, 8), (2, 13, 9), (3, 9, 7))
    ]

    summed = median(rows)

    assert (summed.seed, summed.value, summed.bound, summed.verdict) == (None, 9, 9, Verdict.GOAL)


def test_a_seed_without_an_answer_or_with_a_breach_counts() -> None:
    assert median([ROW, ROW, replace(ROW, value=None)]).verdict is Verdict.NO_ANSWER
    assert median([ROW, ROW, replace(ROW, violations=2)]).verdict is Verdict.INVALID


def test_figures_on_record_stand_in_a_column_that_says_so() -> None:
    text = io.StringIO()

    show([ROW, replace(ROW, seed=None)], Console(file=text, width=250), "some day, somewhere")

    header, line = (
        next(each for each in text.getvalue().splitlines() if word in each) for word in ("instance", "N2OR")
    )
    assert "peer, recorded (some day, somewhere)" in header
    assert line.index("12 theirs") > line.index("11 beside")
    assert "median" in text.getvalue()


def test_the_file_has_every_figure_and_the_verdict(tmp_path: Path) -> None:
    write([ROW], "some day, somewhere", tmp_path / "out" / "solver.json")

    content = json.loads((tmp_path / "out" / "solver.json").read_text())

    assert content["recorded"] == "some day, somewhere"
    assert content["rows"][0] | {"peers": []} == {
        "work": "CSPLib",
        "instance": "N2OR",
        "seed": 1,
        "seconds": 2.5,
        "value": 10,
        "bound": 8,
        "better": "least",
        "best_known": 9,
        "peers": [],
        "floor": "≤ 12",
        "goal": "≤ 9, proven",
        "violations": 0,
        "verdict": "floor",
    }
