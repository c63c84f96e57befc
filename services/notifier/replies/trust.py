"""Whose answer it is, and whether that is proven: accepted, kept for a human, or ignored.

An answer is proven by the secret address that it was sent to, or by DMARC for the address of the one who answers
(RFC 6047, 3, asks for such a check). What is not proven changes nothing until a human says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.notifier.replies.authentication import is_aligned
from services.notifier.replies.incoming import Itip, ItipAnswer
from services.notifier.replies.reply_address import ReplyTarget
from shared.contract.facts.replies import QuarantineReason


class PartyCrashers(StrEnum):
    """What becomes of answers of people who were not invited: most often an invitation was forwarded to them."""

    REJECT = "reject"
    ASK = "ask"
    ADMIT = "admit"


@dataclass(frozen=True)
class TrustPolicy:
    """``authserv_id`` is the name under which our mail server writes Authentication-Results; None: it does not."""

    authserv_id: str | None = None
    party_crashers: PartyCrashers = PartyCrashers.ASK


@dataclass(frozen=True)
class Known:
    """What is known of those whom a message may be about.

    ``target`` is whom the reply address that it was sent to belongs to. ``addresses`` has everybody's address of that
    community, in lower case, by person; ``invited`` those who were invited to the session that the UID names.
    """

    domain: str
    addresses: Mapping[str, str]
    target: ReplyTarget | None = None
    session: str | None = None
    invited: frozenset[str] = frozenset()

    def person_at(self, address: str | None) -> str | None:
        """Whose address that is."""
        return next((person for person, known in self.addresses.items() if known == address), None)


@dataclass(frozen=True)
class Accept:
    """It is that person's own word about that session, said in ``answer``."""

    person: str
    session: str
    answer: ItipAnswer
    of_dates: tuple[ItipAnswer, ...] = ()
    """what the same message says of single dates besides, where it is about a series"""


@dataclass(frozen=True)
class Quarantine:
    """A human has to look."""

    reason: QuarantineReason
    why: str
    person: str | None = None
    session: str | None = None
    answer: ItipAnswer | None = None


@dataclass(frozen=True)
class Crasher:
    """Somebody who was not invited answers; ``person`` if they are registered under their address."""

    session: str
    address: str
    answer: ItipAnswer
    person: str | None = None
    proven: bool = False


@dataclass(frozen=True)
class Ignore:
    """It changes nothing, and nobody needs to look."""

    why: str


Verdict = Accept | Quarantine | Crasher | Ignore


def judge(message: Itip, known: Known, policy: TrustPolicy) -> Verdict:
    """Whose word a message is, as far as it is proven."""
    session = known.target.session if known.target is not None else known.session
    ours = _about(message.answers, session, known.domain)
    answer = next(iter(ours), None)
    if session is None or answer is None:
        if known.target is not None and message.answers:
            why = "it is about another entry than the address that it was sent to"
            return Quarantine(QuarantineReason.MISMATCH, why, known.target.person, known.target.session)
        return Ignore("it is about an entry that is not ours")
    if known.target is not None:
        verdict = _at_secret_address(message, answer, known, known.target)
    else:
        verdict = _at_open_mailbox(message, answer, known, session, policy)
    if not isinstance(verdict, Accept):
        return verdict
    same_speaker = (each for each in ours if each is not answer and each.attendee == answer.attendee)
    return replace(verdict, of_dates=tuple(each for each in same_speaker if each.recurrence is not None))


def _about(answers: tuple[ItipAnswer, ...], session: str | None, domain: str) -> list[ItipAnswer]:
    """The answers about that session: first of the whole entry, then of single occurrences."""
    if session is None:
        return []
    uid = f"{session}@{domain}".lower()
    ours = [each for each in answers if each.uid.lower() == uid or not each.uid]
    return sorted(ours, key=lambda each: each.recurrence is not None)


def _at_secret_address(message: Itip, answer: ItipAnswer, known: Known, target: ReplyTarget) -> Verdict:
    own = known.addresses.get(target.person)
    speakers = _speakers(message, answer)
    if own is None:
        return Ignore("the person is not known any more")
    if own in speakers or not speakers:
        return Accept(target.person, target.session, answer)
    address = answer.attendee or message.head.sender
    return Crasher(target.session, address, answer, known.person_at(address), proven=False)


def _speakers(message: Itip, answer: ItipAnswer) -> frozenset[str]:
    """Whom the message says it comes from: the attendee, the sender of the mail, whoever acts for the attendee."""
    return frozenset(filter(None, (answer.attendee, message.head.sender, answer.sent_by)))


def _at_open_mailbox(message: Itip, answer: ItipAnswer, known: Known, session: str, policy: TrustPolicy) -> Verdict:
    if not known.invited:
        return Ignore("it is about an entry that nobody was invited to")
    attendee = answer.attendee or message.head.sender
    person = known.person_at(attendee)
    aligned = is_aligned(message.head.authentication, policy.authserv_id, message.head.sender)
    proven = aligned and message.head.sender == attendee
    if person is None or person not in known.invited:
        return Crasher(session, attendee, answer, person, proven)
    if proven:
        return Accept(person, session, answer)
    why = "nothing proves that it comes from the person whom it speaks for"
    return Quarantine(QuarantineReason.UNPROVEN, why, person, session, answer)


def session_of(answers: Iterable[ItipAnswer], domain: str) -> str | None:
    """The session that the first UID of ours names."""
    suffix = f"@{domain}".lower()
    return next((each.uid.lower().removesuffix(suffix) for each in answers if each.uid.lower().endswith(suffix)), None)
