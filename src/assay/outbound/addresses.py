"""Which addresses Assay may connect to: public ones only, decided on the address itself and never on the name that led to it.

The networks are those of the IANA special-purpose registries (RFC 6890 and updates) and the addresses at which clouds serve credentials.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from assay.errors import AssayError

Resolve: TypeAlias = Callable[[str, int], Iterable[str]]
"""Gives the addresses of a host name as texts; raises OSError when there are none."""

_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the Azure host
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out; mapped, NAT64, unique local, link-local and multicast addresses lie outside."""
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",  # documentation
    )
)
_INSIDE = tuple(
    ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""What companies number their own networks with (RFC 1918, RFC 4193)."""
_NEVER_INSIDE = tuple(ipaddress.IPv6Network(text) for text in ("fd00:ec2::/32", "fd20:ce::/32"))
"""Metadata services of clouds among them."""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""Upper half of an interface identifier that carries an IPv4 address (RFC 5214, section 6.1)."""


class RefusedAddressError(AssayError):
    """A host whose addresses are all of a kind that Assay does not connect to."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be reached all the same: loopback ports, which the demonstration and the tests name, and the own network where its owner says so."""

    ports: frozenset[int] = frozenset()
    network: bool = False

    @classmethod
    def loopback(cls, *ports: int) -> Allowance:
        """Allow 127.0.0.1 and ::1 at these ports."""
        return cls(frozenset(ports))

    @classmethod
    def inside(cls) -> Allowance:
        """Allow private networks, for one host that whoever owns the network named; never loopback, link-local or a cloud's metadata."""
        return cls(network=True)

    def covers(self, address: str, port: int) -> bool:
        """Say whether this exact loopback address and port was allowed."""
        return port in self.ports and address in ("127.0.0.1", "::1")

    def reaches(self, address: str, port: int) -> bool:
        """Say whether this address that is not public may be connected to."""
        return self.covers(address, port) or (self.network and _is_inside(address))


NO_ALLOWANCE = Allowance()


def is_public(address: str) -> bool:
    """Say whether an address is one of the public internet; what is no plain address is not."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _REFUSED_V4)
    if parsed.scope_id is not None or parsed not in _GLOBAL_V6:
        return False
    if (int(parsed) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(parsed in network for network in _REFUSED_V6)


def _is_inside(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and (
        parsed.scope_id is not None or any(parsed in network for network in _NEVER_INSIDE)
    ):
        return False
    return any(parsed in network for network in _INSIDE)


def addresses_to_try(host: str, port: int, resolve: Resolve, allowance: Allowance) -> list[str]:
    """Resolve once and give the addresses that may be connected to, in the resolver's order, at most four.

    Raises RefusedAddressError when the host has addresses but none that may be reached, OSError when it has none.
    """
    found = list(dict.fromkeys(resolve(host, port)))
    allowed = [address for address in found if is_public(address) or allowance.reaches(address, port)]
    if not allowed:
        raise RefusedAddressError(
            f"“{host}” leads to an address that is not public, so nothing was sent. Name a host of the public internet."
        )
    return allowed[:4]


def resolve_by_system(host: str, port: int) -> list[str]:
    """Give the addresses that the operating system's resolver has for a host."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in answers]
