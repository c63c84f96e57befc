"""Reads delivery reports (RFC 3464): which mail did not arrive, and what the servers said about it."""

from __future__ import annotations

from email.message import Message

from services.notifier.content.printable import shortened
from services.notifier.replies.incoming import DeliveryReport, Letterhead, RecipientStatus
from services.notifier.replies.mime import parse, parts, within
from shared.contract.facts.replies import COMMENT_LENGTH

_MOST_RECIPIENTS = 20


def is_delivery_report(mail: Message) -> bool:
    return mail.get_content_type() == "multipart/report" and (
        str(mail.get_param("report-type") or "").lower() == "delivery-status"
        or any(part.get_content_type() == "message/delivery-status" for part in parts(mail))
    )


def read_delivery_report(mail: Message, head: Letterhead) -> DeliveryReport:
    """What a report says of each recipient. What cannot be read is left out."""
    statuses: list[RecipientStatus] = []
    original_id = None
    for part in parts(mail):
        match part.get_content_type():
            case "message/delivery-status":
                statuses += [status for block in within(part) if (status := _status(block)) is not None]
            case "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/global-headers":
                original_id = original_id or _original_id(part)
    return DeliveryReport(head, tuple(statuses[:_MOST_RECIPIENTS]), original_id)


def _status(block: Message) -> RecipientStatus | None:
    recipient = _typed(block, "Original-Recipient") or _typed(block, "Final-Recipient")
    action = str(block.get("Action") or "").strip().lower()
    if not recipient or not action:
        return None
    status = str(block.get("Status") or "").partition("(")[0].strip()
    diagnostic = str(block.get("Diagnostic-Code") or "").partition(";")[2].strip()
    return RecipientStatus(
        recipient.lower(), shortened(action, 20), shortened(status, 20), shortened(diagnostic, COMMENT_LENGTH)
    )


def _typed(block: Message, name: str) -> str:
    """The value behind the type, as in ``rfc822; amara@hillside.example``."""
    return str(block.get(name) or "").partition(";")[2].strip().strip("<>")


def _original_id(part: Message) -> str | None:
    original = next(iter(within(part)), None)
    if original is None:
        decoded = part.get_payload(decode=True)
        original = parse(decoded) if isinstance(decoded, bytes) else None
    return str(original.get("Message-ID") or "").strip() or None if original is not None else None
