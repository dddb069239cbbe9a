"""What runs: instances, volumes, snapshots and images, an Auto Scaling group, functions, containers, Kubernetes.

Wrong on purpose: the bastion answers IMDSv1 and has a public address nobody approved, the analytics host is two years old with an
unencrypted scratch disk, one task runs privileged, one function runs on an ended runtime and one can be called by everyone.
"""

import io
import zipfile
from typing import Any

from assay.demo.aws_world._place import SECOND, Place, arn, tags
from assay.demo.aws_world.network import Network
from assay.demo.aws_world.storage import key_of

IMAGE = "ami-0a1b2c3d4e5f60718"


def build_compute(place: Place, networks: dict[str, Network]) -> None:
    _region_settings(place)
    _instances(place, networks)
    _snapshots_and_images(place)
    _scaling_group(place, networks["main"])
    _functions(place)
    _containers(place)
    _kubernetes(place, networks["data"])
    place.today()


def _region_settings(place: Place) -> None:
    for region in (place.region, SECOND):
        place.elsewhere(region).client("ec2").enable_ebs_encryption_by_default()
        place.session.set_unserved(
            "ec2",
            "GetInstanceMetadataDefaults",
            region,
            {"AccountLevel": {"HttpTokens": "required", "ManagedBy": "account"}},
        )
        for operation, answer in _SHARING_BLOCKED.items():
            place.session.set_unserved("ec2", operation, region, answer)


_SHARING_BLOCKED = {
    "GetSnapshotBlockPublicAccessState": {"State": "block-all-sharing", "ManagedBy": "account"},
    "GetImageBlockPublicAccessState": {
        "ImageBlockPublicAccessState": "block-new-sharing",
        "ManagedBy": "account",
    },
}


def _instances(place: Place, networks: dict[str, Network]) -> None:
    main, data = networks["main"], networks["data"]
    place.days_ago(820)
    run_instance(
        place, main, "bastion", "bastion", public=True, tokens="optional", labels={"owner": "platform"}
    )
    place.days_ago(731)
    analytics = run_instance(place, data, "analytics", "notebooks", profile=None, labels={"owner": "data"})
    volume(place, "analytics-scratch", 200, attach_to=analytics, encrypted=False)
    place.days_ago(61)
    for name in ("worker-a", "worker-b"):
        instance = run_instance(
            place,
            main,
            name,
            "worker",
            profile="worker",
            labels={"owner": "platform", "environment": "production"},
        )
        volume(place, f"{name}-queue", 50, attach_to=instance, backup="required")
    volume(place, "search-index", 100, backup="required")
    report_managed(place)


def run_instance(
    place: Place, network: Network, name: str, group: str, *, public: bool = False, tokens: str = "required",
    profile: str | None = "bastion", labels: dict[str, str],
) -> str:  # fmt: skip
    """One instance with an encrypted root volume; its id."""
    interface = {
        "DeviceIndex": 0, "SubnetId": network.subnets[0], "Groups": [network.groups[group]], "AssociatePublicIpAddress": public,
    }  # fmt: skip
    more: dict[str, Any] = {"IamInstanceProfile": {"Name": profile}} if profile else {}
    made = place.client("ec2").run_instances(
        ImageId=IMAGE, InstanceType="t3.medium", MinCount=1, MaxCount=1, NetworkInterfaces=[interface],
        MetadataOptions={"HttpTokens": tokens, "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20, "Encrypted": True}}],
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags(Name=name, **labels)}], **more,
    )  # fmt: skip
    return str(made["Instances"][0]["InstanceId"])


def volume(
    place: Place, name: str, size: int, *, attach_to: str | None = None, encrypted: bool = True, **labels: str
) -> str:
    """One volume of `size` GiB in the first zone; its id."""
    ec2 = place.client("ec2")
    key: dict[str, Any] = {"KmsKeyId": key_of(place, "customer-data")} if encrypted else {}
    made = str(
        ec2.create_volume(
            AvailabilityZone=f"{place.region}a", Size=size, VolumeType="gp3", Encrypted=encrypted, **key,
            TagSpecifications=[{"ResourceType": "volume", "Tags": tags(Name=name, **labels)}],
        )["VolumeId"]
    )  # fmt: skip
    if attach_to:
        ec2.attach_volume(VolumeId=made, InstanceId=attach_to, Device="/dev/sdf")
    return made


def report_managed(place: Place) -> None:
    """Systems Manager sees the workers; the bastion and the analytics host never had the agent."""
    found = place.client("ec2").describe_instances(Filters=[{"Name": "tag:Name", "Values": ["worker-*"]}])
    ids = [instance["InstanceId"] for each in found["Reservations"] for instance in each["Instances"]]
    seen = place.now.isoformat()
    place.session.set_unserved("ssm", "DescribeInstanceInformation", place.region, {
        "InstanceInformationList": [
            {"InstanceId": each, "PingStatus": "Online", "PlatformType": "Linux", "PlatformName": "Amazon Linux",
             "PlatformVersion": "2023", "AgentVersion": "3.3.1611.0", "IsLatestVersion": True, "LastPingDateTime": seen,
             "ResourceType": "EC2Instance"}
            for each in ids
        ]
    })  # fmt: skip
    place.session.set_unserved("ssm", "ListResourceComplianceSummaries", place.region, {
        "ResourceComplianceSummaryItems": [
            {"ComplianceType": "Patch", "ResourceType": "ManagedInstance", "ResourceId": each, "Status": "COMPLIANT",
             "OverallSeverity": "UNSPECIFIED", "CompliantSummary": {"CompliantCount": 14},
             "NonCompliantSummary": {"NonCompliantCount": 0}}
            for each in ids
        ]
    })  # fmt: skip


