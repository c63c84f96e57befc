"""Answers in pages, because one message is at most 1 MiB, the broker's default.

A page of text is at most 128 Ki characters, which as JSON in UTF-8 are at most 512 KiB: cleaned text holds no
character that JSON writes in more than 4 bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from shared.contract.results import Rejection, RejectionCode

CHARACTERS = 128 * 1024
# Each change is at most 6 KiB (two long titles, four long room names), each entry of a changelog at most 1.5 KiB.
CHANGES = 150
RELEASES = 500

T = TypeVar("T")


def page_of_text(text: str, page: int) -> tuple[str, int]:
    """One page of a text, and how many there are. Raises Rejection for a page behind the last."""
    start = _start(page, CHARACTERS, len(text))
    return text[start : start + CHARACTERS], _pages(CHARACTERS, len(text))


def page_of(items: Sequence[T], page: int, size: int) -> tuple[tuple[T, ...], int]:
    """One page of items, and how many pages there are. Raises Rejection for a page behind the last."""
    start = _start(page, size, len(items))
    return tuple(items[start : start + size]), _pages(size, len(items))


def _start(page: int, size: int, length: int) -> int:
    if page > _pages(size, length):
        raise Rejection.of(
            RejectionCode.INVALID, "page", "is behind the last page", f"a whole number from 1 to {_pages(size, length)}"
        )
    return (page - 1) * size


def _pages(size: int, length: int) -> int:
    return max(1, -(-length // size))
