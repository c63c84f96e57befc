"""Questions about a plan that the scheduler answers without writing anything: why, what if, what else."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.contract.facts.scheduler import Placement, Release
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Id, Instant, Line, Minutes, Prose, Tag, Value

_PLACEMENT: dict[str, Any] = Release.example["placements"][0]


class PlanBasis(StrEnum):
    """Which plan a question is about."""

    DRAFT = "draft"
    RELEASE = "release"


BASIS = Field(default=None, description="the present draft or the last release; the draft when there is one")


class AskExplanation(Command):
    """Ask why a session has no place, why it is where it is, or why it is not at a start (and in a room)."""

    programme: Id
    session: Id
    start: Instant | None = None
    room: Id | None = None
    basis: PlanBasis | None = BASIS

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "session": "retrieval-practice",
        "start": "2027-01-12T10:00:00Z",
    }


class Verdict(StrEnum):
    """What an explanation found."""

    IMPOSSIBLE = "impossible"
    """Rules about the session by itself leave it no place there, wherever the others are."""
    CROWDED = "crowded"
    """Other sessions stand in the way."""
    POSSIBLE = "possible"
    """Nothing stands against it; it would only be worth less."""
    HERE = "here"
    """It is there already."""


class Objection(Value):
    """One thing that stands against a session: a rule, and the people, rooms and other sessions that it is about."""

    rule: Id
    people: Ids = ()
    rooms: Ids = ()
    sessions: Ids = ()


class Conflict(Value):
    """Objections that together leave a session no place where it was asked for. Without any one of them, one is left.

    Both have been confirmed.
    """

    members: tuple[Objection, ...]
    sentence: Prose


class RepairKind(StrEnum):
    """What would have to be done for a session to have a place."""

    OTHER_ROOM = "other-room"
    OTHER_TIME = "other-time"
    ASK_PRESENTER = "ask-presenter"
    FREE_ROOM = "free-room"
    EXCEPTION = "exception"
    MOVE_OTHERS = "move-others"


class Repair(Value):
    """Something that gives the session a place, while all others keep one. Confirmed on the repaired problem."""

    kinds: tuple[RepairKind, ...] = Field(min_length=1)
    sentence: Prose
    place: Placement = Field(description="where the session would then be")
    moves: tuple[Placement, ...] = Field(default=(), description="where other sessions would go")
    rules: Ids = Field(default=(), description="rules to which it is an exception, or that are asked to give way")
    people: Ids = Field(default=(), description="who would be asked or moved, the session's own people aside")


class RuleDifference(Value):
    """What a rule has against one plan and against another, in person-minutes; gains are negative."""

    rule: Id
    sentence: Line
    was: int
    now: int


class Comparison(Value):
    """A place that a session could have as well, and what the plan would be worth with it there."""

    place: Placement
    costs: int = Field(description="person-minutes by which the plan would be worse; negative: better")
    rules: tuple[RuleDifference, ...] = Field(default=(), description="what makes the difference")
    sentence: Prose


class Explanation(Reply):
    """Why a session is where it is, or is not where it was asked for. Computed when asked, never stored."""

    programme: Id
    session: Id
    basis: PlanBasis
    verdict: Verdict
    sentence: Prose
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = Field(default=(), description="fewest people first")
    comparisons: tuple[Comparison, ...] = Field(default=(), description="the next best places, best first")
    proven: bool = Field(
        default=True, description="whether it is proven that no other arrangement of the others makes room"
    )

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "session": "retrieval-practice",
        "basis": "draft",
        "verdict": "impossible",
        "sentence": "Retrieval practice cannot be on Tuesday 12 January 2027 at 10:00: p-001, who presents it, "
        "said no to that time.",
        "conflicts": [
            {
                "members": [{"rule": "presenter-unavailable", "people": ["p-001"]}],
                "sentence": "p-001, who presents it, said no to that time.",
            }
        ],
        "repairs": [
            {
                "kinds": ["other-time"],
                "sentence": "Take Tuesday 12 January 2027 at 15:30 in Library instead.",
                "place": _PLACEMENT,
            }
        ],
    }


class MoveSession(Value):
    """Put a session elsewhere: at another start, in another room, or both."""

    kind: Literal["move"] = "move"
    session: Id
    start: Instant | None = None
    room: Id | None = None


class CancelSession(Value):
    """Leave a session out altogether."""

    kind: Literal["cancel"] = "cancel"
    session: Id


class LoseRoom(Value):
    """A room is not to be had, for some time or for good. Sessions in it move to where that disturbs fewest people."""

    kind: Literal["lose-room"] = "lose-room"
    room: Id
    since: Instant | None = None
    until: Instant | None = None


class AddSession(Value):
    """One more session; where it fits best unless a place is named."""

    kind: Literal["add"] = "add"
    session: Id
    format: Tag = "workshop"
    minutes: Minutes = 60
    presenters: Ids = Field(default=(), max_length=20)
    needs: tuple[Tag, ...] = ()
    seats: int = Field(default=1, ge=1, le=100_000)
    start: Instant | None = None
    room: Id | None = None


Change = Annotated[MoveSession | CancelSession | LoseRoom | AddSession, Field(discriminator="kind")]


class AskWhatIf(Command):
    """Ask what a change would mean for a plan. Nothing is written."""

    programme: Id
    change: Change
    basis: PlanBasis | None = BASIS

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "change": {
            "kind": "move",
            "session": "retrieval-practice",
            "start": "2027-01-13T15:30:00Z",
            "room": "library",
        },
    }


class NewBreach(Value):
    """A rule that must hold and would not, and the sessions that would break it."""

    rule: Id
    sessions: Ids


class WhatIf(Reply):
    """What a change would mean, by every rule's own judgement. Nothing was written."""

    programme: Id
    basis: PlanBasis
    sentence: Prose
    costs: int = Field(description="person-minutes by which the plan would be worse; negative: better")
    rules: tuple[RuleDifference, ...] = ()
    broken: tuple[NewBreach, ...] = Field(default=(), description="what the change would newly break")
    moves: tuple[Placement, ...] = Field(default=(), description="where sessions would go")
    without_place: Ids = Field(default=(), description="sessions that would lose their place")
    people: Ids = Field(default=(), description="whose calendar would change")

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "basis": "draft",
        "sentence": "The plan would be worth 120 person-minutes less; 13 people are affected.",
        "costs": 120,
        "rules": [
            {
                "rule": "attendance",
                "sentence": "Those who want to come can come, and find a seat",
                "was": -960,
                "now": -840,
            }
        ],
        "moves": [_PLACEMENT],
        "people": ["p-001"],
    }


