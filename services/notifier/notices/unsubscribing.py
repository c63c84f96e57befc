"""How a person ends notices from within a mail program: header fields by RFC 2369 and RFC 8058, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from services.notifier.content import headers
from services.notifier.content.printable import line
from services.notifier.notices.links import Links
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Community, Contact
from shared.links import LinkClaims, LinkError, LinkKey, LinkScope

_SUBJECT = re.compile(r"unsubscribe (reminder|digest|team-digest) ([A-Za-z0-9_.-]{20,2000})")


def list_headers(
    kind: NoticeKind, community: Community, contact: Contact, links: Links, now: datetime
) -> Mapping[str, str]:
    """List-Id and the ways out: one click by https, or a mail to us."""
    subject = quote(f"unsubscribe {kind} {links.unsubscribe_token(contact, now)}")
    by_mail = f"mailto:{line(community.mailbox)}?subject={subject}"
    return {
        "List-Id": f"{_phrase(community)}<{kind}.{community.domain}>",
        "List-Unsubscribe": f"<{links.unsubscribe(contact, kind, now)}>,\r\n <{by_mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def asked_by_mail(subject: str, key: LinkKey, now: datetime) -> tuple[LinkClaims, NoticeKind] | None:
    """Who wants out of what by a mail with that subject; None when the mail is about something else, or not ours."""
    found = _SUBJECT.search(" ".join(subject.split()))
    if found is None:
        return None
    try:
        claims = key.verify(found[2], now=now)
    except LinkError:
        return None
    return (claims, NoticeKind(found[1])) if claims.scope is LinkScope.UNSUBSCRIBE else None


def _phrase(community: Community) -> str:
    """The community's name before a List-Id, in a form that every reader takes; encoded words where it needs them."""
    written = headers.mailbox(community.name, "x").removesuffix("<x>").strip()
    return f"{written} "
