"""Notices as they lie in the mail folder, read by the standard library."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from released_sessions import Sessions

from shared.bus.connection import Bus
from shared.contract.catalogue import NOTICE
from shared.contract.facts.notices import Notice
from tests.written_facts import history


@dataclass(frozen=True)
class Parts:
    """A notice's two readings; lines end with a line feed."""

    text: str
    html: str


def notices(mail: Path, community: str) -> list[EmailMessage]:
    """The mails to that community's people that carry no calendar object, oldest first."""
    found = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in sorted(mail.glob("*.eml"))
    ]
    return [each for each in found if f"@{community}.example" in str(each["To"]) and not _is_invitation(each)]


def _is_invitation(message: EmailMessage) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in message.walk())


def parts(message: EmailMessage) -> Parts:
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return Parts(*(each.get_content().replace("\r\n", "\n") for each in (text, html)))


async def told(bus: Bus, sessions: Sessions) -> list[tuple[str, Notice]]:
    """What happened to the community's notices, oldest first."""
    return await history(bus, NOTICE, Notice, community=sessions.community)
