"""Networks: VPCs, subnets, ACLs, flow logs, security groups.

Wrong on purpose: a bastion's group admits SSH from everywhere, an analytics group a wide range, one VPC has no flow log, and the region
that nobody uses still has the network that AWS made.
"""

from dataclasses import dataclass

from assay.demo.aws_world._place import MAIN, SECOND, Place, arn, tags

OFFICE = "203.0.113.0/24"
EVERYONE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Network:
    """What later parts of the world stand on, by name."""

    vpc: str
    subnets: tuple[str, ...]
    groups: dict[str, str]


def build_network(place: Place) -> dict[str, Network]:
    """The networks by name: `main`, `data` and `edge`."""
    place.days_ago(900)
    for region in (MAIN, SECOND):
        _remove_default_vpc(place.elsewhere(region))
    main = _vpc(place, "main", "10.20", zones="abc")
    data = _vpc(place, "data", "10.30", zones="ab")
    edge = _vpc(place.elsewhere(SECOND), "edge", "10.40", zones="ab", flow_log=False)
    _main_groups(place, main)
    _data_groups(place, data)
    group(place.elsewhere(SECOND), edge, "edge-proxy", [(443, EVERYONE)])
    _strip_default_group(place, main)
    _strip_default_group(place.elsewhere(SECOND), edge)
    _interfaces(place, main, ("load-balancer", "api-tasks", "database", "cache", "office-tools"))
    _interfaces(place, data, ("warehouse",))
    _interfaces(place.elsewhere(SECOND), edge, ("edge-proxy",))
    place.today()
    return {"main": main, "data": data, "edge": edge}


def _remove_default_vpc(place: Place) -> None:
    ec2 = place.client("ec2")
    for vpc in ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]:
        inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        for subnet in ec2.describe_subnets(Filters=inside)["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}]
        for gateway in ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
            ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc["VpcId"])
            ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
        acls = ec2.describe_network_acls(Filters=inside)["NetworkAcls"]
        ec2.delete_vpc(VpcId=vpc["VpcId"])
        for acl in acls:
            ec2.delete_network_acl(NetworkAclId=acl["NetworkAclId"])


def _vpc(place: Place, name: str, prefix: str, *, zones: str, flow_log: bool = True) -> Network:
    ec2 = place.client("ec2")
    vpc = ec2.create_vpc(CidrBlock=f"{prefix}.0.0/16", TagSpecifications=_named("vpc", name))["Vpc"]["VpcId"]
    subnets = tuple(
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"{prefix}.{number}.0/24", AvailabilityZone=f"{place.region}{zone}",
            TagSpecifications=_named("subnet", f"{name}-{zone}"),
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    )  # fmt: skip
    for subnet in subnets:
        public = name == "edge" and subnet == subnets[0]
        ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": public})
    if flow_log:
        _flow_log(place, vpc, name)
    return Network(vpc, subnets, {})


def _flow_log(place: Place, vpc: str, name: str) -> None:
    group_name = f"/vpc/{name}/flow"
    place.client("logs").create_log_group(logGroupName=group_name)
    place.client("logs").put_retention_policy(logGroupName=group_name, retentionInDays=400)
    place.client("ec2").create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="cloud-watch-logs",
        LogGroupName=group_name, DeliverLogsPermissionArn=arn("iam", "role/flow-logs"),
    )  # fmt: skip


def _main_groups(place: Place, main: Network) -> None:
    group(place, main, "load-balancer", [(443, EVERYONE), (80, EVERYONE)])
    group(place, main, "api-tasks", [(8080, "10.20.0.0/16")])
    group(place, main, "database", [(5432, "10.20.0.0/16")])
    group(place, main, "cache", [(6379, "10.20.0.0/16")])
    group(place, main, "office-tools", [(443, OFFICE)])
    group(place, main, "bastion", [(22, EVERYONE)])
    group(place, main, "worker", [])


def _data_groups(place: Place, data: Network) -> None:
    group(place, data, "warehouse", [(5432, "10.30.0.0/16")])
    group(place, data, "notebooks", [(8443, "198.51.0.0/16")])
    group(place, data, "migration-2023", [(5432, OFFICE)])


def group(place: Place, network: Network, name: str, admits: list[tuple[int, str]]) -> str:
    """A security group of a network with one inbound rule for each (port, range)."""
    ec2 = place.client("ec2")
    made = str(
        ec2.create_security_group(
            GroupName=name,
            Description=f"Northwind {name}",
            VpcId=network.vpc,
            TagSpecifications=_named("security-group", name),
        )["GroupId"]
    )
    for port, cidr in admits:
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[permission])
    network.groups[name] = made
    return made


def _interfaces(place: Place, network: Network, names: tuple[str, ...]) -> None:
    """The network interfaces that balancers, tasks and databases have; moto makes them for instances only."""
    for name in names:
        place.client("ec2").create_network_interface(
            SubnetId=network.subnets[0], Groups=[network.groups[name]], Description=f"Managed: {name}"
        )


def _strip_default_group(place: Place, network: Network) -> None:
    """The default group of a VPC, with its rules taken away."""
    ec2 = place.client("ec2")
    mine = [{"Name": "vpc-id", "Values": [network.vpc]}, {"Name": "group-name", "Values": ["default"]}]
    (default,) = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
    if default["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=default["GroupId"], IpPermissions=default["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=default["GroupId"], IpPermissions=default["IpPermissionsEgress"])


def _named(kind: str, name: str) -> list[dict[str, object]]:
    return [{"ResourceType": kind, "Tags": tags(Name=name)}]
