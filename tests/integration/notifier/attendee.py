"""Answers that a person's calendar would make of the invitation in a mail, and handing them over."""

from __future__ import annotations

import asyncio
import email
import email.policy
from datetime import datetime
from email.message import EmailMessage

from aiosmtplib import SMTP, SMTPResponseException
from icalendar import Calendar, Event

_KEPT = ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER")


def invitation(raw: bytes) -> Event:
    """The event in the mail's calendar part."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    part = next(each for each in mail.walk() if each.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]


def reply_to(raw: bytes) -> str:
    """The address that answers go to."""
    return str(invitation(raw)["ORGANIZER"]).removeprefix("mailto:")


def reply(
    raw: bytes,
    partstat: str,
    stamp: datetime,
    *,
    method: str = "REPLY",
    start: datetime | None = None,
    recurrence: datetime | None = None,
    number: int = 1,
) -> bytes:
    """The mail by which the invited person answers the invitation ``raw``; of a series, all of it or one date."""
    invited = invitation(raw)
    answer = Event()
    for name in _KEPT:
        answer[name] = invited[name]
    answer.add("DTSTAMP", stamp)
    attendee = invited["ATTENDEE"]
    attendee.params["PARTSTAT"] = partstat
    answer["ATTENDEE"] = attendee
    if start is not None:
        length = invited["DTEND"].dt - invited["DTSTART"].dt
        answer.pop("DTSTART")
        answer.pop("DTEND")
        answer.add("DTSTART", start)
        answer.add("DTEND", start + length)
    if recurrence is not None:
        answer.add("RECURRENCE-ID", recurrence)
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Own calendar//EN")
    calendar.add("METHOD", method)
    calendar.add_component(answer)
    mail = EmailMessage()
    own = str(attendee).removeprefix("mailto:")
    mail["From"], mail["To"] = own, reply_to(raw)
    mail["Message-ID"] = f"<{number}.{partstat}.{method}.{stamp:%H%M%S}.{own}>".lower()
    mail.set_content(f"{partstat}")
    mail.add_alternative(calendar.to_ical().decode(), subtype="calendar", params={"method": method})
    return mail.as_bytes()


async def hand_over(port: int, mail: bytes, to: str, *, sender: str = "ben@hillside.example") -> str:
    """Bring a mail to the listener as a mail server does, again for as long as it is not taken; the last answer."""
    async with asyncio.timeout(120):
        while True:
            try:
                async with SMTP(hostname="127.0.0.1", port=port, timeout=60) as client:
                    _, answer = await client.sendmail(sender, [to], mail)
                    return answer
            except SMTPResponseException as error:
                if error.code // 100 == 5:
                    raise
            except OSError:
                pass
            await asyncio.sleep(0.05)
