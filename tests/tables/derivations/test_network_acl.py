from __future__ import annotations

from typing import Any

import pytest

from assay.tables.derivations import network_acl


def rule(
    number: int, action: str = "allow", ports: tuple[int, int] | None = None, **more: Any
) -> dict[str, Any]:
    protocol = (
        {"Protocol": "6", "PortRange": {"From": ports[0], "To": ports[1]}} if ports else {"Protocol": "-1"}
    )
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "Egress": False,
        "CidrBlock": "0.0.0.0/0",
        **protocol,
        **more,
    }


END = rule(32767, "deny")
IPV6 = {"CidrBlock": None, "Ipv6CidrBlock": "::/0"}


@pytest.mark.parametrize(
    ("rules", "ssh", "rdp", "every"),
    [
        ([END], False, False, False),
        ([END, rule(100)], True, True, True),
        ([rule(100, ports=(22, 22)), END], True, False, False),
        ([rule(100, ports=(20, 4000)), END], True, True, False),
        ([rule(100, ports=(0, 65535)), END], True, True, True),
        ([rule(100, ports=(1, 30000)), rule(110, ports=(30001, 65535)), END], True, True, True),
        ([rule(100), rule(90, "deny", (22, 22)), END], False, True, False),
        ([rule(100), rule(110, "deny", (22, 22)), END], True, True, True),
        ([rule(90, "deny", CidrBlock="198.51.100.0/24"), rule(100), END], True, True, True),
        ([rule(100, CidrBlock="198.51.100.0/24"), END], False, False, False),
        ([rule(100, Egress=True), END], False, False, False),
        ([rule(100, ports=(22, 22), Protocol="17"), END], False, False, False),
        ([END, rule(101, **IPV6), rule(32768, "deny", **IPV6)], True, True, True),
    ],
)
def test_the_first_rule_that_matches_decides(rules: list[Any], ssh: bool, rdp: bool, every: bool) -> None:
    said = (
        network_acl.admits_ssh(rules),
        network_acl.admits_rdp(rules),
        network_acl.admits_every_port(rules),
    )
    assert said == (ssh, rdp, every)
