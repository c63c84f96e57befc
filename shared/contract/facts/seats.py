"""Facts about seats: how a programme gives them, who waits for one, whom one is offered, what each person holds."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from shared.contract.groups import Group
from shared.contract.message import Fact
from shared.contract.values import Id, Instant, Line, Minutes, Value
from shared.time.intervals import Interval
from shared.time.quiet import QuietHours

NO_QUIET_HOURS = "none"


def _span_or_none(text: str) -> str:
    if text != NO_QUIET_HOURS:
        try:
            QuietHours.read(text)
        except ValueError:
            raise ValueError("is no span of hours by the clock") from None
    return text


class Pool(StrEnum):
    """Seats of one kind; a hybrid session has both."""

    IN_PERSON = "in-person"
    ONLINE = "online"


class WaitingOrder(StrEnum):
    """Who of those who wait is offered the next seat."""

    FIRST_COME = "first-come"
    LOTTERY = "lottery"
    PRIORITY = "priority"


class SeatPolicy(Value):
    """How a programme gives its seats."""

    waiting: WaitingOrder = WaitingOrder.FIRST_COME
    offer_hours: int = Field(
        default=12,
        ge=0,
        le=336,
        description="how long an offered seat is held; 0: the next who waits is seated at once",
    )
    quiet_hours: Annotated[str, AfterValidator(_span_or_none)] = Field(
        default="22:00-07:00",
        description="hours by the person's clock in which an offer does not grow older, such as 22:00-07:00; or none",
    )
    most_per_person: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="sessions of the programme in which one person may have a seat, "
        "those that they present not counted",
    )
    drop_in: tuple[Id, ...] = Field(
        default=(), max_length=200, description="formats, or single proposals, to which people just come: no seats"
    )
    priority_groups: tuple[Group, ...] = Field(
        default=(), max_length=20, description="by priority: whose members go first, the first group before the second"
    )
    lottery_seed: Line | None = Field(
        default=None, description="words of the organiser's own that go into every draw, beside our secret seed"
    )

    def quiet(self) -> QuietHours | None:
        """The hours that do not count towards the life of an offer."""
        return QuietHours.read(self.quiet_hours) if self.quiet_hours != NO_QUIET_HOURS else None

    def is_drop_in(self, format: str, proposal: str) -> bool:
        return format in self.drop_in or proposal in self.drop_in


class Waiting(Value):
    """Somebody who asked for a seat when there was none."""

    person: Id
    pool: Pool | None = Field(default=None, description="none: whichever comes first")
    since: Instant = Field(description="when they asked")
    round: int = Field(default=1, ge=1, description="of a lottery: the draw that they are in")
    had_seat: bool = Field(default=False, description="lost one to a smaller room, and so goes first")


class Offer(Value):
    """A seat that is held for somebody until they answer, or until it expires."""

    person: Id
    pool: Pool
    offered_at: Instant
    expires: Instant
    since: Instant = Field(description="when they had asked")
    had_seat: bool = False


class LetGo(Value):
    """Somebody who gave a seat back or let an offer go: they get none in this session unless they ask again."""

    person: Id
    at: Instant


class HeldSeat(Value):
    """One seat of a person, with its time."""

    session: Id
    programme: Id
    start: Instant
    minutes: Minutes
    since: Instant = Field(description="when they got it")
    presents: bool = False
    drop_in: bool = Field(default=False, description="a session without seats: it is in their calendar, no more")
    asked: bool = Field(default=False, description="they asked for it themselves")

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.start + timedelta(minutes=self.minutes))


class PersonSeats(Fact):
    """The seats that a person holds: what they may not exceed, and what may not overlap, is a rule of this fact."""

    person: Id
    seats: tuple[HeldSeat, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "seats": [
            {
                "session": "retrieval-practice",
                "programme": "spring-2027",
                "start": "2027-01-12T15:30:00Z",
                "minutes": 60,
                "since": "2026-12-04T10:02:00Z",
            }
        ],
    }


class DrawRound(Value):
    """One draw of a lottery: first its commitment is told, later the seed that makes it."""

    number: int = Field(ge=1)
    commitment: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the seed")
    committed_at: Instant
    seed: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="none: not drawn yet")
    revealed_at: Instant | None = None
    release: int | None = Field(default=None, ge=1, description="that it seated; none: seats that came free later")


class Draws(Fact):
    """The draws of a programme whose seats go by lottery. Whoever has a revealed seed can draw again and compare."""

    programme: Id
    rounds: tuple[DrawRound, ...] = Field(default=(), max_length=1000)

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "rounds": [
            {
                "number": 1,
                "commitment": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
                "committed_at": "2026-12-01T09:00:00Z",
            }
        ],
    }
