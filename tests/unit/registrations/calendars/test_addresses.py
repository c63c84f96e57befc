"""What a calendar's address may look like."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from services.registrations.calendars.addresses import AddressError, AddressRules, checked
from services.registrations.calendars.network import Network

SAFE = AddressRules()


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://calendars.example/a/basic.ics", "https://calendars.example/a/basic.ics"),
        ("webcal://calendars.example/a.ics?key=1", "https://calendars.example/a.ics?key=1"),
        ("  https://calendars.example:443/a.ics#top ", "https://calendars.example/a.ics"),
        ("https://käse.example/a.ics", "https://xn--kse-qla.example/a.ics"),
    ],
)
def test_addresses_are_read_over_https(url: str, read: str) -> None:
    assert checked(url, None, None, SAFE).url == read


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://calendars.example/a.ics", "is not read that way"),
        ("ftp://calendars.example/a.ics", "is not read that way"),
        ("file:///etc/passwd", "is not read that way"),
        ("calendars.example/a.ics", "is not read that way"),
        ("https://", "names no host"),
        ("https://me:secret@calendars.example/", "has a user name or password in it"),
        ("https://calendars.example:8443/", "names a port that is not open to calendars"),
        ("https://calendars.example:99999/", "names a port that is not open to calendars"),
        ("https://127.0.0.1/", "leads into a private network"),
        ("https://[::1]/", "leads into a private network"),
        ("https://[::ffff:10.0.0.1]/", "leads into a private network"),
        ("https://169.254.169.254/latest/meta-data", "leads into a private network"),
        ("https://exa\x00mple/", "is not an address"),
    ],
)
def test_other_addresses_are_refused_with_the_reason(url: str, problem: str) -> None:
    with pytest.raises(AddressError) as refused:
        checked(url, None, None, SAFE)
    assert (refused.value.error.field, refused.value.error.problem) == ("url", problem)
    assert "secret" not in str(refused.value.error)


def test_http_is_read_only_where_a_setting_allows_it_and_never_with_a_password() -> None:
    rules = AddressRules(http=True)
    assert checked("http://calendars.example/a.ics", None, None, rules).url == "http://calendars.example/a.ics"
    with pytest.raises(AddressError, match="in the clear"):
        checked("http://calendars.example/a.ics", "amara", "secret", rules)


@pytest.mark.parametrize(("user", "password", "field"), [("amara", None, "password"), (None, "secret", "user")])
def test_a_password_needs_a_user_and_the_other_way_round(user: str | None, password: str | None, field: str) -> None:
    with pytest.raises(AddressError) as refused:
        checked("https://calendars.example/", user, password, SAFE)
    assert refused.value.error.field == field


def test_an_address_in_a_network_of_the_operators_own_is_read() -> None:
    rules = AddressRules(Network((ip_network("10.20.0.0/16"),)))
    assert checked("https://10.20.0.5/cal.ics", None, None, rules).url == "https://10.20.0.5/cal.ics"


def test_no_secret_shows_in_what_is_printed_of_an_address() -> None:
    address = checked("https://calendars.example/private-7c1d", "amara", "hunter2", SAFE)
    assert not {"7c1d", "amara", "hunter2"} & set(repr(address).replace("'", " ").split())
    assert "hunter2" not in repr(address)
