"""The one mail that tells somebody who was not invited that an invitation is for its recipient only."""

from __future__ import annotations

import hashlib
from datetime import datetime

from services.notifier.content import headers
from services.notifier.delivery.post import Post
from services.notifier.delivery.task import SingleMail
from services.notifier.replies.incoming import Letterhead
from shared.contract.facts.registrations import Community
from shared.time.clock import Clock

_TEXT = (
    "Hello,\r\n\r\nthank you for your answer. The invitation that you answered was made out to somebody else,\r\n"
    "so it could not be taken as yours. If you would like to come, please ask the organisers:\r\n{mailbox}\r\n"
)


class Rejections:
    """Hands such mails to the courier; one that does not go out is not tried again."""

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post = post
        self._clock = clock

    def send(self, community: Community, recipient: str, about: Letterhead) -> None:
        mail = rejection(community, recipient, about, self._clock.now())
        self._post.send_single(SingleMail(community, recipient, mail))


def rejection(community: Community, recipient: str, about: Letterhead, now: datetime) -> bytes:
    """The mail, in ASCII. It is marked as an automatic answer, which no machine answers again (RFC 3834)."""
    identity = hashlib.sha256(f"{about.message_id} {recipient}".encode()).hexdigest()[:32]
    fields = {
        "From": headers.mailbox(community.organiser, community.mailbox),
        "To": f"<{headers.text(recipient)}>",
        # Not in the words of the mail that came: its sender may be forged, and this goes to whom it names.
        "Subject": "Not invited",
        "Date": headers.date(now),
        "Message-ID": f"<{identity}.rejection@{community.domain}>",
        "Auto-Submitted": "auto-replied",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=us-ascii",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return (head + "\r\n" + _TEXT.format(mailbox=community.mailbox)).encode("ascii", "replace")
