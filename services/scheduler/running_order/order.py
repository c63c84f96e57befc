"""The running order, version 1: who speaks when, who does not and why, and what the order costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.contract.values import Id, Instant, Value, Zone


class Mode(StrEnum):
    """Where the order of the talks comes from."""

    COMPOSED = "composed"
    DRAWN = "drawn"


class Rule(StrEnum):
    """What is weighed."""

    UNPLACED_TALK = "unplaced-talk"
    TOPIC_VARIETY = "topic-variety"
    ALTERNATE_LENGTHS = "alternate-lengths"
    FIRST_TIMER_NOT_LAST = "first-timer-not-last"
    LOAD_BALANCE = "load-balance"


class Why(StrEnum):
    """Why a talk is left out: when the evening was planned, or in the course of it."""

    DOES_NOT_FIT = "does-not-fit"
    OUT_OF_TIME = "out-of-time"
    DID_NOT_COME = "did-not-come"


class TalkSlot(Value):
    """A talk in its place. After it has ended, ``minutes`` are those that it took."""

    kind: Literal["talk"] = "talk"
    id: Id = Field(description="of the talk")
    part: int = Field(ge=1)
    start: Instant
    minutes: int = Field(ge=0, le=1440)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


class BreakSlot(Value):
    """A break in its place."""

    kind: Literal["break"] = "break"
    id: Id = Field(description="of the break")
    part: int = Field(ge=1, description="the part that it ends")
    start: Instant
    minutes: int = Field(ge=0, le=1440)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


Slot = Annotated[TalkSlot | BreakSlot, Field(discriminator="kind")]


class LeftOut(Value):
    """A talk that is not in the order."""

    talk: Id
    presenter: Id
    why: Why
    reason: str = Field(max_length=1000, description="one sentence")
    first_next_time: bool = Field(description="the presenter does not speak at all, and so goes first next time")


class Finding(Value):
    """Where the order does not do what a weighed rule asks for."""

    rule: Rule
    talks: tuple[Id, ...]
    cost: int = Field(ge=0, description="person-minutes")
    sentence: str = Field(max_length=1000)


class RunningOrder(Value):
    """Who speaks when."""

    model_config = ConfigDict(title="Running order")

    version: Literal[1] = 1
    programme: Id
    zone: Zone
    evening_digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the evening that it was made for")
    mode: Mode
    slots: tuple[Slot, ...]
    left_out: tuple[LeftOut, ...] = ()
    standing_by: tuple[Id, ...] = Field(default=(), description="reserve talks, in the order in which they are called")
    findings: tuple[Finding, ...] = ()
    cost: int = Field(ge=0, description="person-minutes: the sum of the findings")
    bound: int | None = Field(default=None, ge=0, description="no order costs less; unknown after a re-flow")

    @property
    def talks(self) -> tuple[str, ...]:
        """The ids of the talks, in order."""
        return tuple(slot.id for slot in self.slots if slot.kind == "talk")


def parts_of(slots: Iterable[Slot]) -> tuple[tuple[str, ...], ...]:
    """The ids of the talks of each part; a part without a talk is empty."""
    parts: list[list[str]] = [[]]
    for slot in slots:
        if slot.kind == "break":
            parts.append([])
        else:
            parts[-1].append(slot.id)
    return tuple(map(tuple, parts))
