"""Questions about people, answered from the view."""

from __future__ import annotations

from services.registrations.seats.holding import seated_sessions
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT
from shared.contract.commands.registrations import AskNames, AskPerson, Names, OwnPage
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection, RejectionCode


def public_names(facts: Facts, community: str, question: AskNames) -> Names:
    """Names of those who allow it."""
    contacts = {person: facts.state(CONTACT, Contact, community, person) for person in question.people}
    return Names(names={person: each.name for person, each in contacts.items() if each and each.name_public})


def own_page(facts: Facts, community: str, question: AskPerson) -> OwnPage:
    """What the holder of a person's link may see. A link of an older generation is refused."""
    contact = facts.state(CONTACT, Contact, community, question.person)
    if contact is None or contact.link_generation != question.generation:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "has no such link", "the newest link that was mailed")
    sessions = seated_sessions(facts, community, question.person)
    return OwnPage(name=contact.name, zone=contact.zone, sessions=sessions)
