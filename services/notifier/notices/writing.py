"""Writes the mail that carries a notice: plain text and HTML, no calendar object. Only ASCII leaves here."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime

from services.notifier.content import headers
from services.notifier.content.letter import Letter
from services.notifier.delivery.life import Mail
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Community, Contact
from shared.contract.subjects import EntityRef


def write_notice(
    ref: EntityRef,
    wording: Letter,
    community: Community,
    recipient: Contact,
    now: datetime,
    *,
    more: Mapping[str, str] | None = None,
) -> Mail:
    """The mail of that notice; the same arguments give the same bytes. ``more`` are further header fields, as ASCII."""
    message_id = f"<{'.'.join(_told(ref))}@{community.domain}>"
    boundary = f"notice-{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"
    fields = {
        "From": headers.mailbox(community.organiser, community.mailbox),
        "To": headers.mailbox(recipient.name, recipient.address),
        "Subject": headers.text(wording.subject),
        "Date": headers.date(now),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **(more or {}),
        "Content-Language": wording.language,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"',
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    parts = (_part("plain", wording.text), _part("html", wording.html))
    return Mail(message_id, f"{head}\r\n{''.join(f'--{boundary}{part}' for part in parts)}--{boundary}--\r\n")


def _told(ref: EntityRef) -> tuple[str, ...]:
    person, kind, about, occasion = ref.ids
    return (NoticeKind(kind), about, person, occasion)


def _part(subtype: str, text: str) -> str:
    body = binascii.b2a_qp(text.encode().replace(b"\n", b"\r\n"), istext=True).decode("ascii")
    fields = f"Content-Type: text/{subtype}; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    return f"\r\n{fields}\r\n{body}\r\n"
