"""Which notices go out at night: those that would come too late, or that somebody waits for this minute."""

from __future__ import annotations

from datetime import datetime

from shared.contract.facts.notices import NoticeKind


def presses(kind: NoticeKind, ends_at: datetime, now: datetime) -> tuple[datetime, ...]:
    """The instants that make a notice urgent when they are near, as the start of its session does an invitation.

    A reminder is worth nothing from the start of its session on, an offer from its expiry on; who asked for a link
    waits for it. All else is about days.
    """
    match kind:
        case NoticeKind.REMINDER | NoticeKind.SEAT_OFFER:
            return (ends_at,)
        case NoticeKind.EDIT_LINK:
            return (now,)
    return ()
