"""When the mail server is left alone, and when it is tried again."""

from __future__ import annotations

import pytest

from services.notifier.delivery.outcome import About, Deferred, InDoubt, Misconfigured, Outcome, Refused, Sent
from services.notifier.delivery.relay import Relay

LOGIN = Misconfigured("535 5.7.8 wrong password")
POLICY = Misconfigured("550 5.7.1 relaying denied", certain=False)
AWAY = Deferred("nothing listens", reached=False)


@pytest.mark.parametrize(
    "outcome", [Sent("250"), Refused("550"), Refused("554", About.MESSAGE), Deferred("451"), InDoubt("")]
)
def test_a_server_that_answers_about_mails_is_in_order(outcome: Outcome) -> None:
    assert Relay().after(outcome, 0.0).is_open
    assert Relay().after(LOGIN, 0.0).after(outcome, 1.0) == Relay()


@pytest.mark.parametrize("outcome", [LOGIN, AWAY])
def test_a_server_that_refuses_us_or_is_away_is_left_alone_and_then_tried(outcome: Outcome) -> None:
    relay = Relay().after(outcome, 10.0)
    assert not relay.is_open
    assert relay.trouble is not None
    assert outcome.answer in relay.trouble
    assert not relay.may_probe(10.0)
    assert relay.may_probe(relay.closed_until)


@pytest.mark.parametrize(("outcome", "longest"), [(LOGIN, 300.0), (AWAY, 15.0)])
def test_pauses_grow_to_a_limit(outcome: Outcome, longest: float) -> None:
    relay, now, pauses = Relay(), 0.0, []
    for _ in range(14):
        relay = relay.after(outcome, now)
        pauses.append(relay.closed_until - now)
        now = relay.closed_until
    assert pauses == sorted(pauses)
    assert pauses[0] < 1.0
    assert pauses[-1] == longest


def test_mails_that_were_under_way_when_it_closed_do_not_make_the_pause_longer() -> None:
    relay = Relay().after(LOGIN, 0.0)
    assert relay.after(LOGIN, 0.1).after(AWAY, 0.2) == relay


def test_one_policy_refusal_closes_nothing_and_several_in_a_row_do() -> None:
    relay = Relay().after(POLICY, 0.0).after(POLICY, 1.0)
    assert relay.is_open
    assert relay.after(Sent("250"), 2.0).after(POLICY, 3.0).is_open
    assert not relay.after(POLICY, 2.0).is_open
