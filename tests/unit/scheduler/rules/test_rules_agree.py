"""Every rule says the same on the tables, on the model and by its own judgement (see ``rule_checks``)."""

from __future__ import annotations

import pytest
from rule_checks import Sample, check_agreement, gathered

from services.scheduler.rules.base import Level

CASES = [
    pytest.param(sample, level, id=f"{name}-{level}") for name, sample in gathered().items() for level in sample.levels
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("sample", "level"), CASES)
def test_judge_tables_and_model_agree(sample: Sample, level: Level, seed: int) -> None:
    check_agreement(sample, level, seed)
