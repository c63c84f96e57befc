"""How one attempt to transmit a mail ended, as far as SMTP can tell (RFC 5321; RFC 1047 for the doubt)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """The server took responsibility."""

    answer: str


@dataclass(frozen=True)
class Refused:
    """The server will never take this mail (5xx)."""

    answer: str


@dataclass(frozen=True)
class Deferred:
    """Surely not delivered, worth another try: 4xx, or lost before the final dot."""

    answer: str


@dataclass(frozen=True)
class InDoubt:
    """No answer after the final dot: the server may have it or not."""

    answer: str


Outcome = Sent | Refused | Deferred | InDoubt
