"""Somebody who answers an invitation that was forwarded to them."""

from __future__ import annotations

import email
import email.policy

from attendee import reply, reply_to
from drawing_lesson import ANSWERED_AT, Drawing

STRANGER = "zoe@elsewhere.example"


def as_stranger(mail: bytes, own: str) -> bytes:
    """The same answer by somebody to whom the invitation was forwarded."""
    parsed = email.message_from_bytes(mail, policy=email.policy.default)
    parsed.replace_header("From", STRANGER)
    part = next(each for each in parsed.walk() if each.get_content_type() == "text/calendar")
    unfolded = part.get_content().replace("\r\n", "\n").replace("\n ", "")
    part.set_content(unfolded.replace(own, STRANGER), subtype="calendar", params={"method": "REPLY"})
    return parsed.as_bytes()


async def crashed(drawing: Drawing) -> tuple[bytes, str]:
    """A stranger's answer to ben's invitation, and where it goes."""
    invited = await drawing.mail_to("ben")
    own = f"ben@{drawing.sessions.community}.example"
    return as_stranger(reply(invited, "ACCEPTED", ANSWERED_AT), own), reply_to(invited)
