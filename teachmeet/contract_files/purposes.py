"""The table of purposes, in Markdown: why each field about people is held, and until when."""

from __future__ import annotations

from collections.abc import Iterator

from shared.contract.catalogue import FACTS
from shared.contract.purposes import PURPOSES, Purpose

_TEXT = """\
# What is held on people, and why

Made by `make contract` from the code. Do not edit. How people get at it, and how it ends: [privacy.md](../privacy.md).

| fact | of | fields | why | until when |
| --- | --- | --- | --- | --- |
{rows}
"""


def purposes() -> str:
    """The text of ``purposes.md``."""
    return _TEXT.format(rows="\n".join(_rows()))


def _rows() -> Iterator[str]:
    told: set[str] = set()
    for kind in FACTS:
        if kind.entity in told or kind.entity not in PURPOSES:
            continue
        told.add(kind.entity)
        of = ", ".join(each.service for each in FACTS if each.entity == kind.entity)
        by_purpose: dict[Purpose, list[str]] = {}
        for field, purpose in PURPOSES[kind.entity].items():
            by_purpose.setdefault(purpose, []).append(f"`{field}`")
        for purpose, fields in by_purpose.items():
            yield f"| `{kind.entity}` | {of} | {', '.join(fields)} | {purpose.why} | {purpose.kept} |"
