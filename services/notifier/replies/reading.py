"""From the bytes of a mail to what it is. Never raises, whatever the bytes are."""

from __future__ import annotations

import logging
from email.message import Message

from services.notifier.replies.delivery_reports import is_delivery_report, read_delivery_report
from services.notifier.replies.incoming import (
    AttendeeCancel,
    Automatic,
    Counter,
    Incoming,
    Itip,
    Letterhead,
    Personal,
    Refresh,
    Reply,
    Unreadable,
)
from services.notifier.replies.itip import ItipObject, UnreadableObjectError, read_itip
from services.notifier.replies.mime import (
    UnreadableMailError,
    calendar_parts,
    calendar_text,
    letterhead,
    method_of,
    parse,
)

log = logging.getLogger(__name__)

LARGEST_MAIL = 2 * 1024 * 1024
_METHODS: dict[str, type[Reply] | type[Counter] | type[Refresh] | type[AttendeeCancel]] = {
    "REPLY": Reply,
    "COUNTER": Counter,
    "REFRESH": Refresh,
    "CANCEL": AttendeeCancel,
}


def read_message(raw: bytes, *, null_sender: bool = False) -> Incoming:
    """What a mail is. ``null_sender`` tells that its envelope had no sender to return it to."""
    if len(raw) > LARGEST_MAIL:
        return Unreadable(f"it is larger than {LARGEST_MAIL} bytes")
    try:
        return _read(raw, null_sender=null_sender)
    except UnreadableMailError as error:
        return Unreadable(str(error))
    except Exception as error:  # noqa: BLE001 - the traceback would hold parts of the mail
        # The mail library raises what it likes; a mail on which we fail would come again, and stop those behind it.
        log.warning("a mail could not be taken apart: %s", type(error).__name__)
        return Unreadable("it is not a mail that can be taken apart")


def _read(raw: bytes, *, null_sender: bool) -> Incoming:
    mail = parse(raw)
    if is_delivery_report(mail):
        return read_delivery_report(mail, letterhead(mail, null_sender=True, has_itip=False))
    found, problem = _itip_object(mail)
    head = letterhead(mail, null_sender=null_sender, has_itip=found is not None)
    if head.automatic is not None:
        return Automatic(head, head.automatic)
    if found is not None:
        return _itip(found, head)
    return Personal(head) if problem is None else Unreadable(problem, head)


def _itip_object(mail: Message) -> tuple[ItipObject | None, str | None]:
    """The first calendar object that can be read; else what is wrong with the first, None where there is none."""
    problem = None
    for part in calendar_parts(mail):
        try:
            return read_itip(calendar_text(part), method_of(part)), None
        except (UnreadableMailError, UnreadableObjectError) as error:
            problem = problem or str(error)
    return None, problem


def _itip(found: ItipObject, head: Letterhead) -> Itip | Unreadable:
    kind = _METHODS.get(found.method)
    if kind is None:
        return Unreadable("its METHOD is none that attendees send", head)
    return kind(head, found.answers, found.organizer)
