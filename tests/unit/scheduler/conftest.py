"""The samples beside this file can be imported by the tests in the folders below it."""

from __future__ import annotations

import pytest

from services.scheduler.warm_up import warm_up


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """What numba compiles on first use is not part of any solve, nor of the seconds that one is given."""
    warm_up()
