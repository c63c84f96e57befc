"""Who gets no more mail because their address takes none.

A suppression is about an address, of which it keeps a keyed digest: a person whose contact has a new address is mailed
again without anybody lifting anything.
"""

from __future__ import annotations

from datetime import datetime

from services.notifier.content.printable import shortened
from shared.bus.facts import Facts
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import SUPPRESSION
from shared.contract.commands.sending import LiftSuppression, SuppressedPerson, Suppressions
from shared.contract.facts.registrations import Contact
from shared.contract.facts.sending import Suppression, SuppressionReason, SuppressionStatus
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.links import LinkKey

_ANSWER_LENGTH = 500
_TRIES = 8


def address_digest(key: LinkKey, community: str, address: str) -> str:
    """The digest under which an address is suppressed; upper and lower case are one address."""
    return key.digest("address", community, address.strip().casefold())


def suppression_of(facts: Facts, key: LinkKey, community: str, contact: Contact) -> Suppression | None:
    """The suppression of that contact's present address, if there is one."""
    known = facts.state(SUPPRESSION, Suppression, community, contact.person)
    if known is None or known.status is not SuppressionStatus.SUPPRESSED:
        return None
    return known if known.address_digest == address_digest(key, community, contact.address) else None


def is_suppressed(facts: Facts, key: LinkKey, community: str, contact: Contact) -> bool:
    """Whether nothing is to be sent to that contact's present address."""
    return suppression_of(facts, key, community, contact) is not None


def ended_suppression(facts: Facts, key: LinkKey, community: str, contact: Contact) -> Suppression | None:
    """The suppression of somebody who is mailed again, because it was lifted or their address is another now.

    Its instant lies after all that did not reach them. None for whoever never was suppressed, or is.
    """
    known = facts.state(SUPPRESSION, Suppression, community, contact.person)
    return known if known is not None and not is_suppressed(facts, key, community, contact) else None


async def suppress(
    runtime: Runtime, key: LinkKey, community: str, contact: Contact, reason: SuppressionReason, answer: str
) -> None:
    """Send nothing more to that contact's present address. Doing it again changes nothing.

    Raises ConflictError when the person's suppression is changed by others all the time.
    """
    ref = SUPPRESSION.ref(community, contact.person)
    for _ in range(_TRIES):
        writes = suppressed(runtime.facts, key, community, contact, reason, answer, runtime.bus.clock.now())
        if not writes:
            return
        try:
            await runtime.store.append(_cause(community, writes[0]), writes)
        except ConflictError:
            await runtime.store.load(ref)
        else:
            return
    raise ConflictError(ref)


def suppressed(
    facts: Facts,
    key: LinkKey,
    community: str,
    contact: Contact,
    reason: SuppressionReason,
    answer: str,
    at: datetime,
) -> list[Write]:
    """The fact that suppresses a contact's present address; nothing when it is suppressed already."""
    if is_suppressed(facts, key, community, contact):
        return []
    state = Suppression(
        person=contact.person,
        status=SuppressionStatus.SUPPRESSED,
        reason=reason,
        answer=shortened(answer, _ANSWER_LENGTH),
        address_digest=address_digest(key, community, contact.address),
        at=at,
    )
    return [_write(facts, community, state)]


def lifted(facts: Facts, community: str, command: LiftSuppression, at: datetime) -> list[Write]:
    """The fact that ends a suppression; nothing when it is lifted already. Raises Rejection when there was none."""
    known = facts.state(SUPPRESSION, Suppression, community, command.person)
    if known is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "is not suppressed", "somebody whom suppressions list")
    if known.status is SuppressionStatus.LIFTED:
        return []
    return [_write(facts, community, known.model_copy(update={"status": SuppressionStatus.LIFTED, "at": at}))]


def listed(facts: Facts, community: str) -> Suppressions:
    """Everybody who is suppressed, by person."""
    states = sorted(facts.states(SUPPRESSION, Suppression, community).items())
    return Suppressions(
        people=tuple(
            SuppressedPerson(person=state.person, reason=state.reason, answer=state.answer, since=state.at)
            for _, state in states
            if state.status is SuppressionStatus.SUPPRESSED
        )
    )


def _write(facts: Facts, community: str, state: Suppression) -> Write:
    ref = SUPPRESSION.ref(community, state.person)
    stored = facts.get(ref)
    return Write(ref, state.status, state, stored.seq if stored is not None else 0)


def _cause(community: str, write: Write) -> Cause:
    """The same suppression on top of the same state is the same write, whoever makes it."""
    return Cause(community, Service.NOTIFIER, f"suppress.{'.'.join(write.ref.ids)}.{write.expected_seq}")
