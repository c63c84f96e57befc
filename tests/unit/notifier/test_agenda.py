"""What a notifier finds to do, from what it knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from notifier_samples import NOW, POLICY
from seated_release import START, View, person, proposal, release, seating

from services.notifier.delivery.agenda import input_seq, next_wake, tasks
from services.notifier.delivery.life import NextStep, claimed_again, decided, expired
from services.notifier.delivery.outcome import Deferred, InDoubt, Outcome
from shared.contract.facts.notifier import Method
from shared.contract.facts.registrations import Contact

LATER = NOW + POLICY.claim_lasts


def seated(*people: str) -> View:
    return View(release(1, "retrieval"), seating(1, *people))


def steps(view: View, now: object = NOW) -> list[NextStep]:
    return [task.step for task in tasks(view.facts, view.book, now, POLICY)]


def test_nothing_is_to_do_without_a_release_a_seating_or_a_community() -> None:
    assert tasks(View().facts, View().book, NOW, POLICY) == []
    assert View(release(1, "retrieval")).due() == []
    assert View(seating(1, "p-001")).due() == []


def test_everybody_with_a_seat_is_invited_once() -> None:
    view = seated("p-001", "p-002")
    assert [(each.person, each.method, each.sequence) for each in view.due()] == [
        ("p-001", Method.REQUEST, 0),
        ("p-002", Method.REQUEST, 0),
    ]
    view.transmit()
    assert view.due() == []


def test_who_is_not_in_the_view_yet_is_left_out_until_they_are() -> None:
    view = seated("p-009")
    assert view.due() == []
    view.know(person("p-009"))
    assert [each.person for each in view.due()] == ["p-009"]


def test_a_moved_session_is_an_update_and_a_lost_seat_a_cancellation() -> None:
    view = seated("p-001", "p-002")
    view.transmit()
    view.know(release(2, "retrieval", hours=1), seating(2, "p-001"))
    found = {each.person: (each.method, each.sequence, each.entry.start) for each in view.due()}
    assert found == {
        "p-001": (Method.REQUEST, 1, START + timedelta(hours=1)),
        "p-002": (Method.CANCEL, 1, START),
    }


def test_between_a_release_and_its_seating_nothing_is_to_do() -> None:
    view = seated("p-001")
    view.transmit()
    view.know(release(2, "retrieval", hours=1))
    assert view.due() == []
    view.know(seating(2, "p-001"))
    assert len(view.due()) == 1


def test_only_the_newest_release_of_each_programme_counts() -> None:
    view = View(release(2, "retrieval"), seating(2, "p-001"), release(1, "retrieval", hours=5))
    assert [each.entry.start for each in view.due()] == [START]
    other = proposal("drawing", programme="autumn")
    view.know(
        other, release(1, "drawing", programme="autumn"), seating(1, "p-002", session="drawing", programme="autumn")
    )
    assert {each.session for each in view.due()} == {"retrieval", "drawing"}


def test_a_claim_without_an_outcome_is_in_doubt_after_its_deadline_and_then_transmitted_again_once() -> None:
    view = seated("p-001")
    claim = view.claim(view.due()[0])
    assert steps(view) == []
    assert steps(view, LATER) == [NextStep.RECORD_DOUBT]
    view.know(expired(claim, LATER, POLICY))
    assert steps(view, LATER) == [NextStep.TRANSMIT_AGAIN]
    again = claimed_again(claim, claim.mail or "", LATER, POLICY).model_copy(update={"doubts": 1})
    view.know(again, expired(again, LATER, POLICY))
    assert steps(view, LATER + timedelta(days=1)) == []


def test_it_wakes_when_the_first_waiting_message_asks_for_its_next_step() -> None:
    view = seated("p-001", "p-002")
    assert next_wake(view.facts, view.book, NOW, POLICY) is None
    first, second = (view.claim(message) for message in view.due())
    assert next_wake(view.facts, view.book, NOW, POLICY) == first.deadline
    deferred = decided(second, Deferred("451 later"), NOW, POLICY)
    view.know(deferred)
    assert next_wake(view.facts, view.book, NOW, POLICY) == deferred.next_attempt_at


@pytest.mark.parametrize("outcome", [Deferred("451 later"), InDoubt("no answer")])
def test_it_does_not_wake_for_what_is_settled_or_already_to_do(outcome: Outcome) -> None:
    view = seated("p-001")
    claim = view.claim(view.due()[0])
    assert next_wake(view.facts, view.book, LATER, POLICY) is None
    view.know(decided(claim, outcome, NOW, POLICY))
    over = START + timedelta(hours=2)
    assert steps(view, over) == []
    assert next_wake(view.facts, view.book, over, POLICY) is None


def test_it_waits_for_what_the_newest_seating_was_built_from() -> None:
    view = View(seating(1, "p-001", input_seq=40), seating(1, session="drawing", input_seq=55))
    assert input_seq(view.facts) == 55
    assert input_seq(View().facts) == 0


def test_names_of_those_who_do_not_allow_it_are_kept_out_of_invitations() -> None:
    view = seated("p-002")
    assert view.due()[0].entry.presenters == ()
    view.know(Contact.model_validate(Contact.example | {"name_public": True}))
    assert view.due()[0].entry.presenters == ("Amara Osei",)
