"""The variable tokens of subjects, as AsyncAPI address parameters."""

from __future__ import annotations

import re
from typing import Any

from shared.contract.subjects import Outcome

_DESCRIPTIONS: dict[str, tuple[str, str]] = {
    "about": ("what a notice is about: the session, or 'weekly'", "retrieval-practice"),
    "caller": ("the user that asks; the broker lets nobody use another one's name", "timetables"),
    "community": ("the community (tenant)", "northgate"),
    "digest": ("a digest: no id or address is shown in the clear", "9f2c7d1e0b8a4c3f9f2c7d1e0b8a4c3f"),
    "id": ("digest of a mail", "9f2c1a"),
    "kind": ("kind of a notice", "reminder"),
    "n": ("counts the messages to this person about this session, from 1", "1"),
    "number": ("number of the release, from 1", "1"),
    "occasion": ("the session's start, or the ISO week", "20270112t1530z"),
    "partner": ("the partner system; the broker lets nobody use another one's name", "timetables"),
    "person": ("id of a person", "p-001"),
    "programme": ("id of a programme", "spring-2027"),
    "proposal": ("id of a proposal", "retrieval-practice"),
    "room": ("id of a room", "library"),
    "rule": ("id of an enrolment rule", "hillside-in-spring"),
    "session": ("id of a session", "retrieval-practice"),
    "source": ("what a person calls one of their calendars", "work"),
}
_PLACEHOLDER = re.compile(r"--([a-z]+)--")


def placeholder(name: str) -> str:
    """A token that the subject grammar takes, and that ``address`` turns into a parameter."""
    return f"--{name}--"


def address(subject: object) -> str:
    """The AsyncAPI address of a subject that was built with placeholders."""
    return _PLACEHOLDER.sub(r"{\1}", str(subject))


def parameters_of(subject: object) -> dict[str, dict[str, str]]:
    """References to the parameters in a subject that was built with placeholders. Raises KeyError for one that is not
    described here."""
    names = sorted(set(_PLACEHOLDER.findall(str(subject))))
    if unknown := set(names) - {*_DESCRIPTIONS, "outcome"}:
        raise KeyError(f"teachmeet/contract_files/parameters.py does not describe {', '.join(sorted(unknown))}")
    return {name: {"$ref": f"#/components/parameters/{name}"} for name in names}


def parameter_components() -> dict[str, dict[str, Any]]:
    tokens = {
        name: {"description": f"{description}: one or more of a-z, 0-9 and '-'", "examples": [example]}
        for name, (description, example) in _DESCRIPTIONS.items()
    }
    return {**tokens, "outcome": {"description": "what became of the command", "enum": [*Outcome]}}
