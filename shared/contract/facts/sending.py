"""Facts of the notifier about sending itself: who gets no more mail, and whether a community's mails go out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant, Line


class SuppressionStatus(StrEnum):
    SUPPRESSED = "suppressed"
    LIFTED = "lifted"


class SuppressionReason(StrEnum):
    """How we learned that an address takes no mail: the server said so at once, or a delivery report came back."""

    REFUSED = "refused"
    BOUNCED = "bounced"


class Suppression(Fact):
    """Whether mails to a person are held back because their address takes none. A new address is not concerned.

    The address itself is not here, only a keyed digest of it.
    """

    person: Id
    status: SuppressionStatus
    reason: SuppressionReason
    answer: str = Field(default="", max_length=500, description="what the mail server or the report said")
    address_digest: str = Field(pattern=r"^[a-f0-9]{32}$", description="keyed digest of the address that takes none")
    at: Instant

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "status": "suppressed",
        "reason": "refused",
        "answer": "550 5.1.1 no such user",
        "address_digest": "0f3b6a5de0f94d3c8c14f4a55ad0c1de",
        "at": "2026-12-01T09:05:00Z",
    }


class Sending(Fact):
    """Whether a community's mails go out. While it is paused, what is due waits; nothing is lost."""

    community: Id
    paused: bool
    reason: Line | None = Field(default=None, description="why, in the organiser's words")
    at: Instant

    example: ClassVar[dict[str, Any]] = {
        "community": "northgate",
        "paused": True,
        "reason": "the rooms are being checked once more",
        "at": "2026-12-01T09:05:00Z",
    }
