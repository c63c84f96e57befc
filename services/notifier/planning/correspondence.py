"""What the notifier knows of its messages to one person about one session, from its own facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.notifier.planning.series import times
from shared.contract.facts.notifier import CalendarEntry, Invite, InviteStatus, Method

_MAY_HAVE_ARRIVED = frozenset({InviteStatus.SENT, InviteStatus.IN_DOUBT})


@dataclass(frozen=True)
class Correspondence:
    """The last fact (without its bytes), when the first message was claimed, and what the calendar holds by now.

    ``holding`` is the last message that arrived or may have arrived and left an entry there; it ends with a CANCEL
    of all of it. ``told`` is the last message about the entry itself: a DECLINECOUNTER says nothing of that.
    ``timed`` is the SEQUENCE of the message that gave the entry its present times. Of a series, ``dates`` has that of
    the last message about a date alone since the last one about all of it.
    """

    last: Invite
    created: datetime
    told: Invite
    timed: int
    whole: int
    holding: Invite | None = None
    dates: Mapping[datetime, int] = field(default_factory=dict)

    @classmethod
    def begun(cls, claim: Invite) -> Correspondence:
        first = _without_bytes(claim)
        return cls(first, claim.claimed_at, told=first, timed=claim.sequence, whole=claim.sequence).after(claim)

    def after(self, fact: Invite) -> Correspondence:
        """What is known once this fact, which follows the last one, is known too."""
        last = _without_bytes(fact)
        if fact.method is Method.DECLINECOUNTER:
            return replace(self, last=last)
        holding = self.holding
        if fact.status in _MAY_HAVE_ARRIVED:
            holding = None if cancels_all(fact) else last
        told = replace(self, last=last, told=last, timed=self._timed_after(fact), holding=holding)
        if fact.occurrence is not None:
            return replace(told, dates={**self.dates, fact.occurrence: fact.sequence})
        return replace(told, whole=fact.sequence, dates={})

    def sequence_on(self, original: datetime) -> int:
        """The SEQUENCE that a calendar has for that date of a series, or for the series, if it is in that state."""
        return self.dates.get(original, self.whole)

    def _timed_after(self, fact: Invite) -> int:
        same = not cancels_all(self.told) and times(self.told.entry) == times(fact.entry)
        return self.timed if same else fact.sequence

    @property
    def entry_held(self) -> CalendarEntry | None:
        return self.holding.entry if self.holding else None


def cancels_all(message: Invite) -> bool:
    """Whether nothing is left in the calendar after it; of a series, one occurrence alone may be cancelled."""
    return message.method is Method.CANCEL and message.occurrence is None


def _without_bytes(fact: Invite) -> Invite:
    return fact if fact.mail is None else fact.model_copy(update={"mail": None})


def followed(facts: Iterable[Invite]) -> dict[tuple[str, str], Correspondence]:
    """All correspondences, by person and session, from the facts in the order of their stream."""
    known: dict[tuple[str, str], Correspondence] = {}
    for fact in facts:
        key = (fact.person, fact.session)
        known[key] = known[key].after(fact) if key in known else Correspondence.begun(fact)
    return known
