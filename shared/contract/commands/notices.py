"""Commands and questions about notices: what a person wants of them, and the calendars that anybody subscribes to."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.notices import NoticeKind
from shared.contract.message import Command, Reply
from shared.contract.values import Id, Instant, Tag


class StatePreference(Command):
    """Say which notices a person wants. What is not said stays as it is."""

    person: Id
    generation: int | None = Field(
        default=None, ge=1, description="of the link by which they say so; it must be the present one"
    )
    reminders: bool | None = None
    digest: bool | None = None
    team_digest: bool | None = None

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "generation": 1, "digest": False}

    @classmethod
    def refusing(cls, kind: NoticeKind, person: str, generation: int) -> StatePreference:
        """No more notices of that kind, by a link of that generation. Raises ValueError for one that has no end."""
        match kind:
            case NoticeKind.REMINDER:
                return cls(person=person, generation=generation, reminders=False)
            case NoticeKind.DIGEST:
                return cls(person=person, generation=generation, digest=False)
            case NoticeKind.TEAM_DIGEST:
                return cls(person=person, generation=generation, team_digest=False)
        raise ValueError(f"notices of the kind {kind} are not ended by themselves")


class AskFeed(Command):
    """Ask for a public calendar: of all that is released, or of the sessions with a tag.

    Large ones come in parts; an asker who names the ETag it has gets no body again.
    """

    tag: Tag | None = Field(default=None, description="a tag of proposals, or a format; none: everything")
    part: int = Field(default=0, ge=0)
    known: str | None = Field(default=None, max_length=64, description="the ETag of the calendar that is known")

    example: ClassVar[dict[str, Any]] = {"tag": "assessment"}


class AskOwnFeed(Command):
    """Ask for a person's calendar. The link's generation must be the present one."""

    person: Id
    generation: int = Field(ge=1)
    part: int = Field(default=0, ge=0)
    known: str | None = Field(default=None, max_length=64, description="the ETag of the calendar that is known")

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "generation": 1}


class FeedPart(Reply):
    """A calendar, or one part of it: put together, the parts are base64 of gzip of iCalendar. All of one ETag."""

    etag: str
    modified: Instant = Field(description="the last change of anything in it")
    parts: int = Field(ge=0, description="how many there are; none when the asker knows this ETag")
    body: str = Field(default="", description="this part")

    example: ClassVar[dict[str, Any]] = {"etag": "9f2c", "modified": "2026-12-01T09:05:00Z", "parts": 1, "body": "H4s…"}


class AskFeedLink(Command):
    """Ask for the secret address of a person's calendar. The link's generation must be the present one."""

    person: Id
    generation: int = Field(ge=1)

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "generation": 1}
