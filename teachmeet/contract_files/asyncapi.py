"""The AsyncAPI 3.0 document, seen from this system: it sends facts and results, and receives commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from shared.contract.envelope import CONTENT_TYPE
from shared.contract.subjects import Service
from teachmeet.contract_files.apps import ServedApp
from teachmeet.contract_files.exchanges import Carried, Exchange, exchanges
from teachmeet.contract_files.headers import HEADER_SCHEMAS
from teachmeet.contract_files.parameters import address, parameter_components, parameters_of
from teachmeet.contract_files.schemas import description, schema_name, title

_SCHEMA_FORMAT = "application/schema+json;version=2020-12"
_NATS_BINDING = "0.1.0"


def asyncapi(served: Mapping[Service, ServedApp]) -> dict[str, Any]:
    """The whole document. Payloads are references to the schemas beside it."""
    rows = exchanges(served)
    carried = {each.id: each for row in rows for each in (*row.carried, *row.answers)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "TeachMeet Scheduler",
            "version": version("teachmeet-scheduler"),
            "description": "Commands, facts and results on NATS. How to use them: contract.md, one folder up.",
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": _server(served)},
        "channels": _channels(rows),
        "operations": {row.id: _operation(row) for row in rows},
        "components": {
            "messages": {name: _message(each) for name, each in carried.items()},
            "schemas": HEADER_SCHEMAS,
            "parameters": parameter_components(),
            "securitySchemes": _security(served),
        },
    }


def _server(served: Mapping[Service, ServedApp]) -> dict[str, Any]:
    return {
        "host": next(iter(served.values())).host,
        "protocol": "nats",
        "description": "The community's broker, provisioned with its streams, consumers and users.",
        "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in sorted(_security(served))],
    }


def _security(served: Mapping[Service, ServedApp]) -> dict[str, Any]:
    return {name: scheme for app in served.values() for name, scheme in app.security.items()}


def _channels(rows: Iterable[Exchange]) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    for row in rows:
        channels[row.id] = _channel(row)
        if row.answers and row.answered_on is None:
            channels[_reply_channel(row)] = {
                "address": None,
                "title": f"Reply to: {row.title}",
                "description": "The reply subject that the request carries.",
                "messages": _references(row.answers),
            }
    return channels


def _channel(row: Exchange) -> dict[str, Any]:
    return {
        "address": address(row.subject),
        "title": row.title,
        "description": row.description,
        "parameters": parameters_of(row.subject),
        "messages": _references(row.carried),
        "tags": [{"name": tag} for tag in row.tags],
    }


def _references(carried: Iterable[Carried]) -> dict[str, Any]:
    return {each.id: {"$ref": f"#/components/messages/{each.id}"} for each in carried}


def _operation(row: Exchange) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": row.action,
        "channel": {"$ref": f"#/channels/{row.id}"},
        "title": row.title,
        "description": row.description,
        "messages": [_in_channel(row.id, each) for each in row.carried],
        "tags": [{"name": tag} for tag in row.tags],
    }
    if row.queue is not None:
        operation["bindings"] = {"nats": {"queue": row.queue, "bindingVersion": _NATS_BINDING}}
    if row.answers:
        channel = row.answered_on or _reply_channel(row)
        operation["reply"] = {
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [_in_channel(channel, each) for each in row.answers],
        }
    return operation


def _reply_channel(row: Exchange) -> str:
    return f"{row.id}.reply"


def _in_channel(channel: str, carried: Carried) -> dict[str, str]:
    return {"$ref": f"#/channels/{channel}/messages/{carried.id}"}


def _message(carried: Carried) -> dict[str, Any]:
    model = carried.model
    example: dict[str, Any] = {"name": "example", "payload": model.example}
    message: dict[str, Any] = {
        "name": carried.id,
        "title": title(model),
        "description": description(model),
        "contentType": CONTENT_TYPE,
        "payload": {"schemaFormat": _SCHEMA_FORMAT, "schema": {"$ref": f"./schemas/{schema_name(model)}.json"}},
    }
    if carried.headers is not None:
        message["headers"] = carried.headers
        example["headers"] = carried.sample
    return {**message, "examples": [example]}
