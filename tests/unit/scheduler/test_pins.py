"""Where organisers fix sessions, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.scheduler.pins import pin, pins, unpin
from shared.bus.facts import Facts
from shared.contract.catalogue import FACTS, PIN
from shared.contract.commands.pins import AskPins, PinSession, UnpinSession
from shared.contract.facts.pins import Pin
from shared.contract.facts.registrations import Programme, Proposal, Room
from shared.contract.message import Fact
from shared.contract.results import Rejection
from shared.contract.subjects import FactSubject

PROGRAMME = Programme.model_validate(
    Programme.example
    | {"programme": "spring", "zone": "Europe/London", "first_day": "2027-03-01", "last_day": "2027-03-31"}
)
TALK = Proposal.model_validate(Proposal.example | {"proposal": "talk", "programme": "spring"})
COURSE = Proposal.model_validate(Proposal.example | {"proposal": "course", "programme": "spring", "parts": 2})
DRAFT = Proposal.model_validate(Proposal.example | {"proposal": "draft", "programme": "spring", "status": "drafted"})
LIBRARY = Room.model_validate(Room.example | {"room": "library"})
LOST = Room.model_validate(Room.example | {"room": "lost", "withdrawn": True})
NINE = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


def known(*more: Fact) -> Facts:
    facts = Facts()
    for seq, state in enumerate((PROGRAMME, TALK, COURSE, DRAFT, LIBRARY, LOST, *more), start=1):
        kind = next(each for each in FACTS if each.model is type(state))
        ref = kind.ref("northgate", *(str(getattr(state, name)) for name in kind.ids))
        facts.apply(FactSubject(ref, kind.whats[0]), state, seq)
    return facts


def refused(command: PinSession) -> list[str]:
    with pytest.raises(Rejection) as rejection:
        pin(known(), "northgate", command)
    assert all(error.allowed for error in rejection.value.errors)
    return [error.field for error in rejection.value.errors]


@pytest.mark.parametrize("session", ["talk", "course-part-1", "course-part-2"])
def test_a_session_is_fixed_to_a_start_and_a_room(session: str) -> None:
    [write] = pin(known(), "northgate", PinSession(session=session, room="library", start=NINE))
    assert write.ref == PIN.ref("northgate", session)
    assert write.state == Pin(session=session, programme="spring", room="library", start=NINE)
    assert (write.what, write.expected_seq) == ("pinned", 0)


@pytest.mark.parametrize("session", ["nobody", "course", "course-part-3", "talk-part-1", "draft"])
def test_what_is_no_session_is_refused(session: str) -> None:
    assert refused(PinSession(session=session, start=NINE)) == ["session"]


@pytest.mark.parametrize("room", ["nowhere", "lost"])
def test_a_room_that_cannot_be_used_is_refused(room: str) -> None:
    assert refused(PinSession(session="talk", room=room)) == ["room"]


@pytest.mark.parametrize(
    "start",
    [
        NINE.replace(minute=7),
        NINE.replace(second=1),
        NINE.replace(month=2, day=28),
        NINE.replace(month=4, day=1),
        datetime(2027, 3, 31, 23, 0, tzinfo=UTC),  # the first of April there
    ],
    ids=str,
)
def test_a_start_off_the_grid_or_out_of_the_dates_is_refused(start: datetime) -> None:
    assert refused(PinSession(session="talk", start=start)) == ["start"]


def test_starts_are_those_of_local_time_across_a_clock_change() -> None:
    for hour in (0, 1, 2):
        start = datetime(2027, 3, 28, hour, 30, tzinfo=UTC)
        assert pin(known(), "northgate", PinSession(session="talk", start=start))


def test_a_pin_says_a_start_or_a_room() -> None:
    assert refused(PinSession(session="talk")) == ["start"]


def test_the_same_pin_again_writes_nothing() -> None:
    facts = known(Pin(session="talk", programme="spring", room="library"))
    assert pin(facts, "northgate", PinSession(session="talk", room="library")) == []


def test_what_is_unpinned_is_listed_no_more() -> None:
    held, free = Pin(session="talk", programme="spring", room="library"), Pin(session="course", programme="spring")
    facts = known(held, free, Pin(session="other", programme="summer", room="library"))
    assert pins(facts, "northgate", AskPins(programme="spring")).pins == (held,)
    [write] = unpin(facts, "northgate", UnpinSession(session="talk"))
    assert isinstance(write.state, Pin)
    assert (write.what, write.state.holds) == ("unpinned", False)
    assert write.expected_seq > 0


def test_what_was_never_pinned_cannot_be_unpinned() -> None:
    with pytest.raises(Rejection, match="not pinned"):
        unpin(known(), "northgate", UnpinSession(session="talk"))
