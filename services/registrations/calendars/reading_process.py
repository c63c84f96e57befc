"""The process in which calendar files are read, apart from the service: it may be stopped at any moment.

It reads jobs from its input, one line of JSON and then as many bytes as that says, and answers each with one line.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import date
from typing import IO, Any

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.timetable_ics import read_busy
from shared.time.intervals import Interval

if sys.platform != "win32":
    import resource

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 20
MAX_PROBLEMS = 20


def main(jobs: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until there are no more jobs."""
    _limit_memory()
    while head := jobs.readline():
        job = json.loads(head)
        content = jobs.read(job["bytes"])
        _limit_time()
        answers.write(json.dumps(_answer(job, content)).encode() + b"\n")
        answers.flush()


def _limit_memory() -> None:
    if sys.platform != "win32":
        # Not every system lets a process limit its address space; there, the time limit must do.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time() -> None:
    """The kernel ends this process when one job computes for too long, should nobody else."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def _answer(job: dict[str, Any], content: bytes) -> dict[str, Any]:
    horizon = Horizon(date.fromisoformat(job["first"]), date.fromisoformat(job["last"]), job["zone"])
    try:
        found = read_busy(content, horizon)
    except UnreadableFileError as error:
        return {"unreadable": [error.field, error.problem, error.allowed]}
    except (MemoryError, RecursionError):
        return {"unreadable": ["file", "is too much to expand", "fewer or simpler entries"]}
    return {
        "no": [_seconds(each) for each in found.no],
        "maybe": [_seconds(each) for each in found.maybe],
        "faults": len(found.faults),
        "problems": [[each.line, each.field, each.problem, each.allowed] for each in found.faults[:MAX_PROBLEMS]],
    }


def _seconds(interval: Interval) -> tuple[int, int]:
    return int(interval.start.timestamp()), int(interval.end.timestamp())


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
