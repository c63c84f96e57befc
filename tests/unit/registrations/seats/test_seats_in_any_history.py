"""Whatever people do, in whatever order, while time passes and rooms change: seats stay honest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.registrations.seats.answering import seat_shown
from services.registrations.seats.open_session import open_session
from services.registrations.seats.passing import POOLS, free, is_in, offered, taken
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import ROOM, SEATING
from shared.contract.commands.seats import AcceptSeat, DeclineSeat, ReleaseSeat, Standing, TakeSeat
from shared.contract.facts.seats import Pool
from shared.contract.message import Command
from shared.contract.results import Rejection
from tests.unit.registrations.known_facts import NOW
from tests.unit.registrations.seats.released_world import PEOPLE, SESSIONS, START, World, room, seatings

POLICIES = st.fixed_dictionaries(
    {
        "waiting": st.sampled_from(["first-come", "lottery", "priority"]),
        "offer_hours": st.sampled_from([0, 1, 12]),
        "quiet_hours": st.sampled_from(["none", "22:00-07:00", "12:30-12:00"]),
        "most_per_person": st.sampled_from([None, 1, 2]),
        "priority_groups": st.just([{"school": "Lakeside"}]),
    }
)


class Histories(RuleBasedStateMachine):
    """Commands, expiries, other rooms, in any order; the worker runs now and then."""

    @initialize(policy=POLICIES)
    def release_is_seated(self, policy: dict[str, object]) -> None:
        self.world = World(policy)
        for seating in seatings():
            ref = SEATING.ref("northgate", seating.session)
            self.world.change(Write(ref, "seated", seating, 0))
        self.world.work()
        self.worked = True
        self.asks: dict[tuple[str, str], int] = {}
        self.offers: dict[tuple[str, str], set[datetime]] = {}

    @rule(person=st.sampled_from(PEOPLE), session=st.sampled_from([*SESSIONS]), pool=st.sampled_from([None, *Pool]))
    def asks_for_a_seat(self, person: str, session: str, pool: Pool | None) -> None:
        was_in = is_in(self.world.seating(session), person)
        if self._give(TakeSeat(person=person, session=session, pool=pool)) and not was_in:
            self.asks[person, session] = self.asks.get((person, session), 0) + 1

    @rule(person=st.sampled_from(PEOPLE), session=st.sampled_from([*SESSIONS]))
    def gives_back(self, person: str, session: str) -> None:
        self._give(ReleaseSeat(person=person, session=session))

    @rule(person=st.sampled_from(PEOPLE), session=st.sampled_from([*SESSIONS]))
    def accepts(self, person: str, session: str) -> None:
        self._give(AcceptSeat(person=person, session=session))

    @rule(person=st.sampled_from(PEOPLE), session=st.sampled_from([*SESSIONS]))
    def declines(self, person: str, session: str) -> None:
        self._give(DeclineSeat(person=person, session=session))

    @rule(hours=st.sampled_from([0.2, 1, 5, 13, 40]))
    def time_passes(self, hours: float) -> None:
        self.world.now += timedelta(hours=hours)
        self.worked = False

    @rule(session=st.sampled_from([*SESSIONS]), seats=st.integers(1, 4), online=st.integers(0, 2))
    def another_room(self, session: str, seats: int, online: int) -> None:
        stored = self.world.facts.get(ROOM.ref("northgate", session))
        assert stored is not None
        before = self.world.seating(session)
        self.world.change(Write(stored.ref, "added", room(session, seats, online), stored.seq))
        self.world.work()
        # Offers that a smaller room took back may be made again.
        after = self.world.seating(session)
        for each in before.offers:
            if each not in after.offers:
                self.asks[each.person, session] = self.asks.get((each.person, session), 0) + 1
        assert set(before.people) <= set(after.people)
        self._note_offers()

    @rule()
    def the_worker_runs(self) -> None:
        self.world.work()
        self.worked = True
        self._note_offers()

    @invariant()
    def nothing_is_oversold(self) -> None:
        for session in SESSIONS:
            seating = self.world.seating(session)
            for pool in POOLS:
                over = taken(seating, pool) + offered(seating, pool) - seating.capacity.get(pool, 0)
                assert over <= 0 or (offered(seating, pool) == 0 and not self._grew)

    @invariant()
    def nobody_is_twice_in_a_session(self) -> None:
        for session in SESSIONS:
            seating = self.world.seating(session)
            named = [*seating.people, *(each.person for each in (*seating.waiting, *seating.offers, *seating.let_go))]
            assert len(named) == len(set(named))
            assert set(seating.online) <= set(seating.people)

    @invariant()
    def what_a_session_says_its_people_say_too(self) -> None:
        for person in [*PEOPLE, "chair"]:
            held = {each.session for each in self.world.held(person).seats}
            assert held == {session for session in SESSIONS if person in self.world.seating(session).people}

    @invariant()
    def nobody_sits_in_two_sessions_at_a_time_or_in_more_than_they_may(self) -> None:
        most = open_session(self.world.facts, "northgate", "singing", self.world.now).inputs.policy.most_per_person
        for person in PEOPLE:
            seats = self.world.held(person).seats
            for one in seats:
                assert not any(one.time.overlaps(other.time) for other in seats if other.session != one.session)
            assert most is None or len(seats) <= most

    @invariant()
    def nobody_is_offered_a_seat_twice_for_asking_once(self) -> None:
        for key, offers in self.offers.items():
            assert len(offers) <= self.asks.get(key, 0)

    @invariant()
    def no_seat_is_idle_while_somebody_waits_who_could_have_it(self) -> None:
        if not self.worked:
            return
        for session in SESSIONS:
            opened = open_session(self.world.facts, "northgate", session, self.world.now)
            if opened.circumstances.is_over:
                continue
            for each in opened.seating.waiting:
                pools = POOLS if each.pool is None else (each.pool,)
                could = any(free(opened.seating, pool) > 0 for pool in pools)
                assert not could or opened.seats.obstacle(each.person, session) is not None

    @invariant()
    def everybodys_place_is_explained(self) -> None:
        for session in SESSIONS:
            opened = open_session(self.world.facts, "northgate", session, self.world.now)
            shown = seat_shown(opened, None)
            waiting = [each for each in shown.people if each.standing is Standing.WAITING]
            assert [each.place for each in waiting] == list(range(1, len(waiting) + 1))
            assert all(f" of {len(waiting)}: asked on " in each.why for each in waiting)
            for person in PEOPLE:
                you = seat_shown(opened, person).you
                assert you is not None
                assert (you in shown.people) == is_in(opened.seating, person)

    def _give(self, command: Command) -> bool:
        before = {session: self.world.seating(session) for session in SESSIONS}
        try:
            writes = self.world.decided(command, now=self.world.now)
        except Rejection:
            return False
        self.world.change(*writes)
        self._grew = any(
            taken(self.world.seating(session), pool) > max(taken(before[session], pool), before[session].capacity[pool])
            for session in SESSIONS
            for pool in before[session].capacity
        )
        self._note_offers()
        self.worked = False
        return True

    _grew = False

    def _note_offers(self) -> None:
        for session in SESSIONS:
            for each in self.world.seating(session).offers:
                self.offers.setdefault((each.person, session), set()).add(each.offered_at)


Histories.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestHistories = Histories.TestCase


def test_the_start_of_these_histories_is_in_the_future() -> None:
    assert datetime(2026, 12, 1, tzinfo=UTC) < NOW < START


@pytest.mark.parametrize("session", SESSIONS)
def test_the_worker_gives_the_seats_of_its_room_to_a_seating_that_does_not_know_them(session: str) -> None:
    world = World({})
    assert isinstance(world.facts, Facts)
    for seating in seatings():
        world.change(Write(SEATING.ref("northgate", seating.session), "seated", seating, 0))
    world.work()
    assert world.seating(session).capacity == {Pool.IN_PERSON: 2, Pool.ONLINE: 1}
