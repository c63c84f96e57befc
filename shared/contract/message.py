"""What all messages have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.values import Id

APPLIED_LIMIT = 32


class Message(BaseModel):
    """A frozen message; its class docstring is its description in the published schema."""

    model_config = ConfigDict(frozen=True)

    example: ClassVar[dict[str, Any]]


class Told(Message):
    """What a service tells others. Readers ignore fields they do not know, so that later versions may add some."""

    model_config = ConfigDict(extra="ignore")

    @classmethod
    def read(cls, body: bytes | str) -> Self:
        """The message in a body, without the fields that this version does not know, in nested values too."""
        return cls.model_validate_json(body, extra="ignore")


class Fact(Told):
    """The full state of one entity after a change."""

    applied: tuple[str, ...] = Field(
        default=(), max_length=APPLIED_LIMIT, description="digests of the last commands applied to this entity"
    )


class Command(Message):
    """A wish, answered with accepted or rejected. Fields it does not know are refused."""

    model_config = ConfigDict(extra="forbid")


class Reply(Told):
    """What an endpoint answers."""


Ids = tuple[Id, ...]
