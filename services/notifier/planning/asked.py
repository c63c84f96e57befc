"""What people asked for: by their replies, and by being mailed again after their address had taken nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from services.notifier.delivery.holding import Holding
from services.notifier.planning.answers import Answer, Key
from services.notifier.planning.correspondence import Correspondence
from services.notifier.replies.standing import answers
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT, SUPPRESSION
from shared.contract.facts.notifier import InviteStatus
from shared.contract.facts.registrations import Contact
from shared.contract.facts.sending import Suppression, SuppressionReason


def asked(facts: Facts, community: str, sent: Mapping[Key, Correspondence], holding: Holding) -> Mapping[Key, Answer]:
    """What planning takes from a community's people, by person and session."""
    given = answers(facts, community)
    if not facts.all(SUPPRESSION, community):
        return given
    return {**given, **_reopened(facts, community, sent, holding, given)}


def _reopened(
    facts: Facts,
    community: str,
    sent: Mapping[Key, Correspondence],
    holding: Holding,
    given: Mapping[Key, Answer],
) -> dict[Key, Answer]:
    """What did not reach its person before they were mailed again is asked for once more."""
    ended = _ended(facts, community, holding)
    found = {}
    for key, correspondence in sent.items():
        suppression, last = ended.get(key[0]), correspondence.last
        if suppression is None or last.status not in _LOST[suppression.reason] or last.claimed_at >= suppression.at:
            continue
        known = given.get(key) or Answer(None, suppression.at, last.sequence)
        asked_at = max(suppression.at, known.refresh_asked_at or suppression.at)
        found[key] = replace(known, refresh_asked_at=asked_at)
    return found


def _ended(facts: Facts, community: str, holding: Holding) -> dict[str, Suppression]:
    """The suppressions that have ended, by person."""
    found = {}
    for (person,) in facts.all(SUPPRESSION, community):
        contact = facts.state(CONTACT, Contact, community, person)
        suppression = holding.ended_suppression(community, contact) if contact is not None else None
        if suppression is not None:
            found[person] = suppression
    return found


# A server that refused took nothing. After a delivery report nobody knows which of the mails before it arrived; a
# calendar takes the same state once more as nothing new.
_LOST = {
    SuppressionReason.REFUSED: frozenset({InviteStatus.REFUSED}),
    SuppressionReason.BOUNCED: frozenset({InviteStatus.REFUSED, InviteStatus.SENT, InviteStatus.IN_DOUBT}),
}
