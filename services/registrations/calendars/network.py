"""Which network addresses a calendar may be read from: the public internet, and what the operator adds."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# Global unicast; everything else of IPv6 is local, reserved, or carries another address inside (mapped, NAT64).
_UNICAST_6 = IPv6Network("2000::/3")
_CLOSED: tuple[IPNetwork, ...] = (
    *map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    ),
    # Teredo and other special purposes, documentation, and 6to4, which carries an IPv4 address.
    *map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")),
)


class ClosedAddressError(Exception):
    """A host is not on the public internet, or is not there at all."""


class NoSuchHostError(Exception):
    """A name that leads to no address."""


@dataclass(frozen=True)
class Network:
    """What may be connected to: public addresses, besides those in ``also``."""

    also: tuple[IPNetwork, ...] = ()
    """networks of the operator's own, such as a school's; empty unless a setting says otherwise"""

    def allows(self, address: IPAddress) -> bool:
        if isinstance(address, IPv6Address) and address.scope_id is not None:
            return False
        if any(address.version == each.version and address in each for each in self.also):
            return True
        if isinstance(address, IPv6Address) and address not in _UNICAST_6:
            return False
        return address.is_global and not any(address.version == each.version and address in each for each in _CLOSED)

    async def addresses(self, host: str, port: int) -> tuple[IPAddress, ...]:
        """The addresses of a host, to connect to these and no others.

        Raises ClosedAddressError when one of them is closed (then the name is not to be trusted at all), and
        NoSuchHostError.
        """
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NoSuchHostError from None
        addresses = tuple(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
        if not addresses:
            raise NoSuchHostError
        if not all(self.allows(each) for each in addresses):
            raise ClosedAddressError
        return addresses
