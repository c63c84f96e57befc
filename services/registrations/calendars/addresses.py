"""Checks of a calendar's address that need no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address

import httpx

from services.registrations.calendars.network import Network
from services.registrations.calendars.sealing import CalendarAddress
from shared.contract.results import FieldError

_ALLOWED = "https://… or webcal://…, on the public internet"


@dataclass(frozen=True)
class AddressRules:
    """What addresses may be read. The safe rules: https on its usual port, to the public internet."""

    network: Network = field(default_factory=Network)
    http: bool = False
    ports: tuple[int, ...] = (443, 80)


class AddressError(Exception):
    """An address that is never read; ``error`` says what is wrong with it."""

    def __init__(self, field: str, problem: str, allowed: str = _ALLOWED) -> None:
        super().__init__(problem)
        self.error = FieldError(field=field, problem=problem, allowed=allowed)


def checked(url: str, user: str | None, password: str | None, rules: AddressRules) -> CalendarAddress:
    """The address as it is read: webcal is https. Raises AddressError."""
    parsed = parsed_url(url, rules)
    if (user is None) != (password is None):
        missing = "password" if password is None else "user"
        raise AddressError(missing, "is missing", "user and password together, or neither")
    if parsed.scheme == "http" and password is not None:
        raise AddressError("url", "would send a password in the clear", "an https address")
    return CalendarAddress(url=str(parsed), user=user, password=password)


def parsed_url(url: str, rules: AddressRules) -> httpx.URL:
    """An address in its normal form. Raises AddressError."""
    try:
        parsed = httpx.URL(url.strip())
        port = parsed.port
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError):
        raise AddressError("url", "is not an address") from None
    if parsed.scheme in {"webcal", "webcals"}:
        parsed = parsed.copy_with(scheme="https")
    schemes = ("https", "http") if rules.http else ("https",)
    if parsed.scheme not in schemes:
        raise AddressError("url", "is not read that way", _ALLOWED)
    if parsed.userinfo:
        raise AddressError("url", "has a user name or password in it", "those as user and password")
    if not host:
        raise AddressError("url", "names no host")
    if (port or _usual(parsed)) not in rules.ports:
        raise AddressError("url", "names a port that is not open to calendars", f"port {_listed(rules.ports)}")
    if not _may_be_public(host, rules.network):
        raise AddressError("url", "leads into a private network")
    return parsed.copy_with(fragment=None)


def _usual(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80


def _may_be_public(host: str, network: Network) -> bool:
    """Whether a host could be public: what a name leads to is known only when it is read."""
    try:
        address = ip_address(host)
    except ValueError:
        return True
    return network.allows(address)


def _listed(ports: tuple[int, ...]) -> str:
    return " or ".join(map(str, ports))
