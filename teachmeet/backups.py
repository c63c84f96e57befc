"""Backups of a stopped system's data folder, and bringing one back without those who were erased since."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from shared.bus.client import Requester
from shared.contract.authority import ORGANISER
from shared.contract.subjects import Service
from teachmeet.erasures import apply_erasures
from teachmeet.errors import CannotError
from teachmeet.local.folder import DataFolder
from teachmeet.local.state import read_state
from teachmeet.local.system import LocalSystem, SystemOptions

# Made anew at each start.
_LEFT_OUT = shutil.ignore_patterns("lock", "connection.json", "*.draft")


class BackupError(CannotError):
    """A backup cannot be made, or brought back, like this."""


def back_up(data: Path, out: Path) -> None:
    """Copy the data folder of a system that is stopped. Raises FolderInUseError, BackupError."""
    if not (data / "keys").is_dir():
        raise BackupError(f"{data} is no data folder of a system")
    _refuse_existing(out)
    folder = DataFolder(data)
    folder.acquire()
    try:
        shutil.copytree(data, out, ignore=_LEFT_OUT)
    finally:
        folder.release()


async def restore(backup: Path, data: Path, erasures: Mapping[str, Mapping[str, str]]) -> int:
    """Bring a backup back as a new data folder, and erase once more whom ``erasures`` names; how many that were.

    Nothing but the broker and registrations runs meanwhile, so that nobody who was erased gets a mail. Their tombstones
    are there when the others start; these destroy what they hold before they do anything else with it.
    Raises BackupError, and OSError.
    """
    state = read_state(backup)
    if state is None:
        raise BackupError(f"{backup} is no backup of a data folder")
    _refuse_existing(data)
    shutil.copytree(backup, data)
    options = SystemOptions(
        community=state.community,
        clock_offset_seconds=state.clock_offset_seconds,
        partners=state.partners,
        broker_port=state.broker_port,
        web_port=state.web_port,
    )
    count = 0
    system = LocalSystem(DataFolder(data), options)
    async with system.only(Service.REGISTRATIONS), system.connection("cli") as bus:
        for community, people in erasures.items():
            count += await apply_erasures(Requester(bus, community, ORGANISER), people)
    return count


def _refuse_existing(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is there already; name a folder that is not")
    if folder.exists():
        folder.rmdir()
