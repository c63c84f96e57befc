"""Validation errors name the field and what is allowed, and never the refused value."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contract.catalogue import ENDPOINTS
from shared.contract.commands.registrations import (
    AddRoom,
    PersonRow,
    RegisterPerson,
    StateAvailability,
    SubmitProposal,
)
from shared.contract.message import Command
from shared.contract.results import FieldError
from shared.contract.validation import field_errors
from shared.contract.values import Value

COMMANDS: list[type[Command]] = sorted({each.command for each in ENDPOINTS}, key=lambda model: model.__name__)
WINDOWS = [
    {"kind": "dated", "answer": "no", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"},
    *StateAvailability.example["windows"],
]
# Every command with as many fields as it has, so that the secret goes everywhere.
FULL: dict[str, dict[str, Any]] = {
    "AddRoom": {**AddRoom.example, "online": False, "join_url": "https://rooms.example/1", "unavailable": WINDOWS},
    "StateAvailability": {"person": "p-001", "windows": WINDOWS},
}
# Letters that no word of ours has, so that finding the secret means that it was repeated.
SECRETS = st.text(string.digits + "qxzQXZ%{}'\"\\\u202eé", min_size=5, max_size=30).map(lambda text: f"zq{text}qz")
Path = tuple[str | int, ...]


def errors_of(model: type[Command] | type[Value], body: dict[str, Any]) -> dict[str, FieldError]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(json.dumps(body))
    return {error.field: error for error in field_errors(model, refused.value)}


def paths(node: Any, here: Path = ()) -> list[Path]:
    """Every place in a body, containers too."""
    children = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    return [*([here] if here else []), *(path for key, value in children for path in paths(value, (*here, key)))]


def replaced(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    copy: Any = node.copy()
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("model", COMMANDS, ids=lambda model: model.__name__)
@given(secret=SECRETS, data=st.data())
@settings(max_examples=40)
def test_a_refused_value_is_never_repeated(model: type[Command], secret: str, data: st.DataObject) -> None:
    body = FULL.get(model.__name__, model.example)
    if not paths(body):
        return
    path = data.draw(st.sampled_from(paths(body)))
    value = data.draw(st.sampled_from([secret, [secret], {"kind": secret}, {"kind": "dated", "answer": secret}]))
    try:
        model.model_validate_json(json.dumps(replaced(body, path, value)))
    except ValidationError as error:
        for each in field_errors(model, error):
            assert secret not in each.model_dump_json()
            assert secret not in f"{each.field} {each.problem} {each.allowed}"


@given(st.text(min_size=1, max_size=2000))
def test_an_unknown_field_is_named_in_short_and_printable(name: str) -> None:
    body = {**RegisterPerson.example, name: 1}
    try:
        RegisterPerson.model_validate_json(json.dumps(body))
    except ValidationError as error:
        for each in field_errors(RegisterPerson, error):
            assert len(each.field) <= 201
            assert each.field.isprintable()


def test_a_missing_and_an_unknown_field() -> None:
    body = {**RegisterPerson.example, "shoe": 42}
    del body["name"]
    errors = errors_of(RegisterPerson, body)
    assert set(errors) == {"name", "shoe"}
    assert errors["name"].problem == "is missing"
    assert errors["shoe"].problem == "is not a field of this message"
    assert "address" in errors["shoe"].allowed


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("minutes", 0, "1 to 1440: minutes"),
        ("minutes", "soon", "a whole number"),
        ("format", "Work shop", "of a-z, 0-9"),
        ("presenters", [], "a list of 1 to 20 items"),
        ("presenters", ["p-001", "P 2"], "1-64 of a-z, 0-9 and '-'"),
        ("title", "", "text of 1 to 200 characters"),
        ("title", "two\nlines", "text of 1 to 200 characters"),
    ],
)
def test_what_is_allowed_is_said(field: str, value: Any, allowed: str) -> None:
    ((name, error),) = errors_of(SubmitProposal, {**SubmitProposal.example, field: value}).items()
    assert name.split(".")[0] == field
    assert allowed in error.allowed


@pytest.mark.parametrize(
    ("window", "field", "allowed"),
    [
        ({"kind": "monthly"}, "windows.0", "whose kind is one of dated, weekly"),
        ({**WINDOWS[0], "answer": "perhaps"}, "windows.0.dated.answer", "one of yes, if-need-be, no"),
        ({**WINDOWS[0], "start": "noon"}, "windows.0.dated.start", "UTC instant"),
        ({**WINDOWS[0], "start": "2027-01-12T09:00:00"}, "windows.0.dated.start", "UTC instant"),
        ({**WINDOWS[1], "weekdays": ["someday"]}, "windows.0.weekly.weekdays.0", "one of mon, tue"),
        ({**WINDOWS[1], "zone": "Mars/Base"}, "windows.0.weekly.zone", "IANA time zone"),
    ],
)
def test_what_is_allowed_is_said_inside_windows(window: dict[str, Any], field: str, allowed: str) -> None:
    errors = errors_of(StateAvailability, {"person": "p-001", "windows": [window]})
    assert allowed in errors[field].allowed


def test_a_body_that_is_not_json_is_said_to_be_so() -> None:
    for body in (b"", b"{", b"[" * 5000, b'"\xff"', b'{"person": "\\ud800"}'):
        with pytest.raises(ValidationError) as refused:
            RegisterPerson.model_validate_json(body)
        (error,) = field_errors(RegisterPerson, refused.value)
        assert (error.field, error.problem) == ("message", "is not valid JSON")


def test_no_more_than_twenty_errors_are_told() -> None:
    body = {**RegisterPerson.example, **{f"field-{number}": 1 for number in range(100)}}
    assert len(errors_of(RegisterPerson, body)) == 20


def test_rows_of_an_import_are_told_apart_by_field() -> None:
    row = {**RegisterPerson.example, "address": "nowhere", "windows": [{"kind": "dated"}]}
    assert {"address", "windows.0.dated.start"} <= set(errors_of(PersonRow, row))
