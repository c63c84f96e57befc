"""JSON Schemas (2020-12) of every message, with title, description and an example that the model accepts."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from services.scheduler.problem import Problem
from shared.contract.catalogue import ENDPOINTS, FACTS
from shared.contract.commands.checking import Checked
from shared.contract.commands.interests import ImportInterests, InterestRow
from shared.contract.commands.registrations import ImportPeople, PersonRow
from shared.contract.facts.scheduler import Progress
from shared.contract.message import Command, Message
from shared.contract.results import Rejected

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def messages() -> dict[str, type[Message]]:
    """Every message of the contract by the name of its schema."""
    models: set[type[Message]] = {Checked, Progress, Rejected}
    models.update(kind.model_of(what) for kind in FACTS for what in kind.whats)
    for endpoint in ENDPOINTS:
        models.update((endpoint.command, endpoint.reply))
    return {schema_name(model): model for model in sorted(models, key=schema_name)}


def schema_name(model: type[BaseModel]) -> str:
    """``RegisterPerson`` -> ``register-person``."""
    return "-".join(_words(model))


def title(model: type[BaseModel]) -> str:
    """``RegisterPerson`` -> ``Register person``."""
    return " ".join(_words(model)).capitalize()


def description(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by name; besides the messages, the rows of an import and the planning problem."""
    published = {name: _schema(model, [model.example]) for name, model in messages().items()}
    published[schema_name(PersonRow)] = _schema(PersonRow, ImportPeople.example["people"])
    published[schema_name(InterestRow)] = _schema(InterestRow, ImportInterests.example["interests"])
    problem = Problem.model_json_schema()
    published[schema_name(Problem)] = {"$schema": _DIALECT, **problem}
    return published


def _schema(model: type[BaseModel], examples: list[dict[str, Any]]) -> dict[str, Any]:
    schema = model.model_json_schema()
    if issubclass(model, Message) and not issubclass(model, Command):
        _open(schema)
    named = {"title": title(model), "description": description(model), "examples": examples}
    return {"$schema": _DIALECT, **schema, **named}


def _open(schema: dict[str, Any]) -> None:
    """Readers ignore what they do not know, so that fields may be added; only writers are held to the known ones."""
    for part in (schema, *schema.get("$defs", {}).values()):
        if part.get("additionalProperties") is False:
            del part["additionalProperties"]


def _words(model: type[BaseModel]) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z][a-z]*", model.__name__)]
