"""Addresses that hold a token are kept out of traces."""

from __future__ import annotations

import pytest

from services.web.routes import holds_token


@pytest.mark.parametrize(("path", "private"), [("/me/to.ken", True), ("/me/", True), ("/", False), ("/merton", False)])
def test_only_personal_addresses_hold_a_token(path: str, private: bool) -> None:
    assert holds_token({"type": "http", "path": path}) is private
