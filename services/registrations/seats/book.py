"""Seatings and people's own seats, changed together: what a session's seats say, its people's facts say too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from services.registrations.seats.passing import in_line_or_offered
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import PERSON_SEATS, SEATING, FactKind
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Placement
from shared.contract.facts.seats import HeldSeat, PersonSeats
from shared.contract.message import Fact
from shared.contract.subjects import EntityRef

Record = Callable[[FactKind, tuple[str, ...], str, Fact], None]


class Book:
    """The seats of one community as they become, over the facts as they are."""

    def __init__(self, facts: Facts, community: str, now: datetime) -> None:
        self._facts = facts
        self._community = community
        self._now = now
        self._seatings: dict[str, Seating] = {}
        self._held: dict[str, dict[str, HeldSeat]] = {}

    @property
    def size(self) -> int:
        """How many facts may have to be written at most."""
        return len(self._seatings) + len(self._held)

    def seating(self, session: str) -> Seating | None:
        return self._seatings.get(session) or self._facts.state(SEATING, Seating, self._community, session)

    def held(self, person: str) -> dict[str, HeldSeat]:
        """The person's seats by session."""
        if person not in self._held:
            known = self._facts.state(PERSON_SEATS, PersonSeats, self._community, person)
            self._held[person] = {each.session: each for each in known.seats} if known is not None else {}
        return self._held[person]

    def put(
        self,
        seating: Seating,
        placement: Placement | None,
        presenters: Collection[str] = (),
        asked: Collection[str] = (),
    ) -> None:
        """The session's seats become so. ``asked``: who asked for their seat by this very change."""
        before = self.seating(seating.session)
        waited = in_line_or_offered(before) if before is not None else set()
        for person in set(before.people if before is not None else ()) - set(seating.people):
            self.held(person).pop(seating.session, None)
        for person in seating.people:
            if placement is not None and not self._facts.is_erased(self._community, person):
                insists = person in asked or person in waited
                self._hold(person, seating, placement, presents=person in presenters, asked=insists)
        self._seatings[seating.session] = seating

    def _hold(self, person: str, seating: Seating, placement: Placement, *, presents: bool, asked: bool) -> None:
        known = self.held(person).get(seating.session)
        stays = known is not None and known.start == placement.start
        self.held(person)[seating.session] = HeldSeat(
            session=seating.session,
            programme=seating.programme,
            start=placement.start,
            minutes=placement.minutes,
            since=known.since if known is not None and not (asked and not known.asked) else self._now,
            presents=presents,
            drop_in=seating.drop_in,
            asked=asked or (stays and known is not None and known.asked),
        )

    def record(self, record: Record) -> None:
        """Hand over every state that there is now, seatings first; the receiver passes over what is so already."""
        for session, seating in self._seatings.items():
            record(SEATING, (session,), "seated", seating)
        for person, seats in self._held.items():
            if not self._facts.is_erased(self._community, person):
                ordered = tuple(sorted(seats.values(), key=lambda each: (each.start, each.session)))
                known = self._facts.get(PERSON_SEATS.ref(self._community, person))
                if ordered or known is not None:
                    record(PERSON_SEATS, (person,), "changed", PersonSeats(person=person, seats=ordered))

    def writes(self) -> list[Write]:
        """What has changed, seatings first."""
        found: list[Write] = []

        def record(kind: FactKind, ids: tuple[str, ...], what: str, state: Fact) -> None:
            write = changed(self._facts, kind.ref(self._community, *ids), what, state)
            found.extend([write] if write is not None else [])

        self.record(record)
        return found


def changed(facts: Facts, ref: EntityRef, what: str, state: Fact) -> Write | None:
    """The write that makes the entity so; None when it is so already."""
    stored = facts.get(ref)
    if stored is None:
        return Write(ref, what, state, 0)
    known = stored.state
    state = state.model_copy(update={"applied": known.applied})
    # What a seating was made from changes all the time; by itself it is no news.
    same = state.model_copy(update={"input_seq": known.input_seq}) if isinstance(state, Seating) else state
    return None if same == known and what == stored.what else Write(ref, what, state, stored.seq)


def batches(writes: Iterable[Write], most: int) -> list[list[Write]]:
    """The writes in groups that one batch takes, the seatings in the last.

    A session with more people than a batch holds has its people's facts written ahead: they then hold a seat that
    nobody else can see yet, which costs nothing but that they cannot take another at that time.
    """
    ordered = sorted(writes, key=lambda each: each.ref.entity == SEATING.entity)
    head = len(ordered) % most or most
    groups = [ordered[:head]] if ordered else []
    groups += [ordered[at : at + most] for at in range(head, len(ordered), most)]
    return groups
