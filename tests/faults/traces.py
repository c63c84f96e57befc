"""Whether a name stands in the bytes of files, in any of the ways in which we write text."""

from __future__ import annotations

import base64
import json
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.faults.block_files import contents

# Lines of base64 and quoted-printable are broken, and JSON writes a break as \r\n.
_BREAKS = re.compile(rb"(?:\\r)?\\n|\r?\n|=\\r\\n|=\r?\n")


@dataclass(frozen=True)
class Trace:
    """Where something was found, and in which writing."""

    file: str
    writing: str


def traces(folder: Path, words: tuple[str, ...], *, but: tuple[str, ...] = ()) -> list[Trace]:
    """Every file below ``folder`` in which one of the words stands; compressed blocks are read uncompressed."""
    sought = {label: spelled for word in words for label, spelled in writings(word)}
    found = []
    for file, raw in contents(folder, but=but):
        lowered, joined = raw.lower(), _BREAKS.sub(b"", raw)
        for label, spelled in sought.items():
            is_there = spelled in joined if "base64" in label else spelled.lower() in lowered or spelled in joined
            if is_there:
                found.append(Trace(str(file.relative_to(folder)), label))
    return found


def writings(word: str) -> Iterator[tuple[str, bytes]]:
    """The word as texts, JSON, mails and addresses of pages hold it."""
    for spelled in dict.fromkeys((word, word.lower(), word.title())):
        plain = spelled.encode()
        yield f"{spelled}: as it is", plain
        yield f"{spelled}: in JSON", json.dumps(spelled)[1:-1].encode()
        yield f"{spelled}: quoted-printable", quopri.encodestring(plain).rstrip(b"=\n")
        yield f"{spelled}: in an address of a page", quote(spelled).encode()
        yield f"{spelled}: Latin-1", spelled.encode("latin-1", "replace")
        yield f"{spelled}: UTF-16", spelled.encode("utf-16-le")
        for number, once in enumerate(_base64(plain)):
            yield f"{spelled}: base64, {number}", once
            for again, twice in enumerate(_base64(once)):
                yield f"{spelled}: base64 of base64, {number}.{again}", twice


def _base64(plain: bytes) -> Iterator[bytes]:
    """What stands in base64 wherever the word begins in it: without the characters that its neighbours share."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain)
        first = 0 if shift == 0 else shift + 1
        whole = (shift + len(plain)) // 3 * 4
        yield encoded[first:whole]
