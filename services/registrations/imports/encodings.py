"""Bytes as text: by their byte order mark, as UTF-8 where they are, and otherwise as what old spreadsheets write.

Which single-byte encoding a file is in cannot be known from a few names; what was assumed is told, and may be stated.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from services.registrations.imports.drafts import UnreadableFileError

# What stands in a text where a byte could not be read.
UNREADABLE = re.compile("[\udc80-\udcff\ufffd]")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The mark of UTF-32 begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASSUMED = "windows-1252"
_LOOKED_AT = 4096
# Of plain text in UTF-16 every other byte is zero; of other text none is.
_MANY_ZEROS = 0.3


@dataclass(frozen=True)
class Decoded:
    """A text; the encoding that it was read in, and whether that was only assumed."""

    text: str
    encoding: str
    assumed: bool = False


def decoded(content: bytes, stated: str | None = None) -> Decoded:
    """The text; bytes that cannot be read are marked in it. Raises UnreadableFileError for an encoding unknown."""
    if stated is not None:
        return Decoded(_in(content, stated), stated)
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(_in(content, encoding), encoding.removesuffix("-sig"))
    if wide := _wide(content[:_LOOKED_AT]):
        return Decoded(_in(content, wide), "utf-16")
    text = content.decode("utf-8", errors="surrogateescape")
    if not UNREADABLE.search(text) or any(each >= "\x80" and not "\udc80" <= each <= "\udcff" for each in text):
        # Where some of it is UTF-8 beyond ASCII, all of it was meant to be.
        return Decoded(text, "utf-8")
    return Decoded(_in(content, _ASSUMED), _ASSUMED, assumed=True)


def _in(content: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        return content.decode(encoding, errors="replace" if name.startswith("utf") else "surrogateescape")
    except (LookupError, ValueError):
        raise UnreadableFileError("encoding", "is not known", "utf-8, utf-16, windows-1252, iso-8859-15, ...") from None


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark, by where its zeros are."""
    half = len(start) // 2
    if half and start[1::2].count(0) > half * _MANY_ZEROS and not start[0::2].count(0):
        return "utf-16-le"
    if half and start[0::2].count(0) > half * _MANY_ZEROS and not start[1::2].count(0):
        return "utf-16-be"
    return None
