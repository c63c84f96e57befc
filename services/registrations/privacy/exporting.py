"""Registrations' part of all that is held on a person."""

from __future__ import annotations

from collections.abc import Iterator

from services.registrations.privacy.mentions import OF_OTHERS
from shared.bus.entities import Stored
from shared.bus.facts import Facts
from shared.contract.catalogue import AVAILABILITY, COMMUNITY, CONTACT, EXTERNAL, FACTS, PROPOSAL, RELEASE, SEATING
from shared.contract.commands.privacy import ExportPerson, HeldSession, PersonExport
from shared.contract.facts.externals import External
from shared.contract.facts.registrations import Availability, Community, Contact, Proposal, Seating
from shared.contract.facts.scheduler import Release, newest_releases
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.privacy.showing import held, some_of
from shared.privacy.words import names_person

_OWN = tuple(kind for kind in FACTS if kind.service is Service.REGISTRATIONS and kind.is_about_a_person)


def exported(facts: Facts, community: str, question: ExportPerson) -> PersonExport:
    """Some of what registrations holds on the person. Raises Rejection for somebody unknown."""
    person = question.person
    if facts.state(CONTACT, Contact, community, person) is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "names nobody here", "the id of a registered person")

    def is_other(id: str) -> bool:
        return id != person and facts.get(CONTACT.ref(community, id)) is not None

    shown = (held(each, person, is_other) for each in _about(facts, community, person))
    found, following = some_of(shown, question.after)
    if question.after:
        return PersonExport(facts=found, next=following)
    known = facts.state(COMMUNITY, Community, community, community)
    said = facts.state(AVAILABILITY, Availability, community, person)
    return PersonExport(
        facts=found,
        sessions=tuple(_sessions(facts, community, person)),
        windows=said.windows() if said is not None else (),
        domain=known.domain if known is not None else None,
        next=following,
    )


def _about(facts: Facts, community: str, person: str) -> Iterator[Stored]:
    """The last facts that belong to the person, or name them."""
    for kind in _OWN:
        for ids in facts.states(kind, kind.model, community, person=person):
            stored = facts.get(kind.ref(community, *ids))
            if stored is not None:
                yield stored
    for stored in facts.all(EXTERNAL, community).values():
        if stored.mentions(person):
            external: External = stored.state
            if external.person == person:
                yield stored
    for kind in OF_OTHERS:
        for stored in facts.all(kind, community).values():
            if stored.mentions(person) and names_person(stored.state.model_dump(mode="json"), person):
                yield stored


def _sessions(facts: Facts, community: str, person: str) -> Iterator[HeldSession]:
    """The released sessions in which the person has a seat."""
    seatings = facts.states(SEATING, Seating, community)
    for release in newest_releases(facts.states(RELEASE, Release, community).values()).values():
        for placement in release.placements:
            seating = seatings.get((placement.session,))
            proposal = facts.state(PROPOSAL, Proposal, community, placement.proposal)
            if seating is None or proposal is None or person not in seating.people:
                continue
            yield HeldSession(
                session=placement.session,
                title=proposal.title,
                start=placement.start,
                minutes=placement.minutes,
                location=seating.place.line() if seating.place is not None else None,
                presenting=person in proposal.presenters,
            )
