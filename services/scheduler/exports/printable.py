"""Cleans text before it goes into a file that other programs read.

Text is checked when it comes in. What an older fact let pass, and the few characters that XML 1.0 (section 2.2) does
not know, must not make a file that nobody can read.
"""

from __future__ import annotations

import re

# Outside what XML 1.0 allows, and controls that other formats take for a line break.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n?")


def printable(text: str) -> str:
    """The same text, with line feeds for line breaks and spaces for what no file may hold."""
    return _NOT_PRINTABLE.sub(" ", _LINE_BREAK.sub("\n", text)).strip()
