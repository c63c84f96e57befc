"""Which notices a person wants."""

from __future__ import annotations

from datetime import datetime

from shared.bus.executing import carry_out
from shared.bus.facts import Facts
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import CONTACT, PREFERENCE
from shared.contract.commands.notices import StatePreference
from shared.contract.facts.notices import NoticeKind, Preference
from shared.contract.facts.registrations import Contact
from shared.contract.results import Accepted, Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.links import LinkClaims

_TRIES = 8
_CHOICES = ("reminders", "digest", "team_digest")


def wants(facts: Facts, community: str, person: str, kind: NoticeKind) -> bool:
    """Whether that person wants such notices. Who never said anything wants them."""
    known = facts.state(PREFERENCE, Preference, community, person)
    return known is None or known.wants(kind)


async def refused(runtime: Runtime, claims: LinkClaims, kind: NoticeKind) -> None:
    """End notices of that kind for whoever holds that link; one of an older generation ends nothing.

    Raises ConflictError when the person's preference is changed by others all the time.
    """
    facts, community = runtime.facts, claims.community
    contact = facts.state(CONTACT, Contact, community, claims.person)
    if contact is None or contact.link_generation != claims.generation:
        return
    command = StatePreference.refusing(kind, claims.person, claims.generation)
    for _ in range(_TRIES):
        writes = stated(facts, community, command, runtime.bus.clock.now())
        if not writes:
            return
        cause = Cause(community, Service.NOTIFIER, f"refuse.{claims.person}.{kind}.{writes[0].expected_seq}")
        try:
            await runtime.store.append(cause, writes)
        except ConflictError:
            await runtime.store.load(writes[0].ref)
        else:
            return
    raise ConflictError(PREFERENCE.ref(community, claims.person))


async def preference_stated(runtime: Runtime, request: Request, command: StatePreference) -> Accepted:
    """Carry out what a person says of notices, also when the disk is nearly full. Raises Rejection."""
    community = request.community
    check_generation(runtime.facts, community, command.person, command.generation)
    return await carry_out(
        runtime,
        request,
        PREFERENCE.ref(community, command.person),
        lambda: stated(runtime.facts, community, command, runtime.bus.clock.now()),
        even_when_full=True,
    )


def check_generation(facts: Facts, community: str, person: str, generation: int | None) -> Contact:
    """The contact behind a link. Raises Rejection for a link of an older generation, and for people unknown."""
    contact = facts.state(CONTACT, Contact, community, person)
    if contact is None or generation not in {None, contact.link_generation}:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "has no such link", "the newest link that was mailed")
    return contact


def stated(facts: Facts, community: str, command: StatePreference, at: datetime) -> list[Write]:
    """The fact that keeps what was said; nothing when it was so before."""
    ref = PREFERENCE.ref(community, command.person)
    stored = facts.get(ref)
    known = facts.state(PREFERENCE, Preference, community, command.person) or Preference(person=command.person, at=at)
    said = {name: getattr(command, name) for name in _CHOICES if getattr(command, name) is not None}
    if all(getattr(known, name) == value for name, value in said.items()):
        return []
    state = known.model_copy(update={**said, "at": at})
    return [Write(ref, "stated", state, stored.seq if stored is not None else 0)]
