"""What happened in the week between the two days: fixes, a regression, new things, a leaver removed, and a permission lost.

| kind | what | checks that notice |
|---|---|---|
| fixed | the bastion admits SSH from the office only | aws.ec2.sg_ssh |
| fixed | the support engineer has MFA | aws.iam.user_mfa_console |
| fixed | the leaver's IAM user is gone | aws.iam.user_mfa_console, key_age, key_unused |
| fixed | reporting keeps backups for seven days | aws.rds.backup |
| regressed | somebody opened PostgreSQL to everyone while debugging | aws.ec2.sg_postgres |
| regressed | versioning of the state bucket is suspended | aws.s3.versioning |
| new | a bucket with training data, tagged confidential, without its protections | aws.s3.* |
| new | a third worker | aws.ec2.* |
| lost | `kms:GetKeyRotationStatus` is refused | aws.kms.rotation becomes unknown |
"""

from assay.demo.aws_world._place import Place
from assay.demo.aws_world.compute import run_instance, volume
from assay.demo.aws_world.identity import give_mfa
from assay.demo.aws_world.network import EVERYONE, OFFICE, Network
from assay.demo.aws_world.storage import build_bucket
from assay.demo.aws_world.watching import refresh


def change(place: Place) -> None:
    """Change a world that `build_day_one` built; `place.now` is the second day."""
    place.days_ago(2)
    main = _main_network(place)
    _fix(place, main)
    _regress(place, main)
    _add(place, main)
    place.session.set("deny", service="kms", operation="GetKeyRotationStatus")
    place.today()
    refresh(place)


def _main_network(place: Place) -> Network:
    """The main network, found again by its names."""
    ec2 = place.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["main"]}])["Vpcs"]
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = sorted(
        ec2.describe_subnets(Filters=inside)["Subnets"], key=lambda subnet: str(subnet["CidrBlock"])
    )
    groups = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    return Network(
        vpc["VpcId"],
        tuple(each["SubnetId"] for each in subnets),
        {each["GroupName"]: each["GroupId"] for each in groups},
    )


def _fix(place: Place, main: Network) -> None:
    ec2 = place.client("ec2")
    ec2.revoke_security_group_ingress(GroupId=main.groups["bastion"], IpPermissions=[_port(22, EVERYONE)])
    ec2.authorize_security_group_ingress(GroupId=main.groups["bastion"], IpPermissions=[_port(22, OFFICE)])
    give_mfa(place, "rafael-duarte")
    remove_user(place, "lyle-okoro")
    place.client("rds").modify_db_instance(
        DBInstanceIdentifier="northwind-reporting", BackupRetentionPeriod=7, ApplyImmediately=True
    )


def remove_user(place: Place, login: str) -> None:
    """Delete an IAM user with all that hangs on it."""
    iam = place.client("iam")
    for key in iam.list_access_keys(UserName=login)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=login, AccessKeyId=key["AccessKeyId"])
    for group in iam.list_groups_for_user(UserName=login)["Groups"]:
        iam.remove_user_from_group(UserName=login, GroupName=group["GroupName"])
    iam.delete_login_profile(UserName=login)
    iam.delete_user(UserName=login)


def _regress(place: Place, main: Network) -> None:
    place.client("ec2").authorize_security_group_ingress(
        GroupId=main.groups["database"], IpPermissions=[_port(5432, EVERYONE)]
    )
    place.client("s3").put_bucket_versioning(
        Bucket="northwind-terraform-state", VersioningConfiguration={"Status": "Suspended"}
    )


def _add(place: Place, main: Network) -> None:
    confidential = {"owner": "data", "data-class": "confidential", "backup": "required"}
    build_bucket(place, "northwind-ml-training", {"tags": confidential})
    labels = {"owner": "platform", "environment": "production"}
    worker = run_instance(place, main, "worker-c", "worker", profile="worker", labels=labels)
    volume(place, "worker-c-queue", 50, attach_to=worker, backup="required")


def _port(port: int, cidr: str) -> dict[str, object]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}
