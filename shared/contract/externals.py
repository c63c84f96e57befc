"""Naming a person otherwise than by the id they have here: by a partner's own id for them, or by their address."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from shared.contract.values import Id, Line

# Stands as the person's id in a command until registrations has looked up who is meant.
TO_BE_FOUND = "to-be-found"

ExternalId = Annotated[Line, Field(description="a partner's own id of a person, in whatever form the partner has it")]


def _without_person(schema: dict[str, Any]) -> None:
    """Publish that the person's id may be left out."""
    schema["required"] = [name for name in schema.get("required", ()) if name != "person"]
    schema["properties"]["person"]["description"] = (
        "1-64 of a-z, 0-9 and '-'; may be left out where something else says who it is, see the contract"
    )


class ByExternalId(BaseModel):
    """A partner may give its own id of the person instead of ``person``, or beside it when it registers somebody."""

    person: Id
    external_id: ExternalId | None = None

    model_config = {"json_schema_extra": _without_person}

    @model_validator(mode="before")
    @classmethod
    def _may_name_otherwise(cls, given: Any) -> Any:
        if isinstance(given, dict) and "person" not in given and cls.is_named_otherwise(given):
            return {**given, "person": TO_BE_FOUND}
        return given

    @classmethod
    def is_named_otherwise(cls, given: dict[str, Any]) -> bool:
        """Whether fields besides ``person`` say who it is."""
        return given.get("external_id") is not None


class ByExternalIdOrAddress(ByExternalId):
    """The same; and where neither is given, the address says who it is."""

    @classmethod
    def is_named_otherwise(cls, given: dict[str, Any]) -> bool:
        return given.get("external_id") is not None or given.get("address") is not None
