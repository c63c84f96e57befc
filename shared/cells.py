"""Cells of CSV files that a spreadsheet shows and never works out (OWASP: CSV injection)."""

from __future__ import annotations

import re

# Full-width signs begin a formula, too, in spreadsheets of East Asian languages.
_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - full-width signs are meant
_LIKE_A_FORMULA = re.compile(rf"'*{_FORMULA}")
_NEUTRALISED = re.compile(rf"''*{_FORMULA}")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what looks like a formula, or like one that is neutralised already."""
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def as_it_was(cell: str) -> str:
    """The cell without that apostrophe: ``as_it_was(harmless(cell)) == cell``."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
