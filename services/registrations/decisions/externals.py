"""Decisions about who is meant: by the id here, by a partner's own id, or by an address.

A partner's own id leads to the person for whom that partner registered it. It is taken for somebody whom another
brought only when their address is the same and the community has named the partner in ``linking_partners``; then the
partner's word on their time and interests counts, while their name and address stay as they are.
"""

from __future__ import annotations

from typing import TypeVar

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey, register
from services.registrations.decisions.taking_over import is_unproven
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import COMMUNITY, CONTACT, EXTERNAL, PERSON_KEY
from shared.contract.commands.registrations import PersonRow, RegisterPerson
from shared.contract.envelope import digest
from shared.contract.externals import TO_BE_FOUND, ByExternalId
from shared.contract.facts.externals import External
from shared.contract.facts.registrations import Community, Contact, PersonKey
from shared.contract.results import Rejection, RejectionCode

N = TypeVar("N", bound=ByExternalId)


def with_person(ledger: Ledger, named: N, actor: Actor, keys: AddressKey, cause: str) -> N:
    """The same with the id of the person who is meant; somebody new gets one made of ``cause``. Raises Rejection."""
    person = named.person
    if named.external_id is not None:
        person = _by_external_id(ledger, named, actor, keys, cause)
    elif person == TO_BE_FOUND:
        person = _by_address(ledger, named, actor, keys) or _new_id(ledger, named, keys, cause)
    return named.model_copy(update={"person": person})


def register_named(ledger: Ledger, details: RegisterPerson | PersonRow, actor: Actor, keys: AddressKey) -> None:
    """Register a person, and have the partner's own id lead to them from now on. Raises Rejection."""
    known = ledger.get(CONTACT, Contact, details.person)
    is_linked = details.external_id is not None and known is not None and known.origin != actor.origin
    if not is_linked:
        register(ledger, details, actor, keys)
    if details.external_id is None:
        return
    token = keys.external(ledger.community, actor.name, details.external_id)
    if ledger.get(EXTERNAL, External, actor.name, token) is None:
        ledger.write(EXTERNAL, (actor.name, token), "claimed", External(partner=actor.name, person=details.person))


def _by_external_id(ledger: Ledger, named: ByExternalId, actor: Actor, keys: AddressKey, cause: str) -> str:
    if actor.kind is not ActorKind.PARTNER:
        raise Rejection.of(RejectionCode.INVALID, "external_id", "is for partner systems", "person, the id here")
    stated = named.person
    assert named.external_id is not None
    known = ledger.get(EXTERNAL, External, actor.name, keys.external(ledger.community, actor.name, named.external_id))
    if known is not None:
        if stated not in (TO_BE_FOUND, known.person):
            raise Rejection.of(
                RejectionCode.CONFLICT, "external_id", "is another person's", "the person for whom it was registered"
            )
        _check_may_mean(ledger, known.person, actor)
        return known.person
    if not isinstance(named, (RegisterPerson, PersonRow)):
        raise Rejection.of(
            RejectionCode.UNKNOWN, "external_id", "names nobody yet", "an id that you registered a person with"
        )
    if stated != TO_BE_FOUND:
        ledger.check_origin(ledger.get(CONTACT, Contact, stated), actor, "person")
        return stated
    holder = _by_address(ledger, named, actor, keys)
    if holder is None:
        return _new_id(ledger, named, keys, cause)
    _check_may_mean(ledger, holder, actor)
    return holder


def _check_may_mean(ledger: Ledger, person: str, actor: Actor) -> None:
    """A partner means people whom it brought; those of others only where the community lets it."""
    contact = ledger.get(CONTACT, Contact, person)
    community = ledger.get(COMMUNITY, Community, ledger.community)
    linking = community.linking_partners if community is not None else ()
    if contact is None or contact.origin == actor.origin or actor.name in linking:
        return
    raise Rejection.of(
        RejectionCode.CONFLICT,
        "external_id",
        "is of somebody whose address is known here already",
        "somebody new; or have the organiser name you in linking_partners",
    )


def _by_address(ledger: Ledger, named: ByExternalId, actor: Actor, keys: AddressKey) -> str | None:
    """Who has the address. For a partner nobody has it whom a stranger named: the partner's person takes over."""
    if not isinstance(named, (RegisterPerson, PersonRow)):
        return None
    holder = ledger.get(PERSON_KEY, PersonKey, keys.digest(ledger.community, named.address))
    if holder is None or (actor.kind is ActorKind.PARTNER and is_unproven(ledger, holder.person)):
        return None
    return holder.person


def _new_id(ledger: Ledger, named: ByExternalId, keys: AddressKey, cause: str) -> str:
    """The same for every try of one command, another for the next: an id that was erased is never met again."""
    assert isinstance(named, (RegisterPerson, PersonRow))
    return f"x-{digest(cause, keys.digest(ledger.community, named.address), named.external_id or '')[:24]}"
