"""Which network addresses calendars may be read from."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from services.registrations.calendars.network import ClosedAddressError, Network, NoSuchHostError

CLOSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::fb",
]


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_not_on_the_public_internet_are_closed(address: str) -> None:
    assert not Network().allows(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "193.0.6.139", "2606:4700::1111", "2a00:1450:4001::65"])
def test_addresses_on_the_public_internet_are_open(address: str) -> None:
    assert Network().allows(ip_address(address))


def test_a_network_that_the_operator_adds_is_open_and_no_other() -> None:
    school = Network((ip_network("10.20.0.0/16"),))
    assert school.allows(ip_address("10.20.3.4"))
    assert not school.allows(ip_address("10.21.0.1"))
    assert not school.allows(ip_address("::1"))


def resolving(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    async def lookup(*_: Any, **__: Any) -> list[Any]:
        if not found:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)


async def test_a_name_that_leads_to_public_addresses_gives_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "1.1.1.1", "8.8.8.8", "1.1.1.1")
    assert await Network().addresses("calendars.example", 443) == (ip_address("1.1.1.1"), ip_address("8.8.8.8"))


async def test_a_name_that_leads_even_once_into_a_private_network_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(ClosedAddressError):
        await Network().addresses("calendars.example", 443)


async def test_a_name_that_leads_nowhere_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch)
    with pytest.raises(NoSuchHostError):
        await Network().addresses("nowhere.example", 443)


@pytest.mark.parametrize("written", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "localhost"])
async def test_odd_ways_to_write_the_machine_itself_are_closed(written: str) -> None:
    with pytest.raises((ClosedAddressError, NoSuchHostError)):
        await Network().addresses(written, 443)
