"""What delivery reports mean."""

from __future__ import annotations

import pytest
from reply_samples import delivery_report, failed

from services.notifier.replies.bounces import bounce
from services.notifier.replies.incoming import DeliveryReport
from services.notifier.replies.reading import read_message


def report(*blocks: str) -> DeliveryReport:
    found = read_message(delivery_report(*blocks))
    assert isinstance(found, DeliveryReport)
    return found


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.10", "5.2.1"])
def test_an_address_that_takes_no_mail(status: str) -> None:
    found = bounce(report(failed(status)))
    assert found is not None
    assert found.takes_none
    assert status in found.told


@pytest.mark.parametrize("status", ["5.2.2", "5.2.3", "5.4.4", "5.7.1", "5.0.0", "4.4.7", "5.1.8", "nonsense"])
def test_a_failure_that_is_not_the_address_s_fault_is_for_a_human(status: str) -> None:
    found = bounce(report(failed(status)))
    assert found is not None
    assert not found.takes_none


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_delays_and_successes_are_no_failures(action: str) -> None:
    assert bounce(report(failed("5.1.1", action=action))) is None


def test_of_several_recipients_the_address_that_takes_none_counts() -> None:
    found = bounce(report(failed("5.7.1", "x@y.example"), failed("5.1.1")))
    assert found is not None
    assert found.takes_none


def test_a_report_that_says_nothing_is_no_failure() -> None:
    assert bounce(report()) is None


def test_a_late_report_about_an_address_that_was_given_up_ends_nothing() -> None:
    found = bounce(report(failed("5.1.1", "old@hillside.example")))
    assert found is not None
    assert found.ends_mail_to("Old@Hillside.example")
    assert not found.ends_mail_to("new@hillside.example")
