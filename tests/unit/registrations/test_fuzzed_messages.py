"""Malformed messages, through the code that reads them in every service and in the contract-test kit."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from shared.bus.requests import read_request
from shared.contract.results import Rejection
from shared.contract.subjects import InboxSubject
from teachmeet.contract_kit.verifying import Verifier
from tests.integration.registrations.malformed import MALFORMED_AT_SIGHT, Sent

THOUSANDS = settings(max_examples=2500, deadline=None, database=None, suppress_health_check=[*HealthCheck])


def headers(sent: Sent) -> dict[str, str]:
    return dict(sent.headers) if sent.without_id else {"ce-id": "m-1"} | sent.headers


@THOUSANDS
@given(MALFORMED_AT_SIGHT)
def test_each_of_2500_malformed_messages_is_refused_with_a_field_and_what_is_allowed(sent: Sent) -> None:
    entity, _, verb = sent.verb.partition(".")
    with pytest.raises(Rejection) as refused:
        read_request(InboxSubject("northgate", "timetables", entity, verb), headers(sent), sent.body)
    assert all(error.field and error.problem and error.allowed for error in refused.value.errors)


@THOUSANDS
@given(MALFORMED_AT_SIGHT)
def test_the_contract_test_kit_refuses_each_of_2500_malformed_samples(sent: Sent) -> None:
    subject = f"tm.northgate.inbox.v1.timetables.{sent.verb}"
    sample = {"subject": subject, "headers": headers(sent), "body": sent.body.decode(errors="replace")}
    (verdict,) = Verifier("northgate", "timetables").verdicts([json.loads(json.dumps(sample))])
    assert verdict.errors
