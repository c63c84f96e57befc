"""The rows of each kind of data: the payload of the command that would bring the same in again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from shared.bus.facts import Facts
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    COMMUNITY,
    CONTACT,
    ENROLMENT_RULE,
    INTEREST,
    MANAGER,
    PROGRAMME,
    PROPOSAL,
    ROOM,
    SEATING,
    FactKind,
)
from shared.contract.commands.digests import AppointManager
from shared.contract.commands.enrolment import SetEnrolmentRule
from shared.contract.commands.intake import DataKind
from shared.contract.commands.registrations import (
    AddRoom,
    AnnounceProgramme,
    EstablishCommunity,
    StateInterest,
    SubmitProposal,
)
from shared.contract.facts.enrolment import EnrolmentRule
from shared.contract.facts.managing import Manager
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Community,
    Contact,
    Interest,
    Programme,
    Proposal,
    Room,
    Seating,
)
from shared.contract.facts.seats import Pool

Row = dict[str, Any]
_DEFAULT_ZONE = "Europe/London"


@dataclass(frozen=True)
class _Source:
    """Where rows come from: a kind of entity, and what one of them becomes."""

    kind: FactKind
    rows: Callable[[Facts, str, Any], Iterator[Row]]


def sources(kind: DataKind) -> tuple[_Source, ...]:
    """The kinds of entity behind a kind of data, in the order in which their rows come."""
    return _SOURCES[kind]


def _fields(of: BaseModel, command: type[BaseModel], *, without: frozenset[str] = frozenset()) -> Row:
    """The fields that a command has in common with a fact."""
    names = set(command.model_fields) & set(type(of).model_fields) - without
    return of.model_dump(mode="json", include=names, exclude_none=True)


def _community(_facts: Facts, community: str, state: Community) -> Iterator[Row]:
    yield {"id": community} | _fields(state, EstablishCommunity)


def _person(facts: Facts, community: str, contact: Contact) -> Iterator[Row]:
    affiliation = facts.state(AFFILIATION, Affiliation, community, contact.person)
    stated = affiliation.model_dump(mode="json", exclude_none=True, exclude={"applied"}) if affiliation else {}
    # Written out only where somebody stated it: where a person is counts for plans, a default does not.
    zone = {"zone": contact.zone} if contact.zone != _DEFAULT_ZONE else {}
    known = contact.model_dump(
        mode="json", include={"person", "name", "address", "language", "name_public"}, exclude_none=True
    )
    yield known | zone | stated


def _programme(_facts: Facts, _community: str, state: Programme) -> Iterator[Row]:
    yield _fields(state, AnnounceProgramme)


def _room(_facts: Facts, _community: str, state: Room) -> Iterator[Row]:
    yield _fields(state, AddRoom) | ({"withdrawn": True} if state.withdrawn else {})


def _proposal(_facts: Facts, _community: str, state: Proposal) -> Iterator[Row]:
    off = {"called_off": list(state.called_off)} if state.called_off else {}
    yield _fields(state, SubmitProposal, without=frozenset({"access_code"})) | {"status": state.status.value} | off


def _interest(_facts: Facts, _community: str, state: Interest) -> Iterator[Row]:
    yield _fields(state, StateInterest)


def _availability(_facts: Facts, _community: str, state: Availability) -> Iterator[Row]:
    for source in state.sources:
        windows = [window.model_dump(mode="json") for window in source.windows]
        yield {"person": state.person, "source": source.source, "windows": windows}


def _seats(_facts: Facts, _community: str, state: Seating) -> Iterator[Row]:
    about = {"session": state.session, "proposal": state.proposal, "programme": state.programme}
    for person in state.people:
        held = Pool.ONLINE if person in state.online else Pool.IN_PERSON
        yield {**about, "person": person, "place": "seat", "pool": held.value}
    for offer in state.offers:
        yield {**about, "person": offer.person, "place": "offer", "pool": offer.pool.value}
    for waiting in state.waiting:
        pool = waiting.pool.value if waiting.pool is not None else "any"
        yield {**about, "person": waiting.person, "place": "waiting", "pool": pool}


def _manager(_facts: Facts, _community: str, state: Manager) -> Iterator[Row]:
    yield {"command": "manager.appoint"} | _fields(state, AppointManager)


def _rule(_facts: Facts, _community: str, state: EnrolmentRule) -> Iterator[Row]:
    if not state.removed:
        yield {"command": "enrolment-rule.set"} | _fields(state, SetEnrolmentRule)


_SOURCES: dict[DataKind, tuple[_Source, ...]] = {
    DataKind.COMMUNITY: (_Source(COMMUNITY, _community),),
    DataKind.PEOPLE: (_Source(CONTACT, _person),),
    DataKind.PROGRAMMES: (_Source(PROGRAMME, _programme),),
    DataKind.ROOMS: (_Source(ROOM, _room),),
    DataKind.PROPOSALS: (_Source(PROPOSAL, _proposal),),
    DataKind.INTERESTS: (_Source(INTEREST, _interest),),
    DataKind.AVAILABILITY: (_Source(AVAILABILITY, _availability),),
    DataKind.SEATS: (_Source(SEATING, _seats),),
    DataKind.GROUPS: (_Source(MANAGER, _manager), _Source(ENROLMENT_RULE, _rule)),
}
