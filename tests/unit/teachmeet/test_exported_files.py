"""Files with personal data are for whoever exported them alone."""

from __future__ import annotations

from pathlib import Path

from shared.contract.commands.intake import DataKind
from teachmeet.commands.exporting import _write


def test_a_file_that_was_readable_by_everybody_is_so_no_more(tmp_path: Path) -> None:
    before = tmp_path / "people.csv"
    before.touch(mode=0o644)
    _write(tmp_path, DataKind.PEOPLE, [])
    assert {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {
        "people.csv": 0o600,
        "people.json": 0o600,
    }
