"""What all messages have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.values import Id

APPLIED_LIMIT = 32


class Message(BaseModel):
    """A frozen message; its class docstring is its description in the published schema."""

    model_config = ConfigDict(frozen=True)

    example: ClassVar[dict[str, Any]]


class Fact(Message):
    """The full state of one entity after a change. Readers ignore fields they do not know."""

    model_config = ConfigDict(extra="ignore")

    applied: tuple[str, ...] = Field(
        default=(), max_length=APPLIED_LIMIT, description="digests of the last commands applied to this entity"
    )


class Command(Message):
    """A wish, answered with accepted or rejected. Fields it does not know are refused."""

    model_config = ConfigDict(extra="forbid")


class Reply(Message):
    """What an endpoint answers. Readers ignore fields they do not know."""

    model_config = ConfigDict(extra="ignore")


Ids = tuple[Id, ...]
