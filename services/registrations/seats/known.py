"""What goes into seats, gathered from the facts; what belongs to single people is read only when it is looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import Generic, TypeVar

from services.registrations.seats.inputs import SeatingInputs
from shared.bus.facts import Facts
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    DRAW,
    ENROLMENT,
    INTEREST,
    PERSON_SEATS,
    PROGRAMME,
    PROPOSAL,
    RELEASE,
    REPLY,
    ROOM,
    SEATING,
    FactKind,
)
from shared.contract.facts.enrolment import Enrolment
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Interest,
    Programme,
    Proposal,
    Room,
    Seating,
)
from shared.contract.facts.replies import Answered
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import Draws, HeldSeat, PersonSeats, SeatPolicy
from shared.contract.message import Fact
from shared.contract.subjects import Service

F = TypeVar("F", bound=Fact)


class _One(Mapping[str, F], Generic[F]):
    """States by their one id, each read when it is asked for and then kept."""

    def __init__(self, facts: Facts, kind: FactKind, model: type[F], community: str) -> None:
        self._facts, self._kind, self._model, self._community = facts, kind, model, community
        self._read: dict[str, F | None] = {}

    def __getitem__(self, id: str) -> F:
        if id not in self._read:
            self._read[id] = self._facts.state(self._kind, self._model, self._community, id)
        found = self._read[id]
        if found is None:
            raise KeyError(id)
        return found

    def __iter__(self) -> Iterator[str]:
        return (ids[0] for ids in self._facts.all(self._kind, self._community))

    def __len__(self) -> int:
        return len(self._facts.all(self._kind, self._community))


class _Held(Mapping[str, tuple[HeldSeat, ...]]):
    """The seats of each person."""

    def __init__(self, people: Mapping[str, PersonSeats]) -> None:
        self._people = people

    def __getitem__(self, person: str) -> tuple[HeldSeat, ...]:
        return self._people[person].seats

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


class _Two(Mapping[tuple[str, str], F], Generic[F]):
    """States by a person and something else of which some are looked at: one alone, or all of these together."""

    def __init__(self, facts: Facts, kind: FactKind, model: type[F], community: str, others: Iterable[str]) -> None:
        self._facts, self._kind, self._model, self._community = facts, kind, model, community
        self._others = frozenset(others)

    @cached_property
    def _all(self) -> dict[tuple[str, str], F]:
        found: dict[tuple[str, str], F] = {}
        for other in sorted(self._others):
            states = self._facts.states(self._kind, self._model, self._community, **{self._kind.ids[1]: other})
            found.update({(ids[0], ids[1]): each for ids, each in states.items()})
        return found

    def __getitem__(self, key: tuple[str, str]) -> F:
        if "_all" in self.__dict__:
            return self._all[key]
        found = self._facts.state(self._kind, self._model, self._community, *key) if key[1] in self._others else None
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class _Enrolled(Collection[str]):
    """Who is enrolled in a programme by a rule; gathered when somebody first looks."""

    def __init__(self, facts: Facts, community: str, programme: str) -> None:
        self._facts, self._community, self._programme = facts, community, programme

    @cached_property
    def _people(self) -> frozenset[str]:
        found = self._facts.states(ENROLMENT, Enrolment, self._community, programme=self._programme)
        return frozenset(ids[0] for ids, each in found.items() if each.rules)

    def __contains__(self, person: object) -> bool:
        return person in self._people

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


def newest_release(facts: Facts, community: str, programme: str) -> Release | None:
    """The last release of a programme."""
    releases = facts.states(RELEASE, Release, community, programme=programme).values()
    return max(releases, key=lambda each: each.number, default=None)


def seating_inputs(
    facts: Facts, community: str, release: Release, now: datetime | None = None, only: Iterable[str] | None = None
) -> SeatingInputs:
    """All that is known for the seats of a release; ``only`` of some of its sessions, as far as they are seated."""
    if only is not None:
        sessions = frozenset(only)
        placements = tuple(each for each in release.placements if each.session in sessions)
        release = release.model_copy(update={"placements": placements})
        found = (facts.state(SEATING, Seating, community, session) for session in sorted(sessions))
        seatings = {each.session: each for each in found if each is not None}
    else:
        everywhere = facts.states(SEATING, Seating, community)
        seatings = {ids[0]: each for ids, each in everywhere.items() if each.programme == release.programme}
    programme = facts.state(PROGRAMME, Programme, community, release.programme)
    return SeatingInputs(
        release=release,
        before=_before(facts, community, release, seatings.values()),
        seatings=seatings,
        proposals=_One(facts, PROPOSAL, Proposal, community),
        rooms=_One(facts, ROOM, Room, community),
        availability=_One(facts, AVAILABILITY, Availability, community),
        interests=_Two(facts, INTEREST, Interest, community, (each.proposal for each in release.placements)),
        input_seq=facts.last_seq(Service.REGISTRATIONS),
        replies=_Two(facts, REPLY, Answered, community, (each.session for each in release.placements)),
        held=_Held(_One(facts, PERSON_SEATS, PersonSeats, community)),
        affiliations=_One(facts, AFFILIATION, Affiliation, community),
        enrolled=_Enrolled(facts, community, release.programme),
        has_left=partial(_has_left, facts, community, release.programme),
        policy=programme.seats if programme is not None else SeatPolicy(),
        draws=facts.state(DRAW, Draws, community, release.programme),
        is_erased=lambda person: facts.is_erased(community, person),
        now=now,
    )


def _has_left(facts: Facts, community: str, programme: str, person: str) -> bool:
    known = facts.state(ENROLMENT, Enrolment, community, person, programme)
    return known is not None and known.left_at is not None and not known.rules


def _before(facts: Facts, community: str, release: Release, seatings: Iterable[Seating]) -> Release | None:
    """Where each session was when its seats were last given: by the release that its own seating belongs to."""
    numbers = {each.session: each.release for each in seatings}
    releases = {
        number: facts.state(RELEASE, Release, community, release.programme, str(number))
        for number in sorted(set(numbers.values()))
    }
    known = [each for each in releases.values() if each is not None]
    if not known:
        return None
    placements = tuple(
        placement
        for number, each in releases.items()
        if each is not None
        for placement in each.placements
        if numbers.get(placement.session) == number
    )
    return known[-1].model_copy(update={"placements": placements})
