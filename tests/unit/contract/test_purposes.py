"""Every field about people has a purpose and an end."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from shared.contract.catalogue import FACTS, FactKind
from shared.contract.purposes import PURPOSES

# What is personal wherever it stands.
_PERSONAL_NAMES = frozenset(
    {
        "address",
        "mailbox",
        "name",
        "people",
        "person",
        "presenters",
        "presenters_declined",
        "sender",
        "delegate",
        "windows",
        "waiting",
        "offers",
        "online_people",
        "unavailable",
        "abstract",
        "mail",
    }
)
# Book-keeping of ours: digests of commands.
_OURS = frozenset({"applied"})
KINDS = [pytest.param(kind, id=f"{kind.service}-{kind.entity}") for kind in FACTS]


@pytest.mark.parametrize("kind", KINDS)
def test_every_personal_field_has_a_purpose(kind: FactKind) -> None:
    assert personal_fields(kind) - PURPOSES.get(kind.entity, {}).keys() == set()


def test_every_purpose_is_of_a_field() -> None:
    for entity, fields in PURPOSES.items():
        known = {name for kind in FACTS if kind.entity == entity for name in kind.model.model_fields}
        assert fields.keys() <= known, entity


def test_a_field_of_a_personal_kind_is_found_wherever_it_is() -> None:
    kinds = {kind.entity: kind for kind in FACTS}
    assert {"name", "address", "zone"} <= personal_fields(kinds["contact"])
    assert {"people", "waiting", "offers"} <= personal_fields(kinds["seating"])
    assert "mailbox" in personal_fields(kinds["community"])
    assert personal_fields(kinds["release"]) == set()


def personal_fields(kind: FactKind) -> set[str]:
    """All fields of a fact about a person; of others those that are personal by name, or hold values that are."""
    fields = kind.model.model_fields
    if kind.is_about_a_person:
        return {*fields} - _OURS
    return {name for name, field in fields.items() if name in _PERSONAL_NAMES or _holds_person(field.annotation)}


def _holds_person(annotation: Any) -> bool:
    """Whether a field is made of values that belong to somebody."""
    inner = getattr(annotation, "model_fields", {})
    return "person" in inner or any(_holds_person(each) for each in get_args(annotation))
