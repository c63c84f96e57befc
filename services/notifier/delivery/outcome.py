"""How one attempt to transmit a mail ended, as far as SMTP can tell (RFC 5321; RFC 1047 for the doubt)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto


class About(StrEnum):
    """What a refusal is about: the recipient's address, which then takes no mail at all, or only this one mail."""

    RECIPIENT = auto()
    MESSAGE = auto()


@dataclass(frozen=True)
class Sent:
    """The server took responsibility."""

    answer: str


@dataclass(frozen=True)
class Refused:
    """The server will never take this mail (5xx), for a reason that lies with the recipient or the mail."""

    answer: str
    about: About = About.RECIPIENT


@dataclass(frozen=True)
class Deferred:
    """Surely not delivered, worth another try: 4xx, or lost before the final dot.

    ``reached`` is false when no server answered at all, so that other mails would fare no better.
    """

    answer: str
    reached: bool = True


@dataclass(frozen=True)
class Misconfigured:
    """Surely not delivered, because the server refuses us (5xx): nobody's address is at fault, and mending helps.

    ``certain`` is false for policies (5.7.x and the like), which may also be about this one recipient.
    """

    answer: str
    certain: bool = True


@dataclass(frozen=True)
class InDoubt:
    """No answer after the final dot: the server may have it or not."""

    answer: str


Outcome = Sent | Refused | Deferred | Misconfigured | InDoubt
