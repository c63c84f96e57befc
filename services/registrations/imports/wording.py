"""Words of people as ids and tags, and texts as the contract takes them."""

from __future__ import annotations

import re
import unicodedata

_NO_TOKEN = re.compile(r"[^a-z0-9]+")


def slug(words: str, *, longest: int = 40) -> str:
    """``Early Years & SEND`` -> ``early-years-send``; empty when no letter or digit is left."""
    plain = unicodedata.normalize("NFKD", words.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return _NO_TOKEN.sub("-", plain.lower()).strip("-")[:longest].strip("-")


def same_words(words: str) -> str:
    """What two spellings of the same name or title have in common."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def tidy(text: str) -> str:
    """The text with line breaks as the contract takes them, and without characters that nobody can see."""
    breaks = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    kept = (each for each in breaks.replace("\u2029", "\n") if each in "\n\t" or unicodedata.category(each) != "Cc")
    return "".join(kept).strip()
