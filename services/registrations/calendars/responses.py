"""What a server's answer means: the content, that it has not changed, or why there is none."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from shared.contract.facts.calendars import ReadProblem

_SIGN_IN = {401, 403, 407}
_GONE = {404, 410}
_TRY_LATER = {408, 425, 429}
_NOT_MODIFIED, _OK, _SERVER_ERRORS, _NOT_IMPLEMENTED = 304, 200, 500, 501
_LONGEST_ETAG, _LONGEST_DATE = 500, 100


class FetchError(Exception):
    """The calendar could not be read. ``retry_after``: seconds that the server asked to be left alone for."""

    def __init__(self, problem: ReadProblem, *, retry_after: float | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.retry_after = retry_after


@dataclass(frozen=True)
class Validators:
    """What the server said of the content, to ask whether it has changed."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        stated = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in stated.items() if value is not None}


@dataclass(frozen=True)
class Fetched:
    """What the server has; ``content`` is None when it has not changed."""

    content: bytes | None
    validators: Validators = Validators()


async def content_of(response: httpx.Response, most: int) -> Fetched:
    """The content, of at most so many bytes. Raises FetchError."""
    if response.status_code == _NOT_MODIFIED:
        return Fetched(None)
    if response.status_code != _OK:
        raise _refusal(response)
    return Fetched(await _body(response, most), _validators(response.headers))


async def _body(response: httpx.Response, most: int) -> bytes:
    """The body, unpacked here rather than by the client, which would unpack a bomb before it could be measured."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise FetchError(ReadProblem.REFUSED)
    unpack = None if encoding == "identity" else zlib.decompressobj(16 + zlib.MAX_WBITS)
    body = bytearray()
    async for chunk in response.aiter_raw():
        room = most - len(body) + 1
        try:
            body += chunk if unpack is None else unpack.decompress(chunk, room)
        except zlib.error:
            raise FetchError(ReadProblem.NO_CALENDAR) from None
        if len(body) > most:
            raise FetchError(ReadProblem.TOO_LARGE)
    if unpack is not None and not unpack.eof:
        raise FetchError(ReadProblem.UNREACHABLE)
    return bytes(body)


def _refusal(response: httpx.Response) -> FetchError:
    status = response.status_code
    if status in _SIGN_IN:
        return FetchError(ReadProblem.SIGN_IN)
    if status in _GONE:
        return FetchError(ReadProblem.GONE)
    if status != _NOT_IMPLEMENTED and (status >= _SERVER_ERRORS or status in _TRY_LATER):
        return FetchError(ReadProblem.SERVER_TROUBLE, retry_after=_retry_after(response.headers))
    return FetchError(ReadProblem.REFUSED)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds; a date is counted from the server's own. None for anything else."""
    stated = headers.get("retry-after", "").strip()
    if stated.isdecimal() and stated.isascii():
        return float(stated[:9])
    until, now = _date(stated), _date(headers.get("date", ""))
    return max(0.0, (until - now).total_seconds()) if until is not None and now is not None else None


def _date(stated: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(stated)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _validators(headers: httpx.Headers) -> Validators:
    return Validators(_usable(headers.get("etag"), _LONGEST_ETAG), _usable(headers.get("last-modified"), _LONGEST_DATE))


def _usable(value: str | None, longest: int) -> str | None:
    return value if value and len(value) <= longest and value.isascii() and value.isprintable() else None
