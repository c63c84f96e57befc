"""Since when what a person's calendar should hold of a session is what it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from notifier_samples import NOW, POLICY
from seated_release import View, release, seating

from services.notifier.delivery.agenda import tasks
from services.notifier.delivery.holding import Holding, HoldingRules
from services.notifier.delivery.settling import Settling
from shared.contract.catalogue import SEATING
from shared.contract.facts.registrations import Place, Seating
from shared.contract.subjects import FactSubject

PERIOD = timedelta(minutes=10)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


class Seats:
    """A released session whose seats change as time goes on."""

    def __init__(self) -> None:
        self.view = View(release(1, "retrieval"))
        self.settling = Settling(self.view.facts)
        self._seq = 100

    def are(self, at: datetime, state: Seating) -> None:
        self._seq += 1
        ref = SEATING.ref("northgate", "retrieval")
        self.view.facts.apply(FactSubject(ref, "seated"), state, self._seq, at)

    def since(self, person: str) -> datetime | None:
        return self.settling.changed_at("northgate", person, "retrieval")


def test_somebody_elses_seat_holds_up_nobody() -> None:
    seats = Seats()
    seats.are(after(0), seating(1, "p-001", "p-002"))
    seats.are(after(5), seating(1, "p-001"))
    assert (seats.since("p-001"), seats.since("p-002")) == (after(0), after(5))
    seats.are(after(6), seating(1, "p-001", "p-003"))
    assert [seats.since(f"p-00{number}") for number in (1, 2, 3)] == [after(0), after(5), after(6)]


def test_another_place_or_time_concerns_everybody() -> None:
    seats = Seats()
    seats.are(after(0), seating(1, "p-001", "p-002"))
    seats.are(after(3), seating(1, "p-001", "p-002", place=Place(name="Hall", site="Hillside School")))
    assert seats.since("p-001") == after(3)
    hall = {"place": Place(name="Hall", site="Hillside School")}
    seats.view.know(release(2, "retrieval", hours=1))
    seats.are(after(7), seating(2, "p-001", "p-002", **hall))
    assert (seats.since("p-001"), seats.since("p-002")) == (after(7), after(7))


def test_a_release_that_leaves_a_session_where_it_is_concerns_nobody_there() -> None:
    seats = Seats()
    seats.are(after(0), seating(1, "p-001"))
    seats.view.know(release(2, "retrieval", "drawing"))
    seats.are(after(9), seating(2, "p-001"))
    assert seats.since("p-001") == after(0)


def test_it_moved_and_was_released_once_more_counts_from_the_move() -> None:
    seats = Seats()
    seats.are(after(0), seating(1, "p-001"))
    seats.view.know(release(2, "retrieval", hours=1))
    seats.are(after(4), seating(2, "p-001"))
    seats.view.know(release(3, "retrieval", hours=1))
    seats.are(after(8), seating(3, "p-001"))
    assert seats.since("p-001") == after(4)


def test_the_order_in_which_streams_are_read_does_not_matter() -> None:
    seats = Seats()
    seats.are(after(0), seating(1, "p-001"))
    seats.are(after(4), seating(2, "p-001"))
    seats.view.know(release(2, "retrieval", hours=1))
    assert seats.since("p-001") == after(4)


def test_what_was_there_before_it_began_counts_from_the_last_change_of_the_seating() -> None:
    seats = Seats()
    seats.are(after(2), seating(1, "p-001"))
    late = Settling(seats.view.facts)
    assert late.changed_at("northgate", "p-001", "retrieval") == after(2)
    assert late.changed_at("northgate", "p-001", "drawing") is None


def test_with_many_answers_each_invitation_goes_out_when_its_own_seat_has_settled() -> None:
    seats = Seats()
    holding = Holding(seats.view.facts, HoldingRules(settle=PERIOD))
    for minute in range(9):
        people = ("p-001", *(f"p-1{each:02}" for each in range(minute)))
        seats.are(after(minute), seating(1, *people))
    facts, book = seats.view.facts, seats.view.book
    going = tasks(facts, book, after(0) + PERIOD, POLICY, holding)
    assert [task.contact.person for task in going] == ["p-001"]
