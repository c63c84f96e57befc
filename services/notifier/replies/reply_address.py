"""The address that one person's answers about one session go to: the community's mailbox with a keyed token.

Ids are too long for a local part (64 octets), so the token is a keyed digest of them: only we can make one, and it
is read by looking it up among those that we sent. It is in base32, since mail servers may change the case.

    address = reply_address("sessions@northgate.example", key, "northgate", "p-001", "retrieval")
    sent = ReplyAddresses(key)
    sent.know(ReplyTarget("northgate", "p-001", "retrieval"))
    sent.read(address)  # ReplyTarget("northgate", "p-001", "retrieval")
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from shared.links import LinkKey

_PURPOSE = "reply-address"
_TOKEN_BYTES = 15  # 24 letters
_LONGEST_LOCAL_PART = 64


@dataclass(frozen=True)
class ReplyTarget:
    """Who answers, and about which session of which community."""

    community: str
    person: str
    session: str


@dataclass
class ReplyAddresses:
    """The tokens of all that was sent, by what they stand for."""

    key: LinkKey
    _targets: dict[str, ReplyTarget] = field(default_factory=dict, init=False)

    def know(self, target: ReplyTarget) -> None:
        self._targets[reply_token(self.key, target)] = target

    def read(self, address: str) -> ReplyTarget | None:
        """Whose address this is; None if it has no token, or none of ours. Letter case does not matter."""
        token = _token_of(address)
        return self._targets.get(token) if token is not None else None


def reply_address(mailbox: str, key: LinkKey, community: str, person: str, session: str) -> str:
    """``mailbox`` with the token of that person and session after a ``+``.

    A mailbox whose name leaves no room for the token is returned as it is.
    """
    local, _, domain = mailbox.rpartition("@")
    with_token = f"{local}+{reply_token(key, ReplyTarget(community, person, session))}"
    return f"{with_token}@{domain}" if len(with_token) <= _LONGEST_LOCAL_PART else mailbox


def reply_token(key: LinkKey, target: ReplyTarget) -> str:
    """24 of a-z and 2-7."""
    digest = key.digest(_PURPOSE, target.community, target.person, target.session)
    return base64.b32encode(bytes.fromhex(digest)[:_TOKEN_BYTES]).decode().lower()


def _token_of(address: str) -> str | None:
    """What stands between the last ``+`` and the ``@``, in lower case; None if there is no ``+``."""
    _, plus, token = address.rpartition("@")[0].rpartition("+")
    return token.lower() if plus else None
