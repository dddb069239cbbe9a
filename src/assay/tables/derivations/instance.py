"""What an instance of EC2 says about itself in several places: its public addresses, and since when it has its root volume."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from assay.evidence.canonical import Json

__all__ = ["public_addresses", "root_volume_since"]


def public_addresses(interfaces: Json) -> list[str]:
    """List the public IPv4 addresses of all interfaces, main and secondary, and their globally routed IPv6 addresses, sorted."""
    return sorted({address for interface in interfaces for address in _addresses(interface)})


def _addresses(interface: Any) -> Iterator[str]:
    for private in (interface, *interface.get("PrivateIpAddresses", ())):
        public = private.get("Association", {}).get("PublicIp")
        if public:
            yield public
    for member in interface.get("Ipv6Addresses", ()):
        if ip_address(member["Ipv6Address"]).is_global:
            yield member["Ipv6Address"]


def root_volume_since(instance: Json) -> Json:
    """Give when the root volume was attached, which stopping and starting does not change.

    An instance whose root lies on the host itself keeps it from launch to end, so there it is the launch.
    """
    root = instance.get("RootDeviceName")
    for device in instance.get("BlockDeviceMappings", ()):
        if device["DeviceName"] == root and "AttachTime" in device.get("Ebs", {}):
            return device["Ebs"]["AttachTime"]
    return instance["LaunchTime"]
