"""Apps and contract agree: every endpoint of the catalogue is served, and nothing besides."""

from __future__ import annotations

from collections.abc import Mapping

from shared.contract.catalogue import Endpoint, endpoints_of
from shared.contract.subjects import Service, api_of, inbox_of
from teachmeet.contract_files.apps import SAMPLE_PARTNER, ServedApp

INBOX_ADDRESS = inbox_of(SAMPLE_PARTNER)


class DisagreementError(Exception):
    """The apps serve something else than the contract says."""


def api_address(endpoint: Endpoint) -> str:
    """The subject on which an app serves this endpoint, for every community and caller."""
    return api_of(endpoint.service, entity=endpoint.entity, verb=endpoint.verb)


def check_agreement(served: Mapping[Service, ServedApp]) -> None:
    """Raise DisagreementError with one line for each difference."""
    lines = [line for service, app in served.items() for line in _differences(service, app)]
    if lines:
        raise DisagreementError("\n".join(("the apps and shared/contract disagree:", *lines)))


def _differences(service: Service, app: ServedApp) -> list[str]:
    wanted = {api_address(each) for each in endpoints_of(service)}
    if any(each.inbox for each in endpoints_of(service)):
        wanted.add(INBOX_ADDRESS)
    missing = [
        f"  {service} does not serve {each}, which the contract has" for each in sorted(wanted - {*app.channels})
    ]
    foreign = [f"  {service} serves {each}, which the contract has not" for each in sorted({*app.channels} - wanted)]
    return missing + foreign
