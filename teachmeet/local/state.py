"""What a data folder remembers of its system, and how the command line finds a running one."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.bus.permissions import Partner
from shared.contract.values import Id
from teachmeet.errors import CannotError


class SystemState(BaseModel):
    """Chosen at the first start and kept: a folder is always run with the same clock, ports and partners."""

    model_config = ConfigDict(frozen=True)

    community: Id
    clock_offset_seconds: float = 0.0
    broker_port: int = 0
    web_port: int = 0
    partners: tuple[Partner, ...] = ()
    sample_missing: bool = False
    """whether the sample community is still to be sent in"""


class RunningSystem(BaseModel):
    """Where a running system can be reached."""

    model_config = ConfigDict(frozen=True)

    nats: str
    web: str
    community: Id
    clock_offset_seconds: float = 0.0


class NotRunningError(CannotError):
    """No system runs on that data folder."""


def read_state(folder: Path) -> SystemState | None:
    """What the folder remembers; None before its first start."""
    file = folder / "system.json"
    return SystemState.model_validate_json(file.read_bytes()) if file.exists() else None


def write_state(folder: Path, state: SystemState) -> None:
    (folder / "system.json").write_text(state.model_dump_json(indent=2))


def read_running(folder: Path) -> RunningSystem:
    """The system that runs on that folder. Raises NotRunningError."""
    try:
        return RunningSystem.model_validate_json(_running_file(folder).read_bytes())
    except (OSError, ValidationError):
        raise NotRunningError(
            f"no system runs on {folder}; start one with 'teachmeet up', "
            "or set TEACHMEET_NATS, TEACHMEET_USER and TEACHMEET_SEED_FILE"
        ) from None


def write_running(folder: Path, running: RunningSystem) -> None:
    _running_file(folder).write_text(running.model_dump_json(indent=2))


def forget_running(folder: Path) -> None:
    _running_file(folder).unlink(missing_ok=True)


def _running_file(folder: Path) -> Path:
    return folder / "connection.json"
