"""What a range of addresses is: the whole internet, public or not, and how wide."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from assay.evidence.canonical import Json

__all__ = ["is_public", "is_whole_internet", "prefix_length"]


def is_whole_internet(cidr: Json) -> bool:
    """Say whether a range is every IPv4 or every IPv6 address."""
    return _range(cidr).prefixlen == 0


_SHARED = IPv4Network("100.64.0.0/10")
"""Addresses that carriers and clusters share behind a translation (RFC 6598): not private by name, and not on the internet either."""


def is_public(cidr: Json) -> bool:
    """Say whether a range holds an address outside those set aside for private use (IANA special-purpose registries)."""
    found = _range(cidr)
    shared = isinstance(found, IPv4Network) and found.subnet_of(_SHARED)
    return not (found.is_private or shared)


def prefix_length(cidr: Json) -> int:
    """Give the length of the prefix: 0 is the whole internet, 32 (IPv4) or 128 (IPv6) one address."""
    return _range(cidr).prefixlen


def _range(cidr: Json) -> IPv4Network | IPv6Network:
    if not isinstance(cidr, str):
        raise ValueError("a range is a text")  # noqa: TRY004 — a malformed answer, not a mistake of ours
    return ip_network(cidr, strict=False)
