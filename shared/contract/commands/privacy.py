"""Commands and questions about what is held on people: export, erasure, how long it is kept."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Command, Reply
from shared.contract.values import Id, Instant, Minutes, Value, Window


class ErasePerson(Command):
    """Destroy all that is held on a person. The id stays taken for ever; the address may be registered anew."""

    person: Id
    even_unknown: bool = Field(
        default=False, description="take the id also if nobody is known by it, as after restoring a backup"
    )

    example: ClassVar[dict[str, Any]] = {"person": "p-001"}


class ExportPerson(Command):
    """Ask for what one service holds on a person, some facts at a time."""

    person: Id
    after: int = Field(default=0, ge=0, description="facts behind this sequence: the `next` of the answer before")

    example: ClassVar[dict[str, Any]] = {"person": "p-001"}


class HeldFact(Value):
    """The last fact of one entity that is about the person, or names them; of others nothing is told."""

    entity: Id
    ids: tuple[str, ...]
    what: str
    seq: int = Field(ge=0)
    at: Instant | None = Field(default=None, description="when it was written")
    state: dict[str, Any] = Field(description="without names, addresses and ids of other people")


class HeldSession(Value):
    """A session in which the person has a seat, or which they present."""

    session: Id
    title: str
    start: Instant
    minutes: Minutes
    location: str | None = None
    presenting: bool = False


class PersonExport(Reply):
    """Some of what a service holds on a person, in order of sequence; the first answer has sessions and windows too."""

    facts: tuple[HeldFact, ...] = ()
    sessions: tuple[HeldSession, ...] = ()
    windows: tuple[Window, ...] = Field(default=(), description="what was said of their time")
    domain: str | None = Field(default=None, description="of the community; makes UIDs")
    next: int | None = Field(default=None, description="ask for facts behind this sequence; none: that was all")

    example: ClassVar[dict[str, Any]] = {
        "facts": [
            {
                "entity": "interest",
                "ids": ["p-001", "retrieval-practice"],
                "what": "stated",
                "seq": 17,
                "at": "2026-12-01T09:05:00Z",
                "state": {"person": "p-001", "session": "retrieval-practice", "level": "coming"},
            }
        ],
        "sessions": [
            {
                "session": "retrieval-practice",
                "title": "Retrieval practice in ten minutes",
                "start": "2027-01-12T15:30:00Z",
                "minutes": 60,
                "location": "Library, Hillside School",
            }
        ],
    }


class AskErasures(Command):
    """Ask who was erased, by id, and how far that is."""

    example: ClassVar[dict[str, Any]] = {}


class ErasedPerson(Value):
    """One erasure."""

    person: Id
    at: Instant
    done: bool = Field(description="whether every service has destroyed what it held")
    waits_for: tuple[str, ...] = Field(default=(), description="services that have not given their receipt yet")
    successor: Id | None = Field(
        default=None,
        description="who was registered with the address that they had not proven to be theirs, and is here: a restored"
        " backup from before that need not lose them",
    )


class Erasures(Reply):
    """Everybody who was erased, the latest last. Kept beside each backup: a restored one must lose them again."""

    people: tuple[ErasedPerson, ...]

    example: ClassVar[dict[str, Any]] = {"people": [{"person": "p-001", "at": "2027-05-03T09:00:00Z", "done": True}]}


class AskExpiring(Command):
    """Ask whose data will be erased because the retention period ends, within so many days."""

    within_days: int = Field(default=30, ge=0, le=3660)

    example: ClassVar[dict[str, Any]] = {"within_days": 30}


class ExpiringPerson(Value):
    """Somebody of whom nothing was heard for long."""

    person: Id
    last_active: date = Field(description="the last sign of activity")
    erased_on: date = Field(description="not before that day, if nothing is heard of them until then")


class Expiring(Reply):
    """Whose data will be erased, the first first. Without a retention period of the community that is nobody."""

    retention_days: int | None = Field(default=None, description="of the community; none: data stay until erased")
    people: tuple[ExpiringPerson, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "retention_days": 730,
        "people": [{"person": "p-001", "last_active": "2027-04-30", "erased_on": "2029-04-29"}],
    }
