"""The table of all rules in ``docs/rules.md``. ``python -m services.scheduler.rules.listing`` writes it anew."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from services.scheduler.rules.base import Rule
from services.scheduler.rules.catalogue import STANDARD, AnyRule

DOCUMENT = Path(__file__).parents[3] / "docs" / "rules.md"
BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"
HEAD = ("kind", "what it asks", "what it counts", "level", "weight", "always there")


def kinds() -> dict[str, type[Rule]]:
    """Every rule that a policy may state, by kind, in the order of the catalogue."""
    return {str(rule.model_fields["kind"].default): rule for rule in get_args(get_args(AnyRule)[0])}


def table() -> str:
    """A Markdown table with a line for each kind of rule. Weights are person-minutes for each unit that it counts."""
    return "\n".join(["| " + " | ".join(HEAD) + " |", "| --- " * len(HEAD) + "|", *_lines()])


def _lines() -> Iterator[str]:
    always = {type(rule) for rule in STANDARD}
    for kind, rule in kinds().items():
        fields = rule.model_fields
        sentence = fields["sentence"].default if not fields["sentence"].is_required() else "*as the pack says*"
        counts = (inspect.getdoc(rule) or "").partition("\n\n")[0].replace("\n", " ")
        level, weight = fields["level"].default, fields["weight"].default
        cells = (f"`{kind}`", sentence, counts, str(level), str(weight), "yes" if rule in always else "")
        yield "| " + " | ".join(cells) + " |"


def with_table(document: str) -> str:
    """The document with the present table between its marks."""
    return re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table()}\n{END}", document, flags=re.DOTALL)


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
