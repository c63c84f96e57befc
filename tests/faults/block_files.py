"""The bytes that a nats-server's files hold. Closed blocks are compressed (S2); that is undone here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_MARK = b"cmp"
_STREAM = b"S2sTwO"
_HEADER = len(_MARK) + 1
_COMPRESSED, _PLAIN, _SKIPPABLE = 0x00, 0x01, 0x80
_CRC = 4
_CHECKSUM = 8
_LITERAL, _COPY_1, _COPY_2 = 0, 1, 2
_LONG_LITERAL = 60


def contents(folder: Path, *, but: tuple[str, ...] = ()) -> Iterator[tuple[Path, bytes]]:
    """Every file with its bytes, uncompressed; without the folders of these names at the top."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.relative_to(folder).parts[0] not in but:
            try:
                raw = file.read_bytes()
            except FileNotFoundError:
                # A broker that runs puts files in the place of others.
                continue
            yield file, (uncompressed(raw) if is_compressed(raw) else raw)


def has_compressed(folder: Path) -> bool:
    """Whether some block of it is closed and compressed."""
    return any(is_compressed(file.read_bytes()) for file in folder.rglob("*.blk"))


def is_compressed(raw: bytes) -> bool:
    return raw.startswith(_MARK) and _STREAM in raw[:64]


def uncompressed(raw: bytes) -> bytes:
    """What a compressed block holds. Raises ValueError for what is no S2 stream."""
    size, place = _uvarint(raw, _HEADER)
    found = bytearray()
    while place < len(raw) - _CHECKSUM:
        kind = raw[place]
        length = int.from_bytes(raw[place + 1 : place + 4], "little")
        chunk = raw[place + 4 : place + 4 + length]
        place += 4 + length
        if kind == _COMPRESSED:
            found += _block(chunk[_CRC:])
        elif kind == _PLAIN:
            found += chunk[_CRC:]
        elif kind < _SKIPPABLE:
            raise ValueError(f"a chunk of kind {kind:#x} is not known")
    if len(found) + _CHECKSUM != size and len(found) != size:
        raise ValueError(f"{len(found)} bytes came of a block of {size}")
    return bytes(found)


def _uvarint(raw: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7


def _block(raw: bytes) -> bytes:
    """One S2 block: Snappy, and copies from the last offset once more."""
    size, place = _uvarint(raw, 0)
    out = bytearray()
    offset = 0
    while place < len(raw):
        tag = raw[place]
        kind, place = tag & 3, place + 1
        if kind == _LITERAL:
            length = tag >> 2
            if length >= _LONG_LITERAL:
                width = length - _LONG_LITERAL + 1
                length = int.from_bytes(raw[place : place + width], "little")
                place += width
            out += raw[place : place + length + 1]
            place += length + 1
            continue
        if kind == _COPY_1:
            length = tag >> 2 & 7
            stated = (tag & 0xE0) << 3 | raw[place]
            place += 1
            if stated:
                offset = stated
            elif length >= 5:
                width = length - 4
                more = int.from_bytes(raw[place : place + width], "little")
                place += width
                length = more + (4, 1 << 8, 1 << 16)[width - 1]
            length += 4
        else:
            width = 2 if kind == _COPY_2 else 4
            length = (tag >> 2) + 1
            offset = int.from_bytes(raw[place : place + width], "little")
            place += width
        _copy(out, offset, length)
    if len(out) != size:
        raise ValueError(f"{len(out)} bytes came of a block of {size}")
    return bytes(out)


def _copy(out: bytearray, offset: int, length: int) -> None:
    if not 0 < offset <= len(out):
        raise ValueError("a copy from before the beginning")
    for _ in range(length // offset + 1):
        taken = out[-offset:][: min(offset, length)]
        out += taken
        length -= len(taken)
        if not length:
            return
