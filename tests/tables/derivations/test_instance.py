from __future__ import annotations

from assay.tables.derivations import instance

LAUNCH, ATTACH = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def test_public_addresses_are_those_of_every_interface_and_family() -> None:
    interfaces = [
        {
            "Association": {"PublicIp": "203.0.113.7"},
            "PrivateIpAddresses": [
                {"Association": {"PublicIp": "203.0.113.7"}},
                {"Association": {"PublicIp": "203.0.113.8"}},
                {},
            ],
        },
        {"Ipv6Addresses": [{"Ipv6Address": "2a05:d018::1"}, {"Ipv6Address": "fd00::1"}]},
        {},
    ]
    assert instance.public_addresses(interfaces) == ["203.0.113.7", "203.0.113.8", "2a05:d018::1"]


def test_the_root_volume_counts_and_no_other() -> None:
    devices = [
        {"DeviceName": "/dev/sdb", "Ebs": {"AttachTime": "2026-03-01T00:00:00Z"}},
        {"DeviceName": "/dev/xvda", "Ebs": {"AttachTime": ATTACH}},
    ]
    whole = {"LaunchTime": LAUNCH, "RootDeviceName": "/dev/xvda", "BlockDeviceMappings": devices}
    assert instance.root_volume_since(whole) == ATTACH


def test_without_a_root_volume_the_launch_counts() -> None:
    assert instance.root_volume_since({"LaunchTime": LAUNCH, "BlockDeviceMappings": []}) == LAUNCH
