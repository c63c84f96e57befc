"""The life of one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from notifier_samples import NOW, POLICY, entry, message

from services.notifier.delivery.life import Mail, NextStep, claimed_again, decided, expired, next_step, wakes_at
from services.notifier.delivery.outcome import Deferred, InDoubt, Misconfigured, Refused, Sent
from services.notifier.planning.messages_due import claimed
from shared.contract.facts.notifier import Invite, InviteStatus

NEVER_TWICE = replace(POLICY, never_twice=True)
BYTES = "the bytes"
LATER = NOW + POLICY.claim_lasts


def _claim() -> Invite:
    return claimed(message(), Mail("<m@northgate.example>", BYTES), NOW, POLICY)


def test_a_claim_waits_for_its_outcome_until_the_deadline_and_is_in_doubt_then() -> None:
    claim = _claim()
    assert next_step(claim, LATER - timedelta(seconds=1), POLICY) is NextStep.WAIT
    assert next_step(claim, LATER, POLICY) is NextStep.RECORD_DOUBT
    assert wakes_at(claim) == LATER
    assert expired(claim, LATER, POLICY).status is InviteStatus.IN_DOUBT


@pytest.mark.parametrize(
    ("outcome", "status"), [(Sent("250 OK"), InviteStatus.SENT), (Refused("550 no"), InviteStatus.REFUSED)]
)
def test_sent_and_refused_are_the_end(outcome: Sent | Refused, status: InviteStatus) -> None:
    fact = decided(_claim(), outcome, LATER, POLICY)
    assert (fact.status, fact.answer, fact.decided_at) == (status, outcome.answer, LATER)
    assert next_step(fact, LATER, POLICY) is NextStep.DONE
    assert wakes_at(fact) is None


def test_only_claims_hold_the_bytes() -> None:
    for outcome in (Sent(""), Refused(""), Deferred(""), InDoubt("")):
        assert decided(_claim(), outcome, NOW, POLICY).mail is None


def test_a_deferred_message_is_transmitted_again_when_it_is_due() -> None:
    fact = decided(_claim(), Deferred("451 busy"), NOW, POLICY)
    assert fact.next_attempt_at is not None
    assert next_step(fact, NOW, POLICY) is NextStep.WAIT
    assert next_step(fact, fact.next_attempt_at, POLICY) is NextStep.TRANSMIT_AGAIN
    assert wakes_at(fact) == fact.next_attempt_at


def test_delays_grow_to_a_limit() -> None:
    fact, waits = _claim(), []
    for _ in range(40):
        fact = decided(fact, Deferred("451"), NOW, POLICY)
        assert fact.next_attempt_at is not None
        waits.append(fact.next_attempt_at - NOW)
        fact = claimed_again(fact, BYTES, NOW, POLICY)
    assert waits[0] < timedelta(seconds=3) < waits[2] < waits[5]
    assert max(waits) <= POLICY.longest_delay * 1.2
    assert min(waits[-5:]) >= POLICY.longest_delay * 0.8


def test_the_next_attempt_has_the_same_bytes_and_date_and_a_new_deadline() -> None:
    doubtful = expired(_claim(), LATER, POLICY)
    again = claimed_again(doubtful, BYTES, LATER, POLICY)
    same = {"mail", "message_id", "claimed_at", "sequence", "n", "method"}
    assert again.model_dump(include=same) == _claim().model_dump(include=same)
    assert (again.status, again.attempt, again.doubts) == (InviteStatus.CLAIMED, 2, 1)
    assert again.deadline == LATER + POLICY.claim_lasts
    assert (again.answer, again.decided_at) == (None, None)


def test_one_doubt_is_transmitted_again_and_two_are_reported() -> None:
    once = expired(_claim(), LATER, POLICY)
    twice = expired(claimed_again(once, BYTES, LATER, POLICY), LATER, POLICY)
    assert next_step(once, LATER, POLICY) is NextStep.TRANSMIT_AGAIN
    assert next_step(twice, LATER, POLICY) is NextStep.REPORT


def test_a_community_may_choose_never_twice() -> None:
    assert next_step(expired(_claim(), LATER, POLICY), LATER, NEVER_TWICE) is NextStep.REPORT


def test_a_deferral_between_doubts_does_not_forget_the_first() -> None:
    once = claimed_again(expired(_claim(), LATER, POLICY), BYTES, LATER, POLICY)
    deferred = claimed_again(decided(once, Deferred("421"), LATER, POLICY), BYTES, LATER, POLICY)
    assert next_step(expired(deferred, LATER, POLICY), LATER, POLICY) is NextStep.REPORT


@pytest.mark.parametrize("outcome", [Deferred("451"), InDoubt("")])
def test_nothing_is_transmitted_again_once_the_session_is_over(outcome: Deferred | InDoubt) -> None:
    over = entry().start + timedelta(hours=2)
    assert next_step(decided(_claim(), outcome, NOW, POLICY), over, POLICY) is NextStep.REPORT


def test_a_servers_answer_is_kept_short_and_clean() -> None:
    answer = decided(_claim(), Refused("550\x00\r\n" + "x" * 9999), NOW, POLICY).answer
    assert answer is not None
    assert len(answer) == 500
    assert answer.startswith("550 xxx")


def test_a_message_that_cannot_be_delivered_is_given_up_at_the_horizon() -> None:
    fact = decided(_claim(), Deferred("451 busy"), NOW, POLICY)
    far = replace(POLICY, horizon=timedelta(days=2))
    assert next_step(fact, NOW + timedelta(days=2) - timedelta(seconds=1), far) is NextStep.TRANSMIT_AGAIN
    assert next_step(fact, NOW + timedelta(days=2), far) is NextStep.REPORT


def test_a_fault_of_configuration_is_a_deferral_and_the_bytes_stay_for_the_next_attempt() -> None:
    fact = decided(_claim(), Misconfigured("535 5.7.8 wrong password"), NOW, POLICY)
    assert (fact.status, fact.answer) == (InviteStatus.DEFERRED, "535 5.7.8 wrong password")
    assert fact.next_attempt_at is not None
