"""Every message has a title, a description and an example that its own model accepts."""

from __future__ import annotations

import json
from types import NoneType
from typing import get_args

import pytest

from shared.bus.streams import MAX_COMMAND_BYTES, MAX_FACT_BYTES
from shared.contract.catalogue import ENDPOINTS, FACTS, endpoint_of, endpoints_of, fact_kind
from shared.contract.facts.scheduler import Release
from shared.contract.message import Command, Fact, Message, Reply
from shared.contract.subjects import Service
from teachmeet.contract_files.schemas import description, messages, schema_name, schemas, title

MESSAGES = messages()


@pytest.mark.parametrize("model", MESSAGES.values(), ids=MESSAGES)
def test_a_message_has_title_description_and_a_valid_example(model: type[Message]) -> None:
    assert title(model)
    assert description(model).endswith(".")
    text = json.dumps(model.example)
    read = model.model_validate_json(text)
    assert model.model_validate_json(read.model_dump_json(exclude_none=True)) == read
    limit = MAX_FACT_BYTES if issubclass(model, Fact) else MAX_COMMAND_BYTES
    assert len(read.model_dump_json()) < limit


@pytest.mark.parametrize(("name", "schema"), schemas().items(), ids=schemas())
def test_a_schema_stands_alone(name: str, schema: dict[str, object]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    assert schema["examples"]
    for reference in references(schema):
        assert reference.startswith("#/$defs/"), name
        assert reference.removeprefix("#/$defs/") in schema["$defs"]  # type: ignore[operator]


def test_every_model_of_the_catalogue_is_published() -> None:
    models = {kind.model for kind in FACTS} | {each.command for each in ENDPOINTS} | {each.reply for each in ENDPOINTS}
    assert models <= set(MESSAGES.values())
    assert all(name == schema_name(model) for name, model in MESSAGES.items())


@pytest.mark.parametrize("model", MESSAGES.values(), ids=MESSAGES)
def test_writers_are_held_to_the_known_fields_and_readers_pass_over_the_others(model: type[Message]) -> None:
    later = {**model.example, "a_later_field": 1}
    if issubclass(model, Command):
        with pytest.raises(ValueError, match="a_later_field"):
            model.model_validate(later)
    else:
        assert "a_later_field" not in model.model_validate(later).model_dump()
    closed = schemas()[schema_name(model)].get("additionalProperties") is False
    assert closed == issubclass(model, Command)


@pytest.mark.parametrize("model", [model for model in MESSAGES.values() if issubclass(model, Reply)])
def test_a_reply_without_what_it_may_lack_is_read_back(model: type[Reply]) -> None:
    lacking = {name: None for name, field in model.model_fields.items() if NoneType in get_args(field.annotation)}
    bare = model.model_validate({**model.example, **lacking})
    assert model.read(bare.model_dump_json(exclude_none=True)) == bare


def test_readers_pass_over_unknown_fields_in_nested_values_too() -> None:
    placements = [{**Release.example["placements"][0], "a_later_field": 1}]
    release = Release.read(json.dumps({**Release.example, "placements": placements}))
    assert release == Release.model_validate(Release.example)
    assert "additionalProperties" not in schemas()["release"]["$defs"]["Placement"]


def test_each_entity_has_ids_of_its_own_in_its_state() -> None:
    for kind in FACTS:
        named = [name for name in kind.ids if name != "digest"]
        assert set(named) <= set(kind.model.model_fields)


def test_kinds_and_endpoints_are_found_by_what_they_are() -> None:
    for kind in FACTS:
        assert fact_kind(kind.ref("c", *kind.ids)) is kind
        with pytest.raises(ValueError, match=kind.entity):
            kind.ref("c", *kind.ids, "one-too-many")
    for service in Service:
        for endpoint in endpoints_of(service):
            assert endpoint_of(service, endpoint.command) is endpoint
            assert issubclass(endpoint.reply, Reply)


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in references(value)]
    if isinstance(node, list):
        return [each for value in node for each in references(value)]
    return []
