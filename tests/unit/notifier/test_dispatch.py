"""Which task is taken next."""

from __future__ import annotations

from notifier_samples import COMMUNITY, contact

from services.notifier.delivery.dispatch import Dispatch
from services.notifier.delivery.life import NextStep
from services.notifier.delivery.rates import DomainLimits, DomainRates
from services.notifier.delivery.task import Task


def task(address: str) -> Task:
    return Task(COMMUNITY, contact(address=address), NextStep.TRANSMIT_AGAIN)


def taken(dispatch: Dispatch, now: float = 0.0) -> list[str]:
    found = []
    while (next_one := dispatch.take(now)) is not None:
        found.append(next_one.contact.address)
    return found


def test_domains_take_turns_and_each_keeps_its_order() -> None:
    dispatch = Dispatch(
        [task("1@x.example"), task("2@x.example"), task("3@x.example"), task("1@Y.example"), task("2@y.example")],
        DomainRates(DomainLimits()),
    )
    assert taken(dispatch) == ["1@x.example", "1@Y.example", "2@x.example", "2@y.example", "3@x.example"]
    assert not dispatch


def test_a_domain_at_its_limit_holds_up_no_other() -> None:
    tasks = [task("1@x.example"), task("2@x.example"), task("1@y.example"), task("2@y.example")]
    dispatch = Dispatch(tasks, DomainRates(DomainLimits(at_a_time=1)))
    assert taken(dispatch) == ["1@x.example", "1@y.example"]
    assert dispatch
    dispatch.done(tasks[2])
    assert taken(dispatch) == ["2@y.example"]


def test_it_tells_how_long_to_wait() -> None:
    dispatch = Dispatch([task("1@x.example"), task("2@x.example")], DomainRates(DomainLimits(per_minute=6)))
    assert taken(dispatch) == ["1@x.example"]
    assert dispatch.wait(0.0) == 10.0
    assert taken(dispatch, 10.0) == ["2@x.example"]


def test_what_is_only_recorded_comes_first_and_counts_against_no_limit() -> None:
    record = Task(COMMUNITY, contact(address="2@x.example"), NextStep.RECORD_DOUBT)
    dispatch = Dispatch([task("1@x.example"), record], DomainRates(DomainLimits(at_a_time=1)))
    assert taken(dispatch) == ["2@x.example", "1@x.example"]
    dispatch.done(record)
    assert not dispatch
