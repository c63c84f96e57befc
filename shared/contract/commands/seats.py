"""Commands about seats, and the questions who has one, who waits, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.seats import DrawRound, Pool, WaitingOrder
from shared.contract.message import Command, Reply
from shared.contract.values import Id, Instant, Value

_EXAMPLE: dict[str, Any] = {"person": "p-002", "session": "retrieval-practice"}


class TakeSeat(Command):
    """Ask for a seat in a released session. Where none is free, the person waits for one."""

    person: Id
    session: Id
    pool: Pool | None = Field(default=None, description="in the room or online; none: whichever is free")

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class ReleaseSeat(Command):
    """Give a seat back, or no longer wait for one. The seat passes on to whoever waits."""

    person: Id
    session: Id

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class AcceptSeat(Command):
    """Take up the seat that is offered."""

    person: Id
    session: Id

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class DeclineSeat(Command):
    """Let an offered seat go to the next who waits."""

    person: Id
    session: Id

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class AskSeat(Command):
    """Ask how a session's seats stand, and where one person stands; without a person, where everybody stands."""

    session: Id
    person: Id | None = None

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class Standing(StrEnum):
    """Where somebody stands in a session."""

    SEATED = "seated"
    OFFERED = "offered"
    WAITING = "waiting"
    NONE = "none"


class PersonStands(Value):
    """Where one person stands, in words and figures."""

    person: Id
    standing: Standing
    pool: Pool | None = Field(default=None, description="of the seat that is held or offered, or that they wait for")
    place: int | None = Field(default=None, ge=1, description="in the line of those who wait")
    expires: Instant | None = Field(default=None, description="when the offer ends")
    why: str = Field(description="one sentence that explains it")


class PoolShown(Value):
    """How the seats of one kind stand."""

    pool: Pool
    seats: int = Field(ge=0)
    taken: int = Field(ge=0)
    offered: int = Field(ge=0)


class SeatShown(Reply):
    """How a session's seats stand."""

    session: Id
    programme: Id
    waiting_order: WaitingOrder
    drop_in: bool = Field(default=False, description="no seats: people just come")
    pools: tuple[PoolShown, ...] = ()
    waiting: int = Field(default=0, ge=0)
    you: PersonStands | None = Field(default=None, description="the person who was asked about")
    people: tuple[PersonStands, ...] = Field(
        default=(), description="everybody, when nobody was named: seated, offered, waiting in line"
    )
    draws: tuple[DrawRound, ...] = Field(
        default=(), description="the last draws of a lottery, so that they can be checked"
    )

    example: ClassVar[dict[str, Any]] = {
        "session": "retrieval-practice",
        "programme": "spring-2027",
        "waiting_order": "first-come",
        "pools": [{"pool": "in-person", "seats": 24, "taken": 24, "offered": 0}],
        "waiting": 7,
        "you": {
            "person": "p-002",
            "standing": "waiting",
            "place": 3,
            "why": "3rd of 7: asked on 4 Dec 2026 10:02 UTC; first come",
        },
    }
