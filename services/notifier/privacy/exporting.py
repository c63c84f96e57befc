"""The notifier's part of all that is held on a person."""

from __future__ import annotations

from collections.abc import Iterator

from shared.bus.entities import Stored
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT, FACTS, QUARANTINE
from shared.contract.commands.privacy import ExportPerson, HeldFact, PersonExport
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.privacy.showing import held, some_of

_OWN = tuple(kind for kind in FACTS if kind.service is Service.NOTIFIER and kind.is_about_a_person)


def exported(facts: Facts, community: str, question: ExportPerson) -> PersonExport:
    """Some of what the notifier holds on the person. Raises Rejection for somebody unknown."""
    contact = facts.state(CONTACT, Contact, community, question.person)
    if contact is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "names nobody here", "the id of a registered person")
    found, following = some_of(_shown(facts, community, contact), question.after)
    return PersonExport(facts=found, next=following)


def _shown(facts: Facts, community: str, contact: Contact) -> Iterator[HeldFact]:
    def is_other(id: str) -> bool:
        return id != contact.person and facts.get(CONTACT.ref(community, id)) is not None

    for stored in _about(facts, community, contact.person):
        shown = held(stored, contact.person, is_other)
        if stored.ref.entity == QUARANTINE.entity and shown.state.get("sender") != contact.address:
            # A mail about them that came from somebody else.
            shown = shown.model_copy(update={"state": {k: v for k, v in shown.state.items() if k != "sender"}})
        yield shown


def _about(facts: Facts, community: str, person: str) -> Iterator[Stored]:
    for kind in _OWN:
        for ids in facts.states(kind, kind.model, community, person=person):
            stored = facts.get(kind.ref(community, *ids))
            if stored is not None:
                yield stored
