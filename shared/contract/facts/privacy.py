"""Facts about people who are gone: the tombstone that keeps their id taken, and what each service has destroyed."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant


class Erased(Fact):
    """A person is gone. The id stays taken for ever, and nothing is written about it any more. No personal data."""

    person: Id
    at: Instant = Field(description="when it was asked for")
    successor: Id | None = Field(
        default=None,
        description="whose the address was: a stranger had given it, and then it was registered under this id",
    )

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "at": "2027-05-03T09:00:00Z"}


class Erasure(Fact):
    """What is held on a person is destroyed, here and in every system that follows this fact. Only the id is told."""

    person: Id
    at: Instant = Field(description="when it was asked for")
    swept_at: Instant | None = Field(default=None, description="when registrations had destroyed all that it held")
    up_to: int = Field(default=0, ge=0, description="up to which sequence of its stream it had looked by then")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "at": "2027-05-03T09:00:00Z",
        "swept_at": "2027-05-03T09:00:07Z",
        "up_to": 20417,
    }


class Receipt(Fact):
    """A service has destroyed all that it held on a person."""

    person: Id
    swept_at: Instant
    up_to: int = Field(ge=0, description="up to which sequence of its stream it had looked by then")

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "swept_at": "2027-05-03T09:00:05Z", "up_to": 8123}
