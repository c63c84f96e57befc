"""Decisions about people: contact, the claim on their address, affiliation."""

from __future__ import annotations

import hashlib
import hmac

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor
from shared.contract.catalogue import AFFILIATION, COMMUNITY, CONTACT, PERSON_KEY
from shared.contract.details import PersonDetails
from shared.contract.facts.registrations import Affiliation, Community, Contact, PersonKey
from shared.contract.results import Rejection, RejectionCode


class AddressKey:
    """Makes the key under which an address is claimed, so that no subject shows the address."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def digest(self, community: str, address: str) -> str:
        text = f"{community}\x1f{address.strip().lower()}"
        return hmac.digest(self._secret, text.encode(), hashlib.sha256).hex()[:40]


def register(ledger: Ledger, details: PersonDetails, actor: Actor, keys: AddressKey) -> None:
    """Register a person or change their details. An address that another person holds is refused."""
    known = ledger.get(CONTACT, Contact, details.person)
    origin = ledger.check_origin(known, actor, "person")
    _check_not_the_mailbox(ledger, details)
    claim_address(ledger, details, keys)
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
    )
    ledger.write(AFFILIATION, (details.person,), "stated", affiliation)


def _check_not_the_mailbox(ledger: Ledger, details: PersonDetails) -> None:
    """An invitation whose organiser is its recipient shows no buttons."""
    community = ledger.get(COMMUNITY, Community, ledger.community)
    if community is not None and community.mailbox.lower() == details.address.lower():
        raise Rejection.of(
            RejectionCode.CONFLICT, "address", "is the community's own mailbox", "the person's own address"
        )


def claim_address(ledger: Ledger, details: PersonDetails, keys: AddressKey) -> None:
    digest = keys.digest(ledger.community, details.address)
    holder = ledger.get(PERSON_KEY, PersonKey, digest)
    if holder is not None and holder.person != details.person:
        raise Rejection.of(
            RejectionCode.CONFLICT, "address", "belongs to another person", "an address that nobody else registered"
        )
    if holder is None:
        ledger.write(PERSON_KEY, (digest,), "claimed", PersonKey(person=details.person))
