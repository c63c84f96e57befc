"""What a message that is due may have to wait for before it goes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.notifier.delivery.sending import is_paused
from services.notifier.delivery.settling import Settling
from services.notifier.delivery.suppression import ended_suppression, is_suppressed
from shared.bus.facts import Facts
from shared.contract.facts.registrations import Contact
from shared.contract.facts.sending import Suppression
from shared.links import LinkKey
from shared.time.quiet import QuietHours


class HoldReason(StrEnum):
    """In words for the organiser."""

    SUPPRESSED = "the address takes no mail"
    PAUSED = "sending is paused"
    SETTLING = "the schedule may change again at once"
    QUIET = "it is night where they are"


@dataclass(frozen=True)
class Hold:
    """Why a message waits, and until when, as far as that is known."""

    why: HoldReason
    until: datetime | None = None


@dataclass(frozen=True)
class HoldingRules:
    """``settle`` is how long a person's seat must have been what it is, so that several releases in a short time make
    one mail. Neither it nor quiet hours hold what is about a session within ``urgent_within``."""

    settle: timedelta = timedelta(0)
    quiet: QuietHours | None = None
    urgent_within: timedelta = timedelta(hours=24)


def hold(now: datetime, rules: HoldingRules, zone: str, changed_at: datetime | None, *, urgent: bool) -> Hold | None:
    """What a message to somebody in that zone waits for; ``changed_at`` is when what it tells was decided."""
    if urgent:
        return None
    if changed_at is not None and now < changed_at + rules.settle:
        return Hold(HoldReason.SETTLING, changed_at + rules.settle)
    quiet_until = rules.quiet.ends_at(now, zone) if rules.quiet is not None else None
    return Hold(HoldReason.QUIET, quiet_until) if quiet_until is not None else None


def is_urgent(now: datetime, rules: HoldingRules, starts: Iterable[datetime]) -> bool:
    """Whether a session that a message is about begins soon: as it is now, or as the calendar still shows it."""
    return any(start - now <= rules.urgent_within for start in starts)


class Holding:
    """Holds by what is known: suppressions, pauses, and when a person's seat in a session was decided.

    Without a key nobody is known to be suppressed.
    """

    def __init__(self, facts: Facts, rules: HoldingRules | None = None, key: LinkKey | None = None) -> None:
        self._facts = facts
        self._rules = rules or HoldingRules()
        self._key = key
        self._settling = Settling(facts) if self._rules.settle else None

    def hold(
        self, community: str, contact: Contact, session: str, starts: Iterable[datetime], now: datetime
    ) -> Hold | None:
        """What a message to that person about that session waits for; ``starts`` as in ``is_urgent``."""
        barred = self.bar(community, contact)
        if barred is not None:
            return barred
        changed_at = self._settling.changed_at(community, contact.person, session) if self._settling else None
        return hold(now, self._rules, contact.zone, changed_at, urgent=is_urgent(now, self._rules, starts))

    def bar(self, community: str, contact: Contact) -> Hold | None:
        """What keeps every message to that person back, until somebody does something about it."""
        if self.is_suppressed(community, contact):
            return Hold(HoldReason.SUPPRESSED)
        return Hold(HoldReason.PAUSED) if self.is_paused(community) else None

    def is_paused(self, community: str) -> bool:
        return is_paused(self._facts, community)

    def ended_suppression(self, community: str, contact: Contact) -> Suppression | None:
        """What did not reach that person before the instant of this may be sent once more."""
        return ended_suppression(self._facts, self._key, community, contact) if self._key is not None else None

    def is_suppressed(self, community: str, contact: Contact) -> bool:
        return self._key is not None and is_suppressed(self._facts, self._key, community, contact)
