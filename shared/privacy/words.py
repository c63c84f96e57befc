"""The words by which somebody can be told, their names and addresses, and where they stand: in texts and in mails."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import cached_property
from typing import Any

ERASED_TEXT = "[erased]"
_SHORT_ERASED = "…"
_SHORTEST = 3
_BASE64_PART = re.compile(
    r"Content-Transfer-Encoding: *base64\r?\n(?:[^\r\n]+\r?\n)*\r?\n((?:[A-Za-z0-9+/=]+\r?\n?)+)", re.IGNORECASE
)
_ENCODED_WORDS = re.compile(r"=\?[^?\s]+\?[bq]\?[^?\s]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?\s]*\?=)*", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_SPACE = re.compile(r"\s+")
_MAIL = "mail"


@dataclass(frozen=True)
class Words:
    """Names and addresses of one person; any case of letters, and any white space, is the same word."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        """Each text once. What is too short, or one word that is no address, does not tell who is meant."""
        return cls(tuple(sorted({word for text in texts if _tells(word := _plain(text))})))

    @classmethod
    def together(cls, several: Iterable[Words]) -> Words:
        """The words of several people."""
        return cls(tuple(sorted({word for each in several for word in each.words})))

    def without(self, others: Iterable[str]) -> Words:
        """Without those that somebody else has, too: they do not tell who is meant."""
        known = {_plain(each) for each in others}
        return Words(tuple(word for word in self.words if word not in known))

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text, as it is or in the encodings of mails."""
        return bool(self.words) and any(self._occur(each) for each in _readings(text))

    def may_stand_in(self, text: str) -> bool:
        """Whether a piece of one of them stands in the text as it is; much quicker."""
        folded = text.casefold()
        return any(piece in folded for piece in self._pieces)

    def stand_in_state(self, state: Any) -> bool:
        """Whether one of them stands anywhere in a JSON value."""
        return any(self.stand_in(text) for text in _texts(state))

    def taken_out(self, text: str) -> str:
        """The text with ``[erased]`` in place of each; it does not get longer."""
        if not self.words:
            return text
        left = self._pattern.sub(_erased, text)
        # Letters such as the sharp s are the same only once case is folded.
        return self._pattern.sub(_erased, _plain(text)) if self._occur(left) else left

    def _occur(self, text: str) -> bool:
        # Most texts hold nothing of it, and there may be very many: look for the longest piece first.
        return self.may_stand_in(text) and self._pattern.search(_plain(text)) is not None

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        return tuple(max(word.split(), key=len) for word in self.words)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        spelled = (r"\s+".join(map(re.escape, word.split())) for word in sorted(self.words, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)


def without_person(state: Any, person: str, words: Words) -> Any:
    """A fact's JSON without that person: their id leaves lists, what is theirs in lists goes, their words go.

    A mail in which their words stand goes as a whole: its bytes cannot be changed in part.
    """
    match state:
        case dict():
            return {key: _field(key, value, person, words) for key, value in state.items()}
        case list():
            kept = (each for each in state if not _is_theirs(each, person, words))
            return [without_person(each, person, words) for each in kept]
        case str():
            return words.taken_out(state)
    return state


def names_person(state: Any, person: str) -> bool:
    """Whether the person's id stands in a list of the JSON value, or something in a list is theirs."""
    match state:
        case dict():
            return any(names_person(each, person) for each in state.values())
        case list():
            return any(each == person or _belongs(each, person) or names_person(each, person) for each in state)
    return False


def _field(key: str, value: Any, person: str, words: Words) -> Any:
    if key == _MAIL and isinstance(value, str):
        return None if words.stand_in(value) else value
    return without_person(value, person, words)


def _is_theirs(item: Any, person: str, words: Words) -> bool:
    if isinstance(item, str):
        return item == person or _plain(item) in words.words
    return _belongs(item, person)


def _belongs(item: Any, person: str) -> bool:
    return isinstance(item, dict) and item.get("person") == person


def _texts(state: Any) -> Iterable[str]:
    match state:
        case dict():
            for each in state.values():
                yield from _texts(each)
        case list():
            for each in state:
                yield from _texts(each)
        case str():
            yield state


def _readings(text: str) -> Iterable[str]:
    """The text, and what it says once a mail's encodings are undone."""
    yield text
    whole = _from_base64(text) if len(text) % 4 == 0 else None
    if whole is not None:
        yield from _mail_readings(whole)
    if "\n" in text:
        yield from _mail_readings(text)


def _mail_readings(mail: str) -> Iterable[str]:
    yield _unfolded(mail)
    yield html.unescape(binascii.a2b_qp(mail.encode("utf-8", "replace")).decode("utf-8", "replace"))
    seen: set[str] = set()
    for part in _BASE64_PART.findall(mail):
        # The same calendar object is in a mail twice.
        if part in seen:
            continue
        seen.add(part)
        inner = _from_base64(part)
        if inner is not None:
            yield _unfolded(inner).replace("\\,", ",").replace("\\;", ";")
            yield html.unescape(inner)
    for run in _ENCODED_WORDS.findall(mail) if "=?" in mail else ():
        try:
            yield str(make_header(decode_header(_FOLD.sub(" ", run))))
        except (HeaderParseError, UnicodeDecodeError, LookupError, ValueError):
            continue


def _from_base64(text: str) -> str | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _unfolded(text: str) -> str:
    return text.replace("\r\n ", "").replace("\r\n\t", "").replace("\n ", "").replace("\n\t", "")


def _tells(word: str) -> bool:
    """Whether nobody and nothing else is likely to be called that: a first name alone is a word as any other."""
    return len(word) >= _SHORTEST and (" " in word or "@" in word)


def _erased(found: re.Match[str]) -> str:
    """What stands in its place: never longer, so that a text which has a limit keeps to it."""
    return ERASED_TEXT if len(found[0]) >= len(ERASED_TEXT) else _SHORT_ERASED


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()
