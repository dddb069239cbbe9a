"""Databases: PostgreSQL instances, an Aurora cluster, their snapshots, DynamoDB tables.

Wrong on purpose: reporting has no backups, no encryption, one zone, plain connections and no exported logs; one table has no point-in-time recovery.
"""

from typing import Any

from assay.demo.aws_server import REGIONS
from assay.demo.aws_world._place import Place, tags
from assay.demo.aws_world.network import Network
from assay.demo.aws_world.storage import key_of


def build_databases(place: Place, networks: dict[str, Network]) -> None:
    place.days_ago(640)
    _parameter_groups(place)
    _subnet_groups(place, networks)
    for name, facts in _INSTANCES.items():
        _instance(place, name, facts, networks)
    _aurora(place, networks["main"])
    _engine_versions(place)
    _snapshots(place)
    _tables(place)
    place.today()


def _parameter_groups(place: Place) -> None:
    rds = place.client("rds")
    for name, forced in (("postgres16-tls", "1"), ("postgres16-plain", "0")):
        rds.create_db_parameter_group(
            DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name
        )
        rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[_parameter(forced)])
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="aurora16-tls",
        DBParameterGroupFamily="aurora-postgresql16",
        Description="aurora16-tls",
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName="aurora16-tls", Parameters=[_parameter("1")]
    )


def _parameter(value: str) -> dict[str, str]:
    return {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}


def _subnet_groups(place: Place, networks: dict[str, Network]) -> None:
    for name in ("main", "data"):
        place.client("rds").create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=list(networks[name].subnets)
        )


_PASSWORD = "demonstration-only"  # noqa: S105 - opens nothing: there is no database
_INSTANCES: dict[str, dict[str, Any]] = {
    "northwind-api": {
        "network": "main", "group": "database", "days": 14, "zones": True, "protected": True, "tls": "postgres16-tls",
        "logs": ["postgresql", "upgrade"], "tags": {"environment": "production", "backup": "required"},
    },
    "northwind-billing": {
        "network": "main", "group": "database", "days": 30, "zones": True, "protected": True, "tls": "postgres16-tls",
        "logs": ["postgresql", "upgrade"], "tags": {"environment": "production", "backup": "required"},
    },
    "northwind-staging": {
        "network": "main", "group": "database", "days": 7, "zones": False, "protected": True, "tls": "postgres16-tls",
        "logs": ["postgresql", "upgrade"], "tags": {"environment": "staging"},
    },
    "northwind-reporting": {
        "network": "data", "group": "warehouse", "days": 0, "zones": False, "protected": False, "tls": "postgres16-plain",
        "logs": [], "plain": True, "tags": {"environment": "production", "owner": "data"},
    },
}  # fmt: skip


def _instance(place: Place, name: str, facts: dict[str, Any], networks: dict[str, Network]) -> None:
    key = {} if facts.get("plain") else {"KmsKeyId": key_of(place, "customer-data")}
    place.client("rds").create_db_instance(
        DBInstanceIdentifier=name, Engine="postgres", EngineVersion="16.8", DBInstanceClass="db.t4g.medium", AllocatedStorage=100,
        MasterUsername="postgres", MasterUserPassword=_PASSWORD, StorageEncrypted=not facts.get("plain"), **key,
        BackupRetentionPeriod=facts["days"], MultiAZ=facts["zones"], DeletionProtection=facts["protected"],
        PubliclyAccessible=False, AutoMinorVersionUpgrade=True, EnableIAMDatabaseAuthentication=not facts.get("plain"),
        EnableCloudwatchLogsExports=facts["logs"], DBParameterGroupName=facts["tls"], DBSubnetGroupName=facts["network"],
        VpcSecurityGroupIds=[networks[facts["network"]].groups[facts["group"]]], Tags=tags(**facts["tags"]),
    )  # fmt: skip


def _aurora(place: Place, main: Network) -> None:
    rds = place.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="northwind-metrics", Engine="aurora-postgresql", EngineVersion="16.8", MasterUsername="postgres",
        MasterUserPassword=_PASSWORD, StorageEncrypted=True, KmsKeyId=key_of(place, "customer-data"), BackupRetentionPeriod=14,
        DeletionProtection=True, EnableCloudwatchLogsExports=["postgresql"], DBSubnetGroupName="main",
        DBClusterParameterGroupName="aurora16-tls", EnableIAMDatabaseAuthentication=True,
        VpcSecurityGroupIds=[main.groups["database"]], Tags=tags(environment="production", backup="required"),
    )  # fmt: skip
    for number, zone in enumerate("ab", start=1):
        rds.create_db_instance(
            DBInstanceIdentifier=f"northwind-metrics-{number}", DBClusterIdentifier="northwind-metrics", Engine="aurora-postgresql",
            DBInstanceClass="db.r7g.large", AvailabilityZone=f"{place.region}{zone}", AutoMinorVersionUpgrade=True,
            PubliclyAccessible=False, EnableIAMDatabaseAuthentication=True, Tags=tags(environment="production"),
        )  # fmt: skip


def _engine_versions(place: Place) -> None:
    """Moto lacks the two calls. AWS answers them alike in every region; dates of standard support as its calendar has them for the versions in use."""
    versions = [
        {"Engine": engine, "EngineVersion": "16.8", "MajorEngineVersion": "16", "DBParameterGroupFamily": f"{engine}16",
         "Status": "available", "ExportableLogTypes": logs, "SupportsIAMDatabaseAuthentication": True}
        for engine, logs in (("postgres", ["postgresql", "upgrade"]), ("aurora-postgresql", ["postgresql"]))
    ]  # fmt: skip
    support = {
        "LifecycleSupportName": "open-source-rds-standard-support",
        "LifecycleSupportStartDate": "2024-02-27T00:00:00Z",
    }
    majors = [
        {
            "Engine": engine,
            "MajorEngineVersion": "16",
            "SupportedEngineLifecycles": [support | {"LifecycleSupportEndDate": end}],
        }
        for engine, end in (
            ("postgres", "2029-02-28T23:59:59Z"),
            ("aurora-postgresql", "2029-02-28T23:59:59Z"),
        )
    ]
    for region in REGIONS:
        place.session.set_unserved("rds", "DescribeDBEngineVersions", region, {"DBEngineVersions": versions})
        place.session.set_unserved(
            "rds", "DescribeDBMajorEngineVersions", region, {"DBMajorEngineVersions": majors}
        )


def _snapshots(place: Place) -> None:
    rds = place.client("rds")
    place.days_ago(0.2)
    for name in ("northwind-api", "northwind-billing", "northwind-reporting"):
        rds.create_db_snapshot(DBSnapshotIdentifier=f"{name}-nightly", DBInstanceIdentifier=name)
    rds.create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="northwind-metrics-nightly", DBClusterIdentifier="northwind-metrics"
    )


def _tables(place: Place) -> None:
    dynamodb = place.client("dynamodb")
    for name, recovery, labels in (
        ("sessions", True, {"data-class": "confidential"}),
        ("feature-flags", True, {"owner": "platform"}),
        ("ingest-dedup", False, {"owner": "data"}),
    ):
        confidential = "data-class" in labels
        more: dict[str, Any] = {"SSESpecification": {
            "Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key_of(place, "customer-data"),
        }} if confidential else {}  # fmt: skip
        dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], DeletionProtectionEnabled=recovery,
            Tags=[{"Key": key, "Value": value} for key, value in labels.items()], **more,
        )  # fmt: skip
        if recovery:
            dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
