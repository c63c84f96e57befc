"""What an organiser is told about the invitations of a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from notifier_samples import NOW, POLICY
from seated_release import START, View, proposal, release, seating

from services.notifier.delivery.life import claimed_again, expired
from services.notifier.delivery.outcome import Deferred, InDoubt, Refused
from services.notifier.delivery.reporting import delivery
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.facts.notifier import Method
from shared.contract.facts.replies import Answered

LATER = NOW + POLICY.claim_lasts
NEVER_TWICE = replace(POLICY, never_twice=True)


def told(view: View, number: int = 1, now: datetime = NOW) -> Delivery:
    question = AskDelivery(programme="spring", release=number)
    return delivery(view.facts, view.book, "northgate", question, now, POLICY)


def seated(*people: str) -> View:
    return View(release(1, "retrieval"), seating(1, *people))


def test_a_release_is_complete_when_everything_about_it_was_sent() -> None:
    view = seated("p-001", "p-002")
    assert (told(view).complete, told(view).waiting) == (False, 2)
    view.transmit()
    assert told(view) == Delivery(
        complete=True, waiting=0, invitations=2, updates=0, cancellations=0, people=("p-001", "p-002")
    )


def test_an_invitation_that_was_asked_for_again_is_one_invitation() -> None:
    view = seated("p-001", "p-002")
    view.transmit()
    view.know(Answered(person="p-001", session="retrieval", refresh_asked_at=NOW + timedelta(minutes=1)))
    [again] = view.due()
    assert (again.person, again.method, again.sequence, again.n) == ("p-001", Method.REQUEST, 0, 2)
    view.transmit()
    assert (told(view).invitations, told(view).updates) == (2, 0)


def test_a_release_that_was_not_seen_or_not_seated_yet_is_not_complete() -> None:
    assert not told(View()).complete
    assert not told(View(release(1, "retrieval"))).complete
    view = seated("p-001")
    view.transmit()
    assert not told(view, 2).complete
    view.know(release(2, "retrieval"))
    assert not told(view, 2).complete
    view.know(seating(2, "p-001"))
    assert told(view, 2).complete


def test_a_release_is_not_complete_before_the_seats_of_what_left_the_programme_are_taken_back() -> None:
    view = View(release(1, "retrieval"), seating(1, "p-001"))
    view.transmit()
    view.know(release(2))
    assert not told(view, 2).complete
    view.know(seating(2, place=None))
    assert told(view, 2).waiting == 1
    view.transmit()
    assert (told(view, 2).complete, told(view, 2).cancellations, told(view, 2).people) == (True, 1, ())


def test_messages_are_counted_by_what_they_say_over_all_releases() -> None:
    view = seated("p-001", "p-002")
    view.transmit()
    view.know(release(2, "retrieval", hours=1), seating(2, "p-001"))
    view.transmit()
    found = told(view, 2)
    assert (found.invitations, found.updates, found.cancellations, found.people) == (2, 1, 1, ("p-001",))


def test_another_programmes_messages_are_not_counted() -> None:
    view = seated("p-001")
    view.know(proposal("drawing", programme="autumn"), release(1, "drawing", programme="autumn"))
    view.know(seating(1, "p-002", session="drawing", programme="autumn"))
    assert told(view).waiting == 1
    view.transmit()
    assert (told(view).invitations, told(view).people) == (1, ("p-001",))


def test_parts_of_a_proposal_are_part_of_its_programme() -> None:
    view = View(proposal("retrieval", parts=2), release(1, "retrieval-part-1"))
    view.know(seating(1, "p-001", session="retrieval-part-1", proposal="retrieval"))
    assert told(view).waiting == 1


def test_what_is_on_its_way_or_deferred_is_waited_for() -> None:
    view = seated("p-001", "p-002")
    view.claim(view.due()[0])
    assert (told(view).complete, told(view).waiting) == (False, 2)
    view.transmit(Deferred("451 later"))
    assert (told(view).complete, told(view).waiting, told(view).invitations) == (False, 2, 0)


def test_a_refused_message_needs_a_person_and_holds_nobody_up() -> None:
    view = seated("p-001", "p-002")
    view.transmit(Refused("550 no such user"))
    found = told(view)
    assert (found.complete, found.waiting, found.invitations, found.people) == (True, 0, 0, ())
    assert [(each.person, each.why) for each in found.undelivered] == [
        ("p-001", "the mail server refused it"),
        ("p-002", "the mail server refused it"),
    ]


def test_the_first_doubt_is_waited_for_and_the_second_needs_a_person() -> None:
    view = seated("p-001")
    claim = view.claim(view.due()[0])
    doubtful = expired(claim, LATER, POLICY)
    view.know(doubtful)
    assert (told(view).waiting, told(view).undelivered) == (1, ())
    again = claimed_again(doubtful, claim.mail or "", LATER, POLICY)
    view.know(again, expired(again, LATER, POLICY))
    found = told(view)
    assert (found.complete, found.people) == (True, ("p-001",))
    assert [each.why for each in found.undelivered] == ["twice nobody knows whether the mail server took it"]


def test_a_community_that_never_sends_twice_is_told_so_after_one_doubt() -> None:
    view = seated("p-001")
    view.transmit(InDoubt("no answer"))
    question = AskDelivery(programme="spring", release=1)
    found = delivery(view.facts, view.book, "northgate", question, NOW, NEVER_TWICE)
    assert found.complete
    assert [each.why for each in found.undelivered] == ["nobody knows whether the mail server took it"]


@pytest.mark.parametrize("outcome", [Deferred("451 later"), InDoubt("no answer")])
def test_what_could_not_be_delivered_before_its_session_was_over_needs_a_person(outcome: Deferred | InDoubt) -> None:
    view = seated("p-001")
    view.transmit(outcome)
    found = told(view, now=START + timedelta(hours=2))
    assert (found.complete, found.waiting, len(found.undelivered)) == (True, 0, 1)
