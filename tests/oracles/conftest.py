"""The foreign readers as fixtures; a test whose reader is absent is skipped and says what to install."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracles import readers
from tests.oracles.reading import Reader


@pytest.fixture(scope="session")
def kept(request: pytest.FixtureRequest) -> Path:
    """Where built and installed readers stay from run to run."""
    return readers.folder(request.config)


@pytest.fixture(scope="session", params=readers.OF_CALENDARS)
def reader(request: pytest.FixtureRequest, kept: Path) -> Reader:
    """Each reader of calendar objects in turn."""
    return _found(readers.OF_CALENDARS[request.param], kept)


@pytest.fixture(scope="session")
def libical(kept: Path) -> Reader:
    return _found(readers.libical, kept)


@pytest.fixture(scope="session", params=["libical", "ical_js"])
def strict_reader(request: pytest.FixtureRequest, kept: Path) -> Reader:
    """Those that go by the VTIMEZONE of the file alone; vobject prefers what it knows of a zone by its name."""
    return _found(readers.OF_CALENDARS[request.param], kept)


@pytest.fixture(scope="session")
def postal_mime(kept: Path) -> Reader:
    return _found(readers.postal_mime, kept)


def _found(make: Callable[[Path], Reader], kept: Path) -> Reader:
    try:
        return make(kept)
    except readers.AbsentError as absent:
        pytest.skip(str(absent))
