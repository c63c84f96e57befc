"""Cleans text before any library sees it.

The calendar library guards line breaks partly with ``assert`` and lets other control characters through; the mail
library raises on some of them and lets NUL through. Text in facts is checked when it comes in, but what an older
fact or another version let pass must not stop the mail or change its structure.
"""

from __future__ import annotations

import re

_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_NOT_IN_LINES = re.compile(f"[{_CONTROL}]+")
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_IN_PROSE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")


def line(text: str) -> str:
    """One line of printable text: every run of control characters, line separators or surrogates is one space."""
    return _NOT_IN_LINES.sub(" ", text).strip()


def prose(text: str) -> str:
    """Printable text whose only control character is the line feed."""
    return _NOT_IN_PROSE.sub(" ", _LINE_BREAK.sub("\n", text)).strip()


def shortened(text: str, characters: int) -> str:
    """At most that many characters of one line; what is cut off is shown by an ellipsis."""
    cleaned = line(text)
    return cleaned if len(cleaned) <= characters else cleaned[: characters - 1].rstrip() + "…"
