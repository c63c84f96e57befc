"""What a mail server's answer means: about the recipient, about the mail, or about us (RFC 5321, 4.2; RFC 3463).

Only an answer about the recipient may keep mail from them for good. A relay that does not know our password says 5xx
to everybody, so a 5xx by itself tells nothing about an address.
"""

from __future__ import annotations

import re
from enum import StrEnum, auto

from services.notifier.delivery.outcome import About, Deferred, InDoubt, Misconfigured, Outcome, Refused, Sent


class SmtpStep(StrEnum):
    """Where in the dialogue an answer came."""

    SESSION = auto()
    """greeting, EHLO, STARTTLS, AUTH"""
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    DOT = auto()


_ENHANCED = re.compile(r"^\s*5\.(\d{1,3})\.(\d{1,3})\b")
# Authentication is missing, too weak, failed, or wants encryption (RFC 4954).
_AUTHENTICATION = frozenset({530, 534, 535, 538})
# Commands or their arguments were not understood or came at the wrong time.
_PROTOCOL = frozenset({500, 501, 502, 503, 504, 555})
_SENDERS_ADDRESS = frozenset({7, 8})
_TRANSACTION_FAILED = 554
_MAILBOX_FULL = (2, 2)
_TOO_LARGE = (2, 3)


def judged(code: int, text: str, step: SmtpStep) -> Outcome:
    """The outcome of an attempt that this answer ended."""
    told = f"{code} {text}"
    match code // 100:
        case 2 if step is SmtpStep.DOT:
            return Sent(told)
        case 4:
            return Deferred(told, reached=step is not SmtpStep.SESSION)
        case 5:
            return _permanent(code, text, step, told)
    return InDoubt(told) if step is SmtpStep.DOT else Deferred(told)


def _permanent(code: int, text: str, step: SmtpStep, told: str) -> Outcome:
    if step is SmtpStep.SESSION or code in _AUTHENTICATION:
        return Misconfigured(told)
    enhanced = _ENHANCED.match(text)
    if enhanced is not None:
        return _by_enhanced_code(int(enhanced[1]), int(enhanced[2]), told)
    if step is SmtpStep.MAIL or code in _PROTOCOL:
        return Misconfigured(told)
    if step is SmtpStep.RCPT:
        return Misconfigured(told, certain=False) if code == _TRANSACTION_FAILED else Refused(told)
    return Refused(told, About.MESSAGE)


def _by_enhanced_code(subject: int, detail: int, told: str) -> Outcome:
    match subject, detail:
        case 1, detail if detail in _SENDERS_ADDRESS:
            return Misconfigured(told)
        case pair if pair == _MAILBOX_FULL:
            return Deferred(told)
        case pair if pair == _TOO_LARGE:
            return Refused(told, About.MESSAGE)
        case ((1 | 2 | 4), _):
            return Refused(told)
        case 5, _:
            return Misconfigured(told)
        case 7, _:
            return Misconfigured(told, certain=False)
    return Refused(told, About.MESSAGE)
