"""conference-scheduler 3.0.1 (PyPI) beside our solver: in a virtual environment of its own, in a process of its own.

The environment is made once, in `bench-output/peers/`, and costs about 90 MB. The time that counts is the library's: it
builds the model and solves it with CBC; starting Python and importing are not in it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measuring import OUTPUT
from bench.peers.random_instances import Assignment, RandomConference

PEER = "conference-scheduler 3.0.1"
_PACKAGES = ("conference-scheduler==3.0.1", "pulp==3.3.2", "numpy==2.4.6")
_SCRIPT = Path(__file__).with_name("run_conference_scheduler.py")
_INSTALL_SECONDS = 600
_START_SECONDS = 5


class PeerError(RuntimeError):
    """The peer could not be installed, or ended with an error."""


@dataclass(frozen=True)
class PeerAnswer:
    """`seconds` is what building and solving took; `valid` is what the library's own validator says."""

    seconds: float
    overflow: int
    valid: bool
    assignment: Assignment


@dataclass(frozen=True)
class Environment:
    python: Path

    def solve(self, conference: RandomConference, *, time_limit: float, threads: int = 2) -> PeerAnswer | None:
        """None where the library did not answer within `time_limit` seconds; its processes are ended then."""
        return self._run(conference, None, time_limit=time_limit, threads=threads)

    def check(self, conference: RandomConference, assignment: Assignment, *, time_limit: float = 60) -> bool:
        """Whether the library's own validator passes an assignment of ours."""
        answer = self._run(conference, assignment, time_limit=time_limit, threads=1)
        if answer is None:
            raise PeerError(f"{PEER} did not judge an assignment within {time_limit} s")
        return answer.valid

    def _run(
        self, conference: RandomConference, assignment: Assignment | None, *, time_limit: float, threads: int
    ) -> PeerAnswer | None:
        task = {"conference": asdict(conference), "assignment": assignment, "threads": threads}
        # -P: this folder, which has a module of the library's name, is not where the script imports from.
        output = _output([str(self.python), "-P", str(_SCRIPT)], json.dumps(task), time_limit + _START_SECONDS)
        answer = None if output is None else _answer(json.loads(output))
        return answer if answer and answer.seconds <= time_limit else None


def installed(folder: Path = OUTPUT / "peers") -> Environment:
    """The environment, made where it is not there yet. Raises PeerError."""
    home = (folder / PEER.replace(" ", "-")).absolute()
    python = home / "bin" / "python"
    ready = home / ".ready"
    if not ready.exists() or ready.read_text() != _stamp():
        _make(home, python)
        ready.write_text(_stamp())
    return Environment(python)


def _stamp() -> str:
    return f"{sys.version_info[:2]} {_PACKAGES}"


def _make(home: Path, python: Path) -> None:
    """With uv where this environment has it, which is faster; else with what Python brings along."""
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        _call(str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(home))
        _call(str(uv), "pip", "install", "--quiet", "--python", str(python), *_PACKAGES)
    else:
        _call(sys.executable, "-m", "venv", "--clear", str(home))
        _call(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_PACKAGES)


def _call(*command: str) -> None:
    if _output(list(command), "", _INSTALL_SECONDS) is None:
        raise PeerError(f"{' '.join(command)} took more than {_INSTALL_SECONDS} s")


def _output(command: list[str], given: str, seconds: float) -> str | None:
    """What a command prints, or None where it takes too long; it and what it started are ended then, and the files that
    it left in the folder for temporary ones go too."""
    with (
        TemporaryDirectory() as scratch,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {"TMPDIR": scratch},
        ) as process,
    ):
        try:
            output, errors = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise PeerError(f"{' '.join(command)} ended with {process.returncode}: {errors.strip()[-2000:]}")
    return output


def _answer(found: dict[str, Any]) -> PeerAnswer:
    places = [(int(period), int(room)) for period, room in found["assignment"]]
    return PeerAnswer(found["seconds"], found["overflow"], found["valid"], places)
