"""Where the foreign readers come from: built or installed by the test run, into a folder that is kept.

libical needs a C compiler and its headers (Debian: ``libical-dev``); ical.js and postal-mime need node and npm, and
are installed by their lock file. Where one is absent, ``AbsentError`` says what to install.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from tests.oracles.reading import Reader

_HERE = Path(__file__).parent
_DEADLINE = 150.0
_NODE_FILES = ("package.json", "package-lock.json", "ical_js_read.mjs", "mail_read.mjs")


class AbsentError(Exception):
    """A reader that this machine cannot have; the message says what it lacks."""


def libical(kept: Path) -> Reader:
    """libical with its restriction check, compiled from ``libical_check.c``."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise AbsentError("libical: there is no C compiler (Debian: apt-get install gcc)")
    source = _HERE / "libical_check.c"
    program = kept / f"libical_check-{_digest(source)}"
    with FileLock(program.with_suffix(".lock")):
        if not program.exists():
            _compile(compiler, source, program)
    return Reader("libical", (str(program),))


def ical_js(kept: Path) -> Reader:
    return Reader("ical.js", ("node", str(_node_folder(kept) / "ical_js_read.mjs")))


def vobject(_: Path) -> Reader:
    return Reader("vobject", (sys.executable, str(_HERE / "vobject_read.py")))


def postal_mime(kept: Path) -> Reader:
    """The second reader of mails; the first is the standard library."""
    return Reader("postal-mime", ("node", str(_node_folder(kept) / "mail_read.mjs")))


def folder(config: pytest.Config) -> Path:
    """Where built and installed readers stay from run to run."""
    assert config.cache is not None, "pytest's cache is on"
    return config.cache.mkdir("oracles")


OF_CALENDARS = {"libical": libical, "ical_js": ical_js, "vobject": vobject}
"""The readers of calendar objects, by name."""


def _compile(compiler: str, source: Path, program: Path) -> None:
    unfinished = program.with_suffix(".unfinished")
    command = [compiler, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-O1", "-o", str(unfinished), str(source), "-lical"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=_DEADLINE)
    message = done.stderr.decode()
    if done.returncode != 0 and ("libical/ical.h" in message or "-lical" in message):
        raise AbsentError("libical: its headers are not installed (Debian: apt-get install libical-dev)")
    assert done.returncode == 0, message
    unfinished.rename(program)


def _node_folder(kept: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise AbsentError("ical.js, postal-mime: there is no node with npm (Debian: apt-get install nodejs npm)")
    folder = kept / f"node-{_digest(*(_HERE / each for each in _NODE_FILES))}"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            _install(npm, folder)
    return folder


def _install(npm: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for each in _NODE_FILES:
        shutil.copy(_HERE / each, folder)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=_DEADLINE)
    if done.returncode != 0:
        raise AbsentError(f"ical.js, postal-mime: npm could not install them: {done.stderr.decode()[-300:]}")
    (folder / "ready").touch()


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:16]


def present(config: pytest.Config) -> list[Reader]:
    """The readers of calendar objects that this machine can have."""
    found = []
    for make in OF_CALENDARS.values():
        with suppress(AbsentError):
            found.append(make(folder(config)))
    return found
