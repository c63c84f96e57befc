"""Commands by which an organiser fixes sessions, and the question which are fixed."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.pins import Pin
from shared.contract.message import Command, Reply
from shared.contract.values import Id, Instant


class PinSession(Command):
    """Fix a session to a start, a room, or both; replaces what was fixed before. Counts from the next solve on."""

    session: Id
    room: Id | None = None
    start: Instant | None = Field(default=None, description="a start on the programme's grid, within its dates")

    example: ClassVar[dict[str, Any]] = {
        "session": "retrieval-practice",
        "room": "library",
        "start": "2027-01-12T15:30:00Z",
    }


class UnpinSession(Command):
    """Let a session be moved again."""

    session: Id

    example: ClassVar[dict[str, Any]] = {"session": "retrieval-practice"}


class AskPins(Command):
    """Ask which sessions of a programme are fixed."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class Pins(Reply):
    """The fixed sessions of a programme, by session."""

    pins: tuple[Pin, ...] = ()
    zone: str | None = None

    example: ClassVar[dict[str, Any]] = {"pins": [Pin.example], "zone": "Europe/London"}
