"""The table of criteria in docs/invitations.md names tests that exist, and every criterion."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "invitations.md").read_text(encoding="utf-8")
CRITERIA = [*(f"O{number}" for number in range(1, 28)), "S1", "S2"]
CRITERIA += [f"B{number}" for number in (2, 3, 4, 5, 9, 10, 11, 13, 14, 15)]


def _rows() -> dict[str, str]:
    return dict(re.findall(r"^\| ([OSB]\d+) \|.*?\| (.+) \|$", PAGE, re.MULTILINE))


def test_every_criterion_has_a_test_or_a_reason() -> None:
    rows = _rows()
    assert list(rows)[: len(CRITERIA)] == CRITERIA
    for name, rest in rows.items():
        assert "`test_" in rest or "`Test" in rest or "does not apply" in rest, name


def test_every_test_that_is_named_exists_and_bears_its_criterions_number() -> None:
    sources = "".join(each.read_text(encoding="utf-8") for each in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", sources, re.MULTILINE))
    defined |= set(re.findall(r"^(Test\w+) = ", sources, re.MULTILINE))
    for name, rest in _rows().items():
        for test in re.findall(r"`((?:test|Test)\w*)`", rest):
            assert test in defined
            assert test.startswith((f"test_{name.lower()}_", "Test"))