class AskAlternatives(Command):
    """Ask for other good plans. Nothing is written."""

    programme: Id
    count: int = Field(default=3, ge=1, le=10, description="how many plans beside the present one")
    differ: int = Field(default=4, ge=1, le=1000, description="placements in which every two of them differ at least")
    seconds: float = Field(default=5.0, gt=0, le=60, description="how long to search for all of them")
    basis: PlanBasis | None = BASIS

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "count": 3, "differ": 4}


class Alternative(Value):
    """Another plan: what is elsewhere than in the plan that was asked about, and what it is worth beside it."""

    changes: tuple[Placement, ...]
    without_place: Ids = ()
    costs: int = Field(description="person-minutes by which it is worse than the plan asked about; negative: better")
    rules: tuple[RuleDifference, ...] = ()
    sentence: Prose


class Alternatives(Reply):
    """Other good plans, the best first. Fewer than asked for when the rules leave no more."""

    programme: Id
    basis: PlanBasis
    plans: tuple[Alternative, ...]
    sentence: Prose

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "basis": "draft",
        "plans": [
            {
                "changes": [_PLACEMENT],
                "costs": 45,
                "sentence": "1 session elsewhere, worth 45 person-minutes less.",
            }
        ],
        "sentence": "1 other plan that differs in at least 1 placement.",
    }
