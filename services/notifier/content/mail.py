"""Writes the mail that carries an invitation: texts for people, and the iTIP object for their calendars.

The tree is the one that all common calendars accept (RFC 6047; see also calconnect.org on iMIP):
``multipart/mixed( multipart/alternative( text/plain, text/html, text/calendar ), application/ics )``, one iTIP
object and one recipient for each mail. The bytes are 7-bit ASCII and depend on nothing but the arguments.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace
from datetime import datetime

from services.notifier.content import headers
from services.notifier.content.calendar_object import itip
from services.notifier.content.letter import NO_ANSWER_URLS, AnswerUrls, Letter, letter
from services.notifier.delivery.life import Mail
from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import Method
from shared.contract.facts.registrations import Community, Contact


def write_mail(
    message: MessageDue,
    community: Community,
    recipient: Contact,
    now: datetime,
    page_url: str,
    *,
    reply_to: str | None = None,
    answer_urls: AnswerUrls = NO_ANSWER_URLS,
) -> Mail:
    """The mail for a message that is due. ``now`` becomes its Date and DTSTAMP, ``page_url`` is the person's page.

    Answers of calendars go to ``reply_to``, or else to the community's mailbox; ``answer_urls`` are for one press.
    """
    message_id = _message_id(message, community)
    wording = letter(message, community, recipient, now, page_url, answer_urls)
    calendar = itip(message, community, recipient, now, reply_to=reply_to)
    boundary = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    head = _head(message, community, recipient, now, wording, message_id, reply_to)
    return Mail(message_id, head + _body(wording, calendar, message.method, boundary))


def _message_id(message: MessageDue, community: Community) -> str:
    """SEQUENCE tells the messages about one entry apart; ``n``, those that leave it as it was."""
    kind = f"{message.method.lower()}.{message.n}" if message.again else message.method.lower()
    return f"<{message.session}.{message.person}.{message.sequence}.{kind}@{community.domain}>"


def _first_message_id(message: MessageDue, community: Community) -> str:
    return _message_id(replace(message, sequence=0, method=Method.REQUEST, again=False), community)


def _head(
    message: MessageDue,
    community: Community,
    recipient: Contact,
    now: datetime,
    wording: Letter,
    message_id: str,
    reply_to: str | None,
) -> str:
    fields = {
        "From": headers.mailbox(community.organiser, community.mailbox),
        "To": headers.mailbox(recipient.name, recipient.address),
    }
    if reply_to is not None:
        fields["Reply-To"] = headers.mailbox(community.organiser, reply_to)
    fields |= {"Subject": headers.text(wording.subject), "Date": headers.date(now), "Message-ID": message_id}
    if message.n > 1:
        fields["In-Reply-To"] = fields["References"] = _first_message_id(message, community)
    fields |= {"Auto-Submitted": "auto-generated", "Content-Language": wording.language, "MIME-Version": "1.0"}
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


def _body(wording: Letter, calendar: bytes, method: Method, boundary: str) -> str:
    encoded = _base64(calendar)
    mixed, alternative = f"mixed-{boundary}", f"alternative-{boundary}"
    readings = _multipart(
        "alternative",
        alternative,
        _part("text/plain; charset=UTF-8", "quoted-printable", _quoted_printable(wording.text)),
        _part("text/html; charset=UTF-8", "quoted-printable", _quoted_printable(wording.html)),
        _part(f"text/calendar; charset=UTF-8; method={method}", "base64", encoded),
    )
    attachment = _part(
        'application/ics; name="invite.ics"',
        "base64",
        encoded,
        'Content-Disposition: attachment; filename="invite.ics"',
    )
    return _multipart("mixed", mixed, readings, attachment)


def _multipart(subtype: str, boundary: str, *parts: str) -> str:
    start = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'
    return start + "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"


def _part(content_type: str, encoding: str, body: str, *more: str) -> str:
    fields = (f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *more)
    return "\r\n".join((*fields, "", body))


def _base64(raw: bytes) -> str:
    return base64.encodebytes(raw).decode("ascii").replace("\n", "\r\n")


def _quoted_printable(text: str) -> str:
    return binascii.b2a_qp(text.encode().replace(b"\n", b"\r\n"), istext=True).decode("ascii")
