from __future__ import annotations

from pathlib import Path

import pytest
from csplib_samples import at

from bench.csplib.schedule import Placement, read, write
from bench.peers.errors import FormatError

PLACEMENTS = [
    *at("a Mon1 Hall 1", "a Mon1 Hall 2", "b Tue1 Club 3"),
    Placement("c, or 'd' ", "Mon 2", 'The "Attic"', 1),
]


@pytest.mark.parametrize("name", ["schedule.csv", "schedule.json"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    write(reversed(PLACEMENTS), tmp_path / name)

    assert read(tmp_path / name) == sorted(PLACEMENTS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schedule.csv", "reference,session,slot\na,Mon1,1\n"),
        ("schedule.csv", "reference,session,room,slot\na,Mon1,Hall,first\n"),
        ("schedule.csv", "reference,session,room,slot\na,Mon1\n"),
        ("schedule.json", "{}"),
        ("schedule.json", "[1"),
    ],
)
def test_another_file_is_refused_in_words(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(FormatError, match="reference, session, room and slot"):
        read(tmp_path / name)
