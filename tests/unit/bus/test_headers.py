"""Headers are read as the client library reads them, only sooner."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from shared.bus.headers import parse_header_lines, parse_replay_headers, read_headers_fast

_TEXT = st.binary(max_size=12) | st.sampled_from([b"ce-id", b" ce-id", b"ce id", b"", b"\t", b"Status", b"\xff"])
_LINES = st.lists(st.tuples(_TEXT, st.sampled_from([b":", b": ", b"", b":\t"]), _TEXT), max_size=6)


@given(_LINES)
def test_any_lines_read_as_the_client_library_reads_them(lines: list[tuple[bytes, bytes, bytes]]) -> None:
    raw = b"".join(b"".join(line) + b"\r\n" for line in lines)
    assert parse_header_lines(raw) == Client._parse_header_lines(raw)
    assert parse_header_lines(raw) == Client._parse_header_lines(raw), "once more, from what is remembered"


def test_a_name_that_was_never_seen_is_read_when_no_more_are_remembered() -> None:
    raw = b"".join(b"name-%d: %d\r\n" % (number, number) for number in range(3000))
    assert parse_header_lines(raw) == Client._parse_header_lines(raw)


async def test_a_client_reads_headers_fast() -> None:
    client = Client()
    read_headers_fast(client)
    assert await client._process_headers(b"NATS/1.0\r\nce-id: 7\r\n\r\n") == {"ce-id": "7"}
    assert client._parse_header_lines is parse_header_lines


_REPLAYED = ("ce-time", "Nats-Last-Consumer", "Nats-Consumer-Stalled")


@given(_LINES, st.permutations(_REPLAYED), st.text("0123456789:-TZ. ", max_size=30))
def test_a_replay_reads_its_own_headers_among_any_others(
    lines: list[tuple[bytes, bytes, bytes]], names: list[str], value: str
) -> None:
    others = [b"".join(line).replace(b"\r", b"").replace(b"\n", b"") for line in lines]
    own = [f"{name}: {value}".encode() for name in names]
    raw = b"\r\n".join([own[0], *others, *own[1:], b""])
    everything = Client._parse_header_lines(raw)
    assert parse_replay_headers(raw) == {name: everything[name] for name in _REPLAYED}
