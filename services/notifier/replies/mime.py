"""Reads what a mail is made of: its head, its calendar part, its delivery report. Nothing in it is trusted."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from services.notifier.content.printable import line, shortened
from services.notifier.replies.incoming import Letterhead

LARGEST_CALENDAR = 256 * 1024
_MOST_PARTS = 100
_LONGEST_HEADER = 998
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
_RECIPIENT_FIELDS = ("Delivered-To", "X-Original-To", "To", "Cc")
_LIST_FIELDS = ("List-Id", "List-Post", "List-Unsubscribe")
_AUTOREPLY_FIELDS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From")
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
# The library takes the square of their length for fields with parameters, already to find the parts of a mail.
_ENDLESS_PARAMETERS = re.compile(
    rb"(?i)(?:\A|[\r\n])content-(?:type|disposition)[ \t]*:(?:[^\r\n]|\r?\n[ \t]|\r[ \t]){8192}"
)


class UnreadableMailError(ValueError):
    """The mail cannot be read; says why."""


def parse(raw: bytes) -> Message:
    """The mail as a tree. Raises UnreadableMailError."""
    if _ENDLESS_PARAMETERS.search(raw) is not None:
        raise UnreadableMailError("it has a header field without end")
    try:
        return email.message_from_bytes(raw)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise UnreadableMailError("it is not a mail that can be taken apart") from error


def letterhead(mail: Message, *, null_sender: bool, has_itip: bool) -> Letterhead:
    """The head of a mail; ``null_sender`` tells that its envelope had no sender to return it to."""
    senders = _addresses(mail, "From")
    null_sender = null_sender or _field(mail, "Return-Path").strip() == "<>"
    return Letterhead(
        message_id=line(_field(mail, "Message-ID")),
        sender=senders[0] if len(senders) == 1 else "",
        recipients=tuple(dict.fromkeys(each for name in _RECIPIENT_FIELDS for each in _addresses(mail, name))),
        date=_date(mail),
        subject=shortened(_decoded(_field(mail, "Subject")), 600),
        authentication=tuple(str(value) for value in mail.get_all("Authentication-Results", [])),
        automatic=_automatic(mail, null_sender=null_sender, has_itip=has_itip),
        answerable=not null_sender and _automatic(mail, null_sender=False, has_itip=False) is None,
    )


def _automatic(mail: Message, *, null_sender: bool, has_itip: bool) -> str | None:
    """Why a mail counts as sent by a machine on its own.

    A calendar that answers because its owner pressed a button may call its mail auto-generated (Google's does), so
    that word alone does not count against a calendar object; auto-replied, as absence notes say, always does.
    """
    submitted = _field(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no" and not (has_itip and submitted == "auto-generated"):
        return f"it was submitted by a machine ({shortened(submitted, 40)})"
    if null_sender:
        return "it has no sender to return it to"
    if any(mail.get(name) is not None for name in _LIST_FIELDS):
        return "it came by a mailing list"
    if _field(mail, "Precedence").strip().lower() in _BULK:
        return "it is bulk mail"
    if any(mail.get(name) is not None for name in _AUTOREPLY_FIELDS):
        return "it is an automatic answer"
    return None


def parts(mail: Message) -> Iterator[Message]:
    """The parts of a mail, at most so many; what another mail is attached with is left alone."""
    waiting, count = [mail], 0
    while waiting and count < _MOST_PARTS:
        part = waiting.pop(0)
        count += 1
        yield part
        if part.get_content_maintype() != "message":
            waiting = [*within(part), *waiting]


def within(part: Message) -> list[Message]:
    """The parts right below one. A text is not decoded for that: its character set may be none that can be."""
    payload = part.get_payload() if part.is_multipart() else None
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def calendar_parts(mail: Message) -> list[Message]:
    """The parts that may hold a calendar object, those that say so first."""
    found = [part for part in parts(mail) if not part.is_multipart()]
    stated = [part for part in found if part.get_content_type() in _CALENDAR_TYPES]
    named = [part for part in found if part not in stated and _file_name(part).lower().endswith(".ics")]
    return [*stated, *named]


def calendar_text(part: Message) -> str:
    """The text of a calendar part, whatever its character set. Raises UnreadableMailError when it is too large."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    if len(raw) > LARGEST_CALENDAR:
        raise UnreadableMailError(f"its calendar object is larger than {LARGEST_CALENDAR} bytes")
    return text_of(raw, part.get_param("charset"))


def text_of(raw: bytes, stated: object) -> str:
    """Text in UTF-8 if it can be (which calendars must use), else in the stated character set, else in Latin-1."""
    for charset in ("utf-8-sig", str(stated or "")):
        try:
            return raw.decode(charset)
        except (ValueError, LookupError):
            # Not only UnicodeDecodeError: some of Python's own codecs take nothing, and no name may hold a NUL.
            continue
    return raw.decode("latin-1")


def method_of(part: Message) -> str | None:
    """The method that the part's type states."""
    value = part.get_param("method")
    return str(value).strip().upper() if value else None


def _file_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        return ""


def _field(mail: Message, name: str) -> str:
    return str(mail.get(name) or "")[:_LONGEST_HEADER]


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, ValueError, LookupError):
        return value


def _addresses(mail: Message, name: str) -> list[str]:
    try:
        found = getaddresses([str(value) for value in mail.get_all(name, [])])
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    return [address.lower() for _, address in found if "@" in address and address.isprintable() and len(address) <= 254]


def _date(mail: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_field(mail, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
