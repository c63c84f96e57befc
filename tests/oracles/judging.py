"""What foreign readers object to in mails, whatever test they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from tests.oracles.meaning import seen
from tests.oracles.reading import Reader, Reading

NOT_IN_THE_RFC = frozenset(
    {
        # In a DECLINECOUNTER, "MUST be present if value is greater than 0" (RFC 5546, 3.2.8).
        "Failed iTIP restrictions for SEQUENCE property. Expected 0 instances of the property and got 1",
    }
)
"""What libical objects to although it is right."""


def parsed(mail: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(mail, policy=default))


def calendar_part(mail: EmailMessage) -> EmailMessage | None:
    """The part that calendars act on; None in a mail that is no calendar message."""
    return next((cast(EmailMessage, each) for each in mail.walk() if each.get_content_type() == "text/calendar"), None)


def objections(mails: Sequence[bytes], readers: Sequence[Reader]) -> list[str]:
    """What is wrong with the mails' calendar objects: a reader's errors, where it sees another method or recipient than
    the mail's, and where readers see different things."""
    told = [(mail, part) for mail in map(parsed, mails) if (part := calendar_part(mail)) is not None]
    objects = [cast(bytes, part.get_payload(decode=True)) for _, part in told]
    read = [reader.calendars(objects) for reader in readers] if objects else []
    found = []
    for (mail, part), readings in zip(told, zip(*read, strict=True), strict=False):
        found += [f"{mail['Message-ID']}: {each}" for each in _about(mail, part, readings)]
    return found


def objections_to_files(files: Sequence[bytes], readers: Sequence[Reader]) -> list[str]:
    """What is wrong with published calendars that have events: a reader's errors, and where readers see differently."""
    told = [each for each in files if b"BEGIN:VEVENT" in each]
    read = [reader.calendars(told) for reader in readers] if told else []
    return [each for readings in zip(*read, strict=True) for each in _in_common(readings)]


def _about(mail: EmailMessage, part: EmailMessage, readings: Sequence[Reading]) -> Iterator[str]:
    yield from _in_common(readings)
    for reading in readings:
        if reading.method != part.get_param("method"):
            yield f"METHOD:{reading.method} in a part for {part.get_param('method')}"
        yield from (f"for {each.attendees}" for each in reading.events if not _is_for(mail, each.attendees, reading))


def _in_common(readings: Sequence[Reading]) -> Iterator[str]:
    for reading in readings:
        yield from (each for each in reading.errors if each not in NOT_IN_THE_RFC)
        if not reading.events:
            yield "there is no event"
    views = [[seen(each) for each in reading.events] for reading in readings]
    if any(view != views[0] for view in views):
        yield f"readers see different things: {views}"


def _is_for(mail: EmailMessage, attendees: tuple[str, ...], reading: Reading) -> bool:
    recipients = tuple(f"mailto:{each.addr_spec}" for each in mail["To"].addresses)
    return attendees == (() if reading.method == "DECLINECOUNTER" else recipients)
