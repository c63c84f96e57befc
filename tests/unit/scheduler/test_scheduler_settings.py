from __future__ import annotations

from pathlib import Path

import pytest

from services.scheduler.settings import SchedulerSettings


@pytest.mark.parametrize(("stated", "folder"), [("", None), ("packs", Path("packs"))])
def test_an_empty_pack_folder_is_none_and_not_the_current_one(
    monkeypatch: pytest.MonkeyPatch, stated: str, folder: Path | None
) -> None:
    monkeypatch.setenv("TEACHMEET_SEED_FILE", "seed")
    monkeypatch.setenv("TEACHMEET_PACK_FOLDER", stated)
    assert SchedulerSettings().pack_folder == folder
