"""What commands about seats are refused, and what each person is told of their place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.registrations.seats.answering import seat_shown
from services.registrations.seats.explaining import ordinal
from services.registrations.seats.open_session import open_session
from shared.bus.store import Write
from shared.contract.catalogue import CONTACT, ROOM, SEATING
from shared.contract.commands.seats import AcceptSeat, DeclineSeat, ReleaseSeat, TakeSeat
from shared.contract.facts.seats import Pool
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode
from tests.unit.registrations.known_facts import NOW, ORGANISER, PARTNER, contact
from tests.unit.registrations.seats.released_world import START, World, room, seatings


def world(**policy: object) -> World:
    made = World(policy)
    for seating in seatings():
        made.change(Write(SEATING.ref("northgate", seating.session), "seated", seating, 0))
    made.work()
    return made


def take(person: str, session: str = "drawing", pool: Pool | None = None) -> TakeSeat:
    return TakeSeat(person=person, session=session, pool=pool)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (take("stranger"), "person"),
        (take("p-1", "painting"), "session"),
        (ReleaseSeat(person="chair", session="drawing"), "person"),
        (AcceptSeat(person="p-1", session="drawing"), "session"),
        (DeclineSeat(person="chair", session="drawing"), "session"),
        (ReleaseSeat(person="p-1", session="painting"), "session"),
    ],
)
def test_a_refusal_names_the_field(command: Command, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        world().decided(command)
    assert [error.field for error in refused.value.errors] == [field]


def test_nobody_takes_a_seat_in_a_session_that_has_begun() -> None:
    with pytest.raises(Rejection) as refused:
        world().decided(take("p-1"), now=START)
    assert refused.value.errors[0].problem == "has begun"


def test_a_kind_of_seat_that_the_session_has_not_is_refused_with_those_that_it_has() -> None:
    northgate = world()
    northgate.change(Write(ROOM.ref("northgate", "drawing"), "added", room("drawing", 2, 0), 0))
    northgate.work()
    with pytest.raises(Rejection) as refused:
        northgate.decided(take("p-1", pool=Pool.ONLINE))
    assert refused.value.errors[0].allowed == "in-person"


def test_a_session_that_is_not_yet_seated_by_the_newest_release_says_to_come_back() -> None:
    northgate = world()
    behind = northgate.seating("drawing").model_copy(update={"release": 2})
    northgate.change(Write(SEATING.ref("northgate", "drawing"), "seated", behind, 0))
    with pytest.raises(Rejection) as refused:
        northgate.decided(take("p-1"))
    assert refused.value.code == "busy"


def test_everybody_is_told_where_they_stand_and_why() -> None:
    northgate = world(waiting="priority", priority_groups=[{"school": "Lakeside"}])
    for person in ("p-0", "p-2", "p-4", "p-1"):
        northgate.done(take(person))
    opened = open_session(northgate.facts, "northgate", "drawing", NOW)
    sentences = {each.person: each.why for each in seat_shown(opened, None).people}
    when = "1 Dec 2026 09:00 GMT"
    assert sentences == {
        "chair": "presents this session",
        "p-0": f"has a seat in the room since {when}: asked for it",
        "p-2": f"has a seat online since {when}: asked for it",
        "p-1": f"1st of 2: asked on {when}; group 1 of those that go first (Lakeside); first come",
        "p-4": f"2nd of 2: asked on {when}; behind the groups that go first; first come",
    }
    you = seat_shown(opened, "p-6").you
    assert you is not None
    assert you.why == "has no seat and has not asked for one"


def test_who_is_passed_over_is_told_why() -> None:
    northgate = world()
    for person in ("p-0", "p-2", "p-4"):
        northgate.done(take(person))
    northgate.done(take("p-4", "reading"))
    you = seat_shown(open_session(northgate.facts, "northgate", "drawing", NOW), "p-4").you
    assert you is not None
    assert you.why.endswith("first come; passed over for now: has a seat in reading at that time")


def test_an_offer_says_until_when_it_is_held() -> None:
    northgate = world()
    for person in ("p-0", "p-2", "p-4"):
        northgate.done(take(person))
    northgate.done(ReleaseSeat(person="p-0", session="drawing"))
    opened = open_session(northgate.facts, "northgate", "drawing", NOW + timedelta(hours=1))
    you = seat_shown(opened, "p-4").you
    assert you is not None
    assert you.why.startswith("a seat in the room is held until 1 Dec 2026 21:00 GMT")


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_places_are_told_as_people_say_them(number: int, told: str) -> None:
    assert ordinal(number) == told


@pytest.mark.parametrize("command", [take("p-1"), ReleaseSeat(person="p-1", session="drawing")])
def test_a_partner_manages_seats_of_people_whom_it_brought_and_nobody_else_is_known_to_it(command: Command) -> None:
    for person in ("p-1", "stranger"):
        with pytest.raises(Rejection, match="names nobody here") as refused:
            world().decided(command.model_copy(update={"person": person}), PARTNER)
        assert refused.value.code is RejectionCode.UNKNOWN
    brought = world()
    brought.change(Write(CONTACT.ref("northgate", "p-1"), "registered", contact("p-1", origin="timetables"), 0))
    brought.decided(command, PARTNER)


def test_a_partner_does_not_learn_where_else_somebody_sits() -> None:
    northgate = world()
    northgate.change(Write(CONTACT.ref("northgate", "p-1"), "registered", contact("p-1", origin="timetables"), 0))
    northgate.done(take("p-1"))
    for actor, told in ((ORGANISER, "has a seat in drawing at that time"), (PARTNER, "cannot have a seat in it now")):
        with pytest.raises(Rejection) as refused:
            northgate.decided(take("p-1", "reading"), actor)
        assert refused.value.errors[0].problem == told
