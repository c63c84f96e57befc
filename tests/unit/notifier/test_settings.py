"""Settings that cannot be meant are refused, and the field is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.notifier.settings import NotifierSettings


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quiet_hours", "22-7"),
        ("quiet_hours", "07:00-07:00"),
        ("domain_connections", "0"),
        ("domain_messages_per_minute", "0"),
        ("give_up_hours", "-1"),
        ("settle_seconds", "-1"),
        ("smtp_deadlines", {"body": 0}),
        ("smtp_security", "ssl"),
    ],
)
def test_a_setting_that_cannot_be_meant_names_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        NotifierSettings.model_validate({"seed_file": Path("x"), "link_key_file": Path("y"), field: value})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]


def test_no_quiet_hours_unless_they_are_set() -> None:
    settings = NotifierSettings.model_validate({"seed_file": "x", "link_key_file": "y", "quiet_hours": ""})
    assert settings.holding_rules().quiet is None
