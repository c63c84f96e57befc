"""The answer to a command that was only to be checked (``ce-dryrun: true``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contract.message import Reply


class Effect(StrEnum):
    """What a command does, or would do, to what is known."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Checked(Reply):
    """The command would be accepted as things are now. Nothing was written."""

    status: Literal["checked"] = "checked"
    id: str = Field(description="the entity that the command is about")
    effect: Effect | None = Field(
        default=None, description="what it would do; not told to a partner of what it did not bring itself"
    )
    fields: tuple[str, ...] = Field(default=(), description="with 'changed': fields that would become something else")

    example: ClassVar[dict[str, Any]] = {
        "status": "checked",
        "id": "p-001",
        "effect": "changed",
        "fields": ["department"],
    }
