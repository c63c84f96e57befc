"""What a mail to the reply address turned out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shared.contract.facts.replies import PartStat


@dataclass(frozen=True)
class Letterhead:
    """Whom a mail says it is from and to. Addresses are in lower case; nothing here is proven.

    ``authentication`` has the values of the Authentication-Results fields, the topmost first. ``automatic`` says why
    the mail counts as sent by a machine on its own, or None.
    """

    message_id: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    date: datetime | None = None
    subject: str = ""
    authentication: tuple[str, ...] = ()
    automatic: str | None = None
    answerable: bool = True
    """whether an answer to this mail could reach a person and start no loop"""


@dataclass(frozen=True)
class ItipAnswer:
    """One VEVENT of an attendee's message. ``recurrence`` is the occurrence that it is about, if only one."""

    uid: str
    attendee: str | None = None
    sent_by: str | None = None
    partstat: PartStat | None = None
    delegate: str | None = None
    sequence: int | None = None
    stamp: datetime | None = None
    recurrence: datetime | None = None
    comment: str | None = None
    start: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class _Itip:
    head: Letterhead
    answers: tuple[ItipAnswer, ...]
    organizer: str | None = None


@dataclass(frozen=True)
class Reply(_Itip):
    """An attendee's answer (RFC 5546, 3.2.3)."""


@dataclass(frozen=True)
class Counter(_Itip):
    """An attendee proposes another time (RFC 5546, 3.2.7)."""


@dataclass(frozen=True)
class Refresh(_Itip):
    """An attendee asks for the present state (RFC 5546, 3.2.6)."""


@dataclass(frozen=True)
class AttendeeCancel(_Itip):
    """A CANCEL, which only the organiser may send; some calendars send one when their owner deletes the entry."""


Itip = Reply | Counter | Refresh | AttendeeCancel


@dataclass(frozen=True)
class RecipientStatus:
    """What a delivery report says of one recipient (RFC 3464, 2.3)."""

    recipient: str
    action: str
    status: str
    diagnostic: str = ""


@dataclass(frozen=True)
class DeliveryReport:
    """A delivery report; ``original_id`` is the Message-ID of the mail that it is about, where it is told."""

    head: Letterhead
    statuses: tuple[RecipientStatus, ...]
    original_id: str | None = None


@dataclass(frozen=True)
class Automatic:
    """A mail that a machine sent on its own, such as an absence note."""

    head: Letterhead
    why: str


@dataclass(frozen=True)
class Personal:
    """A mail without a calendar object: somebody wrote to the organisers."""

    head: Letterhead


@dataclass(frozen=True)
class Unreadable:
    """A mail that cannot be read, and why."""

    why: str
    head: Letterhead = field(default_factory=Letterhead)


Incoming = Itip | DeliveryReport | Automatic | Personal | Unreadable
