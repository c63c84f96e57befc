"""No rule without a sample in which it binds, can be switched off, and is missed when either half of it is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rule_checks import (
    Sample,
    check_agreement,
    check_it_binds,
    check_it_can_be_switched_off,
    gathered,
    kinds,
    nothing_stated,
    statement_of,
)

from services.scheduler import encoding
from services.scheduler.rules.base import Level

SAMPLES = [pytest.param(sample, id=name) for name, sample in gathered().items()]
SEEDS = range(4)


def test_every_kind_of_rule_has_a_sample() -> None:
    assert kinds() - {sample.kind for sample in gathered().values()} == set()


@pytest.mark.parametrize("sample", SAMPLES)
def test_it_binds(sample: Sample) -> None:
    check_it_binds(sample)


@pytest.mark.parametrize("sample", [param for param in SAMPLES if param.id != "room-conflict"])
def test_it_can_be_switched_off(sample: Sample) -> None:
    check_it_can_be_switched_off(sample)


@pytest.mark.parametrize("sample", SAMPLES)
def test_without_its_statement_the_comparison_fails(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    method = statement_of(sample.rule)
    if method is None:
        monkeypatch.setattr(encoding, "forbid_room_conflicts", lambda *_: None)
    else:
        monkeypatch.setattr(type(sample.rule), method, nothing_stated(sample.rule))
    assert any(_disagrees(sample))


@pytest.mark.parametrize("sample", SAMPLES)
def test_without_its_judgement_the_comparison_fails(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(sample.rule), "judge", lambda *_: ())
    assert any(_disagrees(sample))


def _disagrees(sample: Sample) -> Iterator[bool]:
    for seed in SEEDS:
        try:
            check_agreement(sample, _level(sample), seed)
        except AssertionError:
            yield True
        else:
            yield False


def _level(sample: Sample) -> Level:
    return sample.levels[0]
