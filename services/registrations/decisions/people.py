"""Decisions about people: contact, the claim on their address, affiliation."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from services.registrations.decisions.erasures import refuse_erased
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.taking_over import may_take_over, take_over
from shared.contract.authority import Actor
from shared.contract.catalogue import AFFILIATION, COMMUNITY, CONTACT, PERSON_KEY
from shared.contract.details import PersonDetails
from shared.contract.facts.registrations import Affiliation, Community, Contact, PersonKey
from shared.contract.results import Rejection, RejectionCode


class AddressKey:
    """Makes the key under which an address, or a partner's own id, is claimed, so that no subject shows either."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def digest(self, community: str, address: str) -> str:
        return self._keyed(community, address.strip().lower())

    def external(self, community: str, partner: str, id: str) -> str:
        """The key of a partner's own id of a person."""
        return self._keyed(community, "external", partner, id)

    def _keyed(self, *parts: str) -> str:
        return hmac.digest(self._secret, "\x1f".join(parts).encode(), hashlib.sha256).hex()[:40]


def register(ledger: Ledger, details: PersonDetails, actor: Actor, keys: AddressKey) -> None:
    """Register a person or change their details.

    An address that another person holds is refused, unless nobody has shown yet that it is theirs.
    """
    refuse_erased(ledger, details.person)
    known = ledger.get(CONTACT, Contact, details.person)
    origin = ledger.check_origin(known, actor, "person")
    _check_not_the_mailbox(ledger, details)
    stranger = _stranger_with_address(ledger, details, actor, keys)
    if stranger is None:
        _claim_address(ledger, details, keys)
    contact = Contact(
        person=details.person,
        name=details.name,
        address=details.address,
        zone=details.zone,
        name_public=details.name_public,
        language=details.language,
        link_generation=known.link_generation if known is not None else 1,
        origin=origin,
    )
    ledger.write(CONTACT, (details.person,), "registered", contact)
    affiliation = Affiliation(
        person=details.person,
        school=details.school,
        department=details.department,
        pattern=details.pattern,
        # A zone that was only filled in says nothing about where somebody is.
        zone=details.zone if "zone" in details.model_fields_set else None,
        **_groups(details, ledger.get(AFFILIATION, Affiliation, details.person)),
    )
    ledger.write(AFFILIATION, (details.person,), "stated", affiliation)
    if stranger is not None:
        # In this order: who reads the tombstone knows already whose the address is, and what claimed it goes, too.
        take_over(ledger, stranger, details.person)
        _claim_address(ledger, details, keys)


def _groups(details: PersonDetails, known: Affiliation | None) -> dict[str, Any]:
    """Sector, disciplines and groups: who says nothing of them changes nothing."""
    stated = details if known is None else known
    names = ("sector", "tags", "groups")
    return {name: getattr(details if name in details.model_fields_set else stated, name) for name in names}


def _check_not_the_mailbox(ledger: Ledger, details: PersonDetails) -> None:
    """An invitation whose organiser is its recipient shows no buttons."""
    community = ledger.get(COMMUNITY, Community, ledger.community)
    if community is not None and community.mailbox.lower() == details.address.lower():
        raise Rejection.of(
            RejectionCode.CONFLICT, "address", "is the community's own mailbox", "the person's own address"
        )


def _stranger_with_address(ledger: Ledger, details: PersonDetails, actor: Actor, keys: AddressKey) -> str | None:
    """Who has the address without having shown that it is theirs. Raises Rejection when it is anybody else's."""
    holder = ledger.get(PERSON_KEY, PersonKey, keys.digest(ledger.community, details.address))
    if holder is None or holder.person == details.person:
        return None
    if may_take_over(ledger, holder.person, actor):
        return holder.person
    raise Rejection.of(
        RejectionCode.CONFLICT, "address", "belongs to another person", "an address that nobody else registered"
    )


def _claim_address(ledger: Ledger, details: PersonDetails, keys: AddressKey) -> None:
    digest = keys.digest(ledger.community, details.address)
    holder = ledger.get(PERSON_KEY, PersonKey, digest)
    if holder is None or holder.person != details.person:
        ledger.write(PERSON_KEY, (digest,), "claimed", PersonKey(person=details.person))
