"""Facts of the scheduler: requests to solve, drafts, releases; and the live progress of a solve."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact, Ids, Message
from shared.contract.values import Id, Instant, Line, Minutes, Prose, Value, Zone


class PlanMode(StrEnum):
    FRESH = "fresh"
    FEW_MOVES = "few-moves"


class Limits(Value):
    """When a solve stops. Deterministic units give the same answer twice; seconds do not."""

    seconds: float | None = Field(default=10.0, gt=0, le=3600)
    deterministic: float | None = Field(default=None, gt=0, le=3600, description="CP-SAT deterministic time")
    gap: float | None = Field(
        default=None, ge=0, le=1, description="stop when plan and bound differ by at most this share of the plan"
    )
    memory_mib: int = Field(default=2048, ge=256, le=1_048_576, description="the most that CP-SAT may take")
    workers: int = Field(default=2, ge=1, le=64)
    seed: int = Field(default=1, ge=0, le=2**31 - 1)


class Disturbance(Value):
    """How much a re-solve with few moves may disturb. A people-move is a person for each session that moves."""

    budget: int | None = Field(
        default=None,
        ge=0,
        le=10**9,
        description="people-moves, those at short notice counted several times; none: as few as possible",
    )
    freeze_hours: int = Field(
        default=0, ge=0, le=24 * 366, description="what is published to begin so soon moves only if it must"
    )


class PlanStatus(StrEnum):
    REQUESTED = "requested"
    DRAFTED = "drafted"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Placement(Value):
    """Where and when a session happens."""

    session: Id
    proposal: Id
    room: Id
    start: Instant
    minutes: Minutes


class Unplaced(Value):
    """A session without a place, with the reason in plain words and the rules behind it."""

    session: Id
    proposal: Id
    reason: Prose
    rules: Ids = ()


class ZoneTally(Value):
    """How many sessions lie in a zone of the policy pack, and by which exemption."""

    rule: Id
    where: Line = Field(description="e.g. 'in the lunch window'")
    sentence: Prose = Field(description="the rule in plain words, with its source")
    sessions: Ids = ()
    exemption: Prose | None = Field(default=None, description="the rule that exempts those sessions")


class BrokenRule(Value):
    """A rule that a draft breaks although it may be broken, and what that costs."""

    rule: Id
    sentence: Prose = Field(description="the rule in plain words, with its pack and source")
    cost: int = Field(ge=0, description="person-minutes of inconvenience")
    count: int = Field(ge=1, description="sessions that break it")
    sessions: Ids = Field(default=(), description="some of them, those that cost most first")


class Totals(Value):
    """Figures of a plan, by the scorer."""

    placed: int
    unplaced: int
    attendance: int = Field(description="person-minutes that interested people can attend")
    attendance_bound: int = Field(description="person-minutes if every session were at its own best time")
    interest_clashes: int = Field(description="person-minutes lost to parallel sessions a person wants")
    moves: int = Field(default=0, description="sessions placed otherwise than in the release before")
    touched: int = Field(default=0, ge=0, description="people whose calendar a re-solve with few moves changes")
    touched_soon: int = Field(default=0, ge=0, description="those of them for whom it is short notice")
    people_moves: int = Field(default=0, ge=0, description="a person for each session that moves, more at short notice")
    fewest_moves: bool = Field(default=False, description="whether fewer people-moves are proven impossible")
    objective: int
    bound: int


class Draft(Value):
    """The outcome of a solve: placements, reasons and totals."""

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    zones: tuple[ZoneTally, ...]
    totals: Totals
    policy: Prose | None = Field(default=None, description="the policy pack and its layers, with versions")
    blocking: tuple[BrokenRule, ...] = Field(
        default=(), description="broken rules for which it is released only by somebody who accepts that"
    )
    warnings: tuple[BrokenRule, ...] = Field(default=(), description="other rules that it breaks, the costliest first")
    problem_digest: str = Field(description="SHA-256 of the canonical problem")
    input_seq: int = Field(ge=0, description="highest sequence among the facts that went in")


_PLACEMENT: dict[str, Any] = {
    "session": "retrieval-practice",
    "proposal": "retrieval-practice",
    "room": "library",
    "start": "2027-01-12T15:30:00Z",
    "minutes": 60,
}
_TOTALS: dict[str, Any] = {
    "placed": 1,
    "unplaced": 0,
    "attendance": 960,
    "attendance_bound": 960,
    "interest_clashes": 0,
    "objective": 960,
    "bound": 960,
}


class Plan(Fact):
    """A request to solve and its state. A programme whose last plan fact is a request is the scheduler's work."""

    programme: Id
    status: PlanStatus
    request: Id
    at_least_seq: int = Field(ge=0, description="solve only facts up to at least this REGISTRATIONS sequence")
    limits: Limits = Limits()
    mode: PlanMode = PlanMode.FRESH
    disturbance: Disturbance = Disturbance()
    include_maybe: bool = Field(default=False, description="solved with proposals that are a maybe as if accepted")
    draft: Draft | None = None
    problem: Prose | None = Field(default=None, description="why it failed or was cancelled")

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "status": "drafted",
        "request": "01jd3v7q2m8f4k6n9r1t5w7y0z",
        "at_least_seq": 412,
        "draft": {
            "placements": [_PLACEMENT],
            "unplaced": [],
            "zones": [],
            "totals": _TOTALS,
            "problem_digest": "9f2c",
            "input_seq": 412,
        },
    }


class ChangeCounts(Value):
    """How many sessions a release treats differently from the one before; each session counts once."""

    added: int = Field(default=0, ge=0)
    removed: int = Field(default=0, ge=0)
    moved_in_time: int = Field(default=0, ge=0, description="other start or length, same room")
    moved_in_room: int = Field(default=0, ge=0, description="other room, same time")
    moved_in_both: int = Field(default=0, ge=0, description="other start or length, and other room")
    unchanged: int = Field(default=0, ge=0)


class Release(Fact):
    """A published, numbered programme. Placements and ids only: no names, no addresses."""

    programme: Id
    number: int = Field(ge=1)
    request: Id = Field(description="the plan request whose draft this is")
    zone: Zone
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...] = ()
    totals: Totals
    problem_digest: str
    input_seq: int = Field(ge=0)
    published_at: Instant | None = Field(default=None, description="when it was decided; not kept by older releases")
    note: Line | None = Field(default=None, description="what the organiser says of this release, for the changelog")
    changes: ChangeCounts | None = Field(default=None, description="against the release before; older ones lack it")

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "number": 1,
        "request": "01jd3v7q2m8f4k6n9r1t5w7y0z",
        "zone": "Europe/London",
        "placements": [_PLACEMENT],
        "totals": _TOTALS,
        "problem_digest": "9f2c",
        "input_seq": 412,
    }


def newest_releases(releases: Iterable[Release]) -> dict[str, Release]:
    """The release with the highest number of each programme."""
    return {each.programme: each for each in sorted(releases, key=lambda release: release.number)}


class Progress(Message):
    """Where a running solve stands. Live only, never stored."""

    programme: Id
    request: Id
    seconds: float
    objective: int
    bound: int
    placed: int
    sessions: int
    rules: dict[Id, int] = Field(
        default={}, description="by weighed rule, its cost in person-minutes by the scorer; at most once a second"
    )

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "request": "01jd3v7q2m8f4k6n9r1t5w7y0z",
        "seconds": 1.5,
        "objective": 900,
        "bound": 960,
        "placed": 14,
        "sessions": 15,
    }
