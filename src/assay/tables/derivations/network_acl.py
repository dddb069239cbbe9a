"""Which TCP ports a network ACL admits from every address (Amazon VPC User Guide, "Network ACL rules").

Rules are tried by rising number, and the first that matches decides. Only rules about every IPv4 or every IPv6 address count: a rule
about fewer addresses neither opens nor closes a port for the whole internet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assay.evidence.canonical import Json

__all__ = ["admits_every_port", "admits_rdp", "admits_ssh"]

_TCP_OR_ALL = ("6", "-1")
_SSH, _RDP = 22, 3389
_FIRST, _LAST = 1, 65535

Ports = list[tuple[int, int]]


def admits_ssh(entries: Json) -> bool:
    """Say whether TCP port 22 is open to every IPv4 or every IPv6 address."""
    return _admits(entries, _SSH, _SSH)


def admits_rdp(entries: Json) -> bool:
    """Say whether TCP port 3389 is open to every IPv4 or every IPv6 address."""
    return _admits(entries, _RDP, _RDP)


def admits_every_port(entries: Json) -> bool:
    """Say whether all TCP ports are open to every IPv4 or every IPv6 address."""
    return _admits(entries, _FIRST, _LAST)


def _admits(entries: Json, first: int, last: int) -> bool:
    """Whether one family of addresses gets through to all ports from first to last."""
    inbound = sorted(
        (entry for entry in entries if not entry["Egress"]), key=lambda entry: entry["RuleNumber"]
    )
    families = (("CidrBlock", "0.0.0.0/0"), ("Ipv6CidrBlock", "::/0"))
    return any(
        _all_allowed([entry for entry in inbound if entry.get(field) == everybody], first, last)
        for field, everybody in families
    )


def _all_allowed(rules: Iterable[Any], first: int, last: int) -> bool:
    left: Ports = [(first, last)]
    for rule in rules:
        if rule["Protocol"] not in _TCP_OR_ALL:
            continue
        from_port, to_port = _ports(rule)
        rest = _without(left, from_port, to_port)
        if rule["RuleAction"] != "allow" and rest != left:
            return False
        left = rest
    return not left


def _ports(rule: Any) -> tuple[int, int]:
    """A rule about all protocols is about every port, whatever range it names."""
    if rule["Protocol"] == "-1" or "PortRange" not in rule:
        return _FIRST, _LAST
    return rule["PortRange"]["From"], rule["PortRange"]["To"]


def _without(ranges: Ports, first: int, last: int) -> Ports:
    rest: Ports = []
    for low, high in ranges:
        if last < low or high < first:
            rest.append((low, high))
            continue
        if low < first:
            rest.append((low, first - 1))
        if last < high:
            rest.append((last + 1, high))
    return rest
