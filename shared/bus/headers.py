"""Reading message headers: nine tenths of what it costs the client library to take in a fact.

nats-py 2.16 looks at every character of every header name with a generator. Names are few, so what a name reads as is
remembered. The results are the same (a test compares them).
"""

from __future__ import annotations

from collections.abc import Callable

from nats.aio.client import Client

_MOST_NAMES = 1000
_OF_REPLAYS = tuple(
    (name, f"\r\n{name}:".encode()) for name in ("ce-time", "Nats-Last-Consumer", "Nats-Consumer-Stalled")
)
_names: dict[bytes, str | None] = {}


def parse_header_lines(raw: bytes) -> dict[str, str]:
    """The headers of a message, from lines of ``Name: Value``; lines that are none are left out."""
    found = {}
    for line in raw.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if not colon:
            continue
        known = _names[name] if name in _names else _read(name)
        if known is not None:
            found[known] = value.strip().decode("utf-8", "replace")
    return found


def read_headers_fast(client: Client, parse: Callable[[bytes], dict[str, str]] = parse_header_lines) -> None:
    """Have this client read headers by ``parse``. Where a later nats-py has no such method, nothing changes."""
    if hasattr(client, "_parse_header_lines"):
        setattr(client, "_parse_header_lines", parse)  # noqa: B010 - it is not the library's interface


def parse_replay_headers(raw: bytes) -> dict[str, str]:
    """Those headers alone that a replay looks at: three of a fact's fifteen."""
    found, lines = {}, b"\r\n" + raw + b"\r\n"
    for name, line in _OF_REPLAYS:
        at = lines.rfind(line)
        if at >= 0:
            start = at + len(line)
            found[name] = lines[start : lines.index(b"\r\n", start)].strip().decode("utf-8", "replace")
    return found


def _read(name: bytes) -> str | None:
    """The name in text; None when it is not a name."""
    try:
        text = name.strip().decode("ascii")
    except UnicodeDecodeError:
        return None
    known = None if any(map(str.isspace, text)) else text
    # Whoever may send messages chooses their names; what is remembered must have an end.
    if len(_names) < _MOST_NAMES:
        _names[name] = known
    return known
