"""What the notifier knows of its messages to one person about one session, from its own facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.contract.facts.notifier import CalendarEntry, Invite, InviteStatus, Method

_MAY_HAVE_ARRIVED = frozenset({InviteStatus.SENT, InviteStatus.IN_DOUBT})


@dataclass(frozen=True)
class Correspondence:
    """The last fact (without its bytes), when the first message was claimed, and what the calendar holds by now.

    ``holding`` is the last REQUEST that arrived or may have arrived and that no CANCEL followed.
    """

    last: Invite
    created: datetime
    holding: Invite | None = None

    @classmethod
    def begun(cls, claim: Invite) -> Correspondence:
        return cls(_without_bytes(claim), claim.claimed_at).after(claim)

    def after(self, fact: Invite) -> Correspondence:
        """What is known once this fact, which follows the last one, is known too."""
        last = _without_bytes(fact)
        if fact.status not in _MAY_HAVE_ARRIVED:
            return Correspondence(last, self.created, self.holding)
        return Correspondence(last, self.created, last if fact.method is Method.REQUEST else None)

    @property
    def entry_held(self) -> CalendarEntry | None:
        return self.holding.entry if self.holding else None


def _without_bytes(fact: Invite) -> Invite:
    return fact if fact.mail is None else fact.model_copy(update={"mail": None})


def followed(facts: Iterable[Invite]) -> dict[tuple[str, str], Correspondence]:
    """All correspondences, by person and session, from the facts in the order of their stream."""
    known: dict[tuple[str, str], Correspondence] = {}
    for fact in facts:
        key = (fact.person, fact.session)
        known[key] = known[key].after(fact) if key in known else Correspondence.begun(fact)
    return known
