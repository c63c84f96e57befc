"""A weekly series on the command line: proposed, planned week by week, one date called off and held again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from organised import organised, refused, said
from system_on_a_folder import Up

from shared.time.zones import zone


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with organised(tmp_path) as up:
        yield up


def planned(up: Up) -> dict[str, datetime]:
    said(up, "solve", "drawing", "--seconds", "2")
    shown = json.loads(said(up, "show", "drawing", "--json"))
    placements = shown["plan"]["draft"]["placements"]
    return {each["session"]: datetime.fromisoformat(each["start"]) for each in placements}


def test_a_series_is_proposed_planned_and_one_date_of_it_called_off(up: Up) -> None:
    said(up, "programme", "create", "workshop-series", "drawing", "Drawing", "--first-day", "2027-03-01")
    propose = ("propose", "drawing", "Drawing from memory", "--presenter", "p-001", "--format", "clinic", "--weekly")
    assert "weekly" in refused(up, *propose)
    series = json.loads(said(up, *propose, "--parts", "5", "--accept", "--json"))["proposal"]

    before = planned(up)
    local = [before[f"{series}-part-{number}"].astimezone(zone("Europe/London")) for number in range(1, 6)]
    assert len({(each.weekday(), each.time()) for each in local}) == 1
    assert len({each.utcoffset() for each in local}) == 2, "the clocks change on 28 March"
    assert [(later.date() - local[0].date()).days for later in local] == [0, 7, 14, 21, 28]

    second = f"{series}-part-2"
    assert "is none of its sessions" in refused(up, "proposals", "call-off", series, "nothing")
    assert f"{second} is called off" in said(up, "proposals", "call-off", series, second)
    (listed,) = json.loads(said(up, "proposals", "list", "drawing", "--json"))
    assert (listed["parts"], listed["weekly"]) == (4, True)
    assert "outdated" in refused(up, "release", "drawing")
    assert planned(up) == {name: start for name, start in before.items() if name != second}
    said(up, "release", "drawing")
    assert f"{second} is held" in said(up, "proposals", "call-off", series, second, "--restore")
    assert planned(up) == before
