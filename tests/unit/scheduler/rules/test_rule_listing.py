"""The page about rules lists the rules that there are."""

from __future__ import annotations

from services.scheduler.rules.listing import DOCUMENT, kinds, with_table


def test_the_table_of_rules_is_not_stale() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{kind}`" in document for kind in kinds()), "run python -m services.scheduler.rules.listing"
    assert with_table(document) == document, "run python -m services.scheduler.rules.listing"
