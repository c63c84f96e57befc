"""Questions that the notifier answers."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.notices import NoticeKind
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Id, Value


class AskDelivery(Command):
    """Ask how far the invitations of a release are."""

    programme: Id
    release: int = Field(ge=1)

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "release": 1}


class UndeliveredInvite(Value):
    """An invitation that needs a person's attention."""

    person: Id
    session: Id
    why: str


class UndeliveredNotice(Value):
    """A mail other than an invitation that did not reach its person for sure, and is not tried again."""

    person: Id
    kind: NoticeKind
    about: Id = Field(description="the session, the proposal or the programme")
    why: str


class Delivery(Reply):
    """How far the invitations are. Complete means that the release was seen and nothing is left to send."""

    complete: bool
    waiting: int = Field(ge=0, description="messages still to be sent for this programme")
    invitations: int = Field(ge=0, description="first REQUESTs accepted by the mail server, over all releases")
    updates: int = Field(ge=0)
    cancellations: int = Field(ge=0)
    undelivered: tuple[UndeliveredInvite, ...] = ()
    undelivered_notices: tuple[UndeliveredNotice, ...] = Field(
        default=(), description="reminders, offers and whatever people are asked; the last first, at most 500"
    )
    people: Ids = Field(default=(), description="people who hold an entry of this programme")
    paused: bool = Field(default=False, description="sending is paused; what waits goes out when it is resumed")

    example: ClassVar[dict[str, Any]] = {
        "complete": True,
        "waiting": 0,
        "invitations": 75,
        "updates": 0,
        "cancellations": 0,
    }


class AskLink(Command):
    """Ask for a person's signed link to their own page (for the organiser's command line)."""

    person: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-002"}


class Link(Reply):
    """A signed link: whoever holds it acts as that person until it expires or is revoked."""

    url: str

    example: ClassVar[dict[str, Any]] = {"url": "http://127.0.0.1:8080/me/…"}