def _snapshots_and_images(place: Place) -> None:
    """Last night's snapshots; an old plain one; an image of the worker."""
    ec2 = place.client("ec2")
    nightly_snapshots(place)
    place.days_ago(700)
    scratch = ec2.describe_volumes(Filters=[{"Name": "tag:Name", "Values": ["analytics-scratch"]}])["Volumes"]
    _snapshot(place, scratch[0]["VolumeId"], "before-migration")
    place.days_ago(62)
    ec2.register_image(
        Name="worker-2026-09", Description="Worker base", RootDeviceName="/dev/sda1", Architecture="x86_64"
    )


def nightly_snapshots(place: Place) -> None:
    """Of every volume that must be recovered; those of the night before are dropped."""
    ec2 = place.client("ec2")
    mine = {"OwnerIds": ["self"], "Filters": [{"Name": "tag:Name", "Values": ["nightly"]}]}
    for old in ec2.describe_snapshots(**mine)["Snapshots"]:
        ec2.delete_snapshot(SnapshotId=old["SnapshotId"])
    place.days_ago(0.3)
    wanted = [{"Name": "tag:backup", "Values": ["required"]}]
    for each in ec2.describe_volumes(Filters=wanted)["Volumes"]:
        _snapshot(place, each["VolumeId"], "nightly")


def _snapshot(place: Place, volume_id: str, name: str) -> None:
    place.client("ec2").create_snapshot(
        VolumeId=volume_id,
        Description=name,
        TagSpecifications=[{"ResourceType": "snapshot", "Tags": tags(Name=name)}],
    )


def _scaling_group(place: Place, main: Network) -> None:
    """Desired size nought: the batch runners are started by a schedule at night."""
    place.client("ec2").create_launch_template(
        LaunchTemplateName="batch-runner",
        LaunchTemplateData={
            "ImageId": IMAGE, "InstanceType": "t3.large", "MetadataOptions": {"HttpTokens": "required"},
            "SecurityGroupIds": [main.groups["worker"]],
        },
    )  # fmt: skip
    for name, subnets in (("batch-runners", main.subnets[:2]), ("report-runners", main.subnets[:1])):
        place.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name, MinSize=0, MaxSize=6, DesiredCapacity=0, VPCZoneIdentifier=",".join(subnets),
            LaunchTemplate={"LaunchTemplateName": "batch-runner", "Version": "$Latest"},
        )  # fmt: skip


_FUNCTIONS = {
    "ingest-events": "python3.13",
    "resize-images": "python3.8",
    "webhook-relay": "nodejs22.x",
    "nightly-report": "python3.12",
}


def _functions(place: Place) -> None:
    functions = place.client("lambda")
    for name, runtime in _FUNCTIONS.items():
        functions.create_function(
            FunctionName=name, Runtime=runtime, Role=arn("iam", "role/ingest-function"), Handler="main.handler",
            Code={"ZipFile": _archive()}, Environment={"Variables": {"LOG_LEVEL": "info"}}, Tags={"owner": "platform"},
        )  # fmt: skip
    functions.add_permission(
        FunctionName="webhook-relay", StatementId="anyone", Action="lambda:InvokeFunction", Principal="*"
    )
    functions.add_permission(
        FunctionName="ingest-events", StatementId="bucket", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::northwind-events-raw", SourceAccount="111122223333",
    )  # fmt: skip


def _archive() -> bytes:
    """A function's code: the same bytes every time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context):\n    return event\n")
    return held.getvalue()


def _containers(place: Place) -> None:
    ecs = place.client("ecs")
    ecs.create_cluster(clusterName="production", settings=[{"name": "containerInsights", "value": "enabled"}])
    for family, privileged in (("api", False), ("worker", False), ("log-agent", True)):
        ecs.register_task_definition(
            family=family, networkMode="awsvpc", requiresCompatibilities=["EC2"], taskRoleArn=arn("iam", "role/api-task"),
            executionRoleArn=arn("iam", "role/task-execution"),
            containerDefinitions=[{
                "name": family, "image": f"111122223333.dkr.ecr.eu-central-1.amazonaws.com/{family}:2026.11.2", "memory": 512,
                "privileged": privileged, "readonlyRootFilesystem": not privileged,
                "environment": [{"name": "LOG_LEVEL", "value": "info"}],
            }],
        )  # fmt: skip


def _kubernetes(place: Place, data: Network) -> None:
    place.days_ago(240)
    logging = {"clusterLogging": [{"types": ["api", "audit", "authenticator"], "enabled": True}]}
    place.client("eks").create_cluster(
        name="data-platform", version="1.33", roleArn=arn("iam", "role/kubernetes"), logging=logging,
        resourcesVpcConfig={
            "subnetIds": list(data.subnets), "endpointPublicAccess": True, "endpointPrivateAccess": True,
            "publicAccessCidrs": ["0.0.0.0/0"],
        },
    )  # fmt: skip
