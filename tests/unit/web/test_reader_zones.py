"""The reader's choice of a zone."""

from __future__ import annotations

import pytest

from services.web.reader_zones import offered_zones, zone_choice
from shared.time.zones import known_zones


def test_every_offered_zone_is_known_and_offered_once() -> None:
    names = [option.name for group in offered_zones() for option in group.options]
    assert set(names) <= known_zones()
    assert len(names) == len(set(names))
    assert {"Asia/Dubai", "Europe/London", "UTC"} <= set(names)


def test_regions_group_cities() -> None:
    cities = {group.region: [option.title for option in group.options] for group in offered_zones()}
    assert "Dubai" in cities["Asia"]
    assert "Buenos Aires, Argentina" in cities["America"]


@pytest.mark.parametrize("asked", [None, ""])
def test_nothing_asked_for_is_no_zone_and_no_problem(asked: str | None) -> None:
    choice = zone_choice(asked)
    assert choice.zone is None
    assert choice.problem is None


@pytest.mark.parametrize("asked", ["Asia/Atlantis", "../../etc/passwd", "<script>", "asia/dubai", "x" * 5000, "\0"])
def test_what_is_no_zone_is_refused_without_repeating_it(asked: str) -> None:
    choice = zone_choice(asked)
    assert choice.zone is None
    assert choice.problem is not None
    assert "zone" in choice.problem
    assert asked not in choice.problem


def test_a_known_zone_that_is_not_offered_stays_chosen() -> None:
    choice = zone_choice("Asia/Calcutta")
    assert choice.zone == "Asia/Calcutta"
    assert choice.extra is not None
    assert zone_choice("Asia/Kolkata").extra is None
