"""Who watches: CloudTrail, log groups, metric filters, alarms and their topic, Config, GuardDuty, Security Hub, Inspector, backups.

Wrong on purpose: no alarm on policy changes of buckets or on disabled keys, Config records in one region only, nothing watches the region
nobody uses, two log groups keep too little.
"""

from datetime import timedelta
from typing import Any

from assay.demo.aws_server import ACCOUNT
from assay.demo.aws_world._place import MAIN, SECOND, Place, arn, tags
from assay.demo.aws_world.compute import nightly_snapshots, report_managed
from assay.demo.aws_world.identity import signed_in
from assay.demo.aws_world.storage import LOGS, key_of
from assay.demo.northwind import DOMAIN

TRAIL_GROUP, NAMESPACE, TRAIL = "/cloudtrail/northwind", "Northwind/Security", "northwind-audit"


def build_watching(place: Place) -> None:
    place.days_ago(880)
    _log_groups(place)
    topic = _topics(place)
    _trails(place)
    _alarms(place, topic)
    _recorders(place)
    _detectors(place)
    _backup(place)
    place.today()


def _log_groups(place: Place) -> None:
    logs = place.client("logs")
    kept = {
        TRAIL_GROUP: 400, "/ecs/api": 400, "/ecs/worker": 400, "/aws/lambda/ingest-events": 400, "/aws/lambda/webhook-relay": 14,
        "/aws/rds/instance/northwind-api/postgresql": 400, "/aws/eks/data-platform/cluster": 30,
    }  # fmt: skip
    for name, days in kept.items():
        logs.create_log_group(logGroupName=name, kmsKeyId=key_of(place, "logs"))
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)


def _topics(place: Place) -> str:
    """The security topic's arn. An address that has confirmed, and queues beside it, encrypted and not."""
    sns, sqs = place.client("sns"), place.client("sqs")
    topic = str(
        sns.create_topic(
            Name="security-alerts",
            Attributes={"KmsMasterKeyId": key_of(place, "logs")},
            Tags=tags(owner="platform"),
        )["TopicArn"]
    )
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"security@{DOMAIN}")
    deploys = sns.create_topic(Name="deployments")["TopicArn"]
    sns.subscribe(TopicArn=deploys, Protocol="email", Endpoint=f"engineering@{DOMAIN}")
    sqs.create_queue(
        QueueName="ingest-events",
        Attributes={"KmsMasterKeyId": "alias/customer-data"},
        tags={"owner": "platform"},
    )
    sqs.create_queue(
        QueueName="ingest-events-dead",
        Attributes={"SqsManagedSseEnabled": "true"},
        tags={"owner": "platform"},
    )
    sqs.create_queue(
        QueueName="thumbnails", Attributes={"SqsManagedSseEnabled": "false"}, tags={"owner": "platform"}
    )
    return topic


def _trails(place: Place) -> None:
    trails = place.client("cloudtrail")
    trails.create_trail(
        Name=TRAIL, S3BucketName=LOGS, S3KeyPrefix="cloudtrail", IsMultiRegionTrail=True, IncludeGlobalServiceEvents=True,
        EnableLogFileValidation=True, KmsKeyId=key_of(place, "logs"), TagsList=tags(owner="platform"),
        CloudWatchLogsLogGroupArn=arn("logs", f"log-group:{TRAIL_GROUP}:*", place.region),
        CloudWatchLogsRoleArn=arn("iam", "role/trail-to-logs"),
    )  # fmt: skip
    trails.start_logging(Name=TRAIL)
    objects = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::northwind-customer-uploads/"]}
    trails.put_event_selectors(
        TrailName=TRAIL,
        EventSelectors=[
            {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [objects]}
        ],
    )


_ALARMED = {
    "root-used": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "calls-refused": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "console-without-mfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    "iam-policy-changed": (
        "{ ($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || "
        "($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || "
        "($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || "
        "($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || "
        "($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy) }"
    ),
    "trail-changed": (
        "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || "
        "($.eventName = StartLogging) || ($.eventName = StopLogging) }"
    ),
    "security-group-changed": (
        "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || "
        "($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || "
        "($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }"
    ),
}


def _alarms(place: Place, topic: str) -> None:
    logs, watch = place.client("logs"), place.client("cloudwatch")
    for name, pattern in _ALARMED.items():
        counted = {"metricName": name, "metricNamespace": NAMESPACE, "metricValue": "1"}
        logs.put_metric_filter(
            logGroupName=TRAIL_GROUP, filterName=name, filterPattern=pattern, metricTransformations=[counted]
        )
        watch.put_metric_alarm(
            AlarmName=name, MetricName=name, Namespace=NAMESPACE, Statistic="Sum", Period=300, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold", AlarmActions=[topic], ActionsEnabled=True,
        )  # fmt: skip


def _recorders(place: Place) -> None:
    config = place.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default", "roleARN": arn("iam", "role/config-recorder"),
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )  # fmt: skip
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": LOGS})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def _detectors(place: Place) -> None:
    for region in (MAIN, SECOND):
        there = place.elsewhere(region)
        detector = there.client("guardduty").create_detector(
            Enable=True, FindingPublishingFrequency="FIFTEEN_MINUTES"
        )["DetectorId"]
        if region == MAIN:
            _finding(there, detector)
        analyzer: dict[str, Any] = {
            "arn": arn("access-analyzer", "analyzer/account", region), "name": "account", "type": "ACCOUNT", "status": "ACTIVE",
            "createdAt": (place.now - timedelta(days=500)).isoformat(),
        }  # fmt: skip
        place.session.set_unserved("accessanalyzer", "ListAnalyzers", region, {"analyzers": [analyzer]})
    place.client("securityhub").enable_security_hub(EnableDefaultStandards=True)
    standard = "arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0"
    subscribed = arn("securityhub", "subscription/aws-foundational-security-best-practices/v/1.0.0", MAIN)
    place.session.set_unserved("securityhub", "GetEnabledStandards", MAIN, {
        "StandardsSubscriptions": [
            {"StandardsArn": standard, "StandardsSubscriptionArn": subscribed, "StandardsInput": {}, "StandardsStatus": "READY"}
        ]
    })  # fmt: skip
    place.client("inspector2").enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR", "LAMBDA"])


def _finding(place: Place, detector: str) -> None:
    """One archived finding of high severity, so that the check has something it may judge."""
    seen = (place.now - timedelta(days=12)).isoformat()
    finding = {
        "AccountId": ACCOUNT, "Arn": arn("guardduty", f"detector/{detector}/finding/northwind-1", place.region), "Id": "northwind-1",
        "CreatedAt": seen, "UpdatedAt": seen, "Region": place.region, "Partition": "aws", "SchemaVersion": "2.0", "Severity": 8.0,
        "Title": "An instance asked a domain known for mining", "Type": "CryptoCurrency:EC2/BitcoinTool.B!DNS",
        "Resource": {"ResourceType": "Instance"},
        "Service": {"Archived": True, "Count": 1, "DetectorId": detector, "EventFirstSeen": seen, "EventLastSeen": seen},
    }  # fmt: skip
    place.session.set_unserved("guardduty", "ListFindings", place.region, {"FindingIds": ["northwind-1"]})
    place.session.set_unserved("guardduty", "GetFindings", place.region, {"Findings": [finding]})


def _backup(place: Place) -> None:
    backup = place.client("backup")
    backup.create_backup_vault(BackupVaultName="northwind", EncryptionKeyArn=key_of(place, "customer-data"))
    rule = {
        "RuleName": "nightly", "TargetBackupVaultName": "northwind", "ScheduleExpression": "cron(0 2 * * ? *)",
        "Lifecycle": {"DeleteAfterDays": 35},
    }  # fmt: skip
    backup.create_backup_plan(BackupPlan={"BackupPlanName": "nightly", "Rules": [rule]})
    protected_resources(place)


def protected_resources(place: Place) -> None:
    """What AWS Backup covered last night (moto lacks the call): what is tagged for recovery, but for one volume and one bucket."""
    covered = [(arn("rds", f"db:{name}", MAIN), "RDS") for name in ("northwind-api", "northwind-billing")]
    covered += [(arn("rds", "cluster:northwind-metrics", MAIN), "Aurora")]
    covered += [
        (f"arn:aws:s3:::{name}", "S3") for name in ("northwind-customer-uploads", "northwind-terraform-state")
    ]
    covered += [(each, "EBS") for each in _volumes(place)] + [(each, "EFS") for each in _shares(place)]
    last = (place.now - timedelta(hours=5)).isoformat()
    vault = arn("backup", "backup-vault:northwind", MAIN)
    results = [
        {"ResourceArn": each, "ResourceType": kind, "LastBackupTime": last, "LastBackupVaultArn": vault}
        for each, kind in covered
    ]
    place.session.set_unserved("backup", "ListProtectedResources", MAIN, {"Results": results})


def refresh(place: Place) -> None:
    """Let another night pass: snapshots, backups, the agents' reports, and the people who signed in."""
    nightly_snapshots(place)
    protected_resources(place)
    report_managed(place)
    signed_in(place)
    place.today()


def _volumes(place: Place) -> list[str]:
    found = place.client("ec2").describe_volumes(Filters=[{"Name": "tag:backup", "Values": ["required"]}])[
        "Volumes"
    ]
    names = {tag["Value"]: each["VolumeId"] for each in found for tag in each["Tags"] if tag["Key"] == "Name"}
    return [arn("ec2", f"volume/{names[name]}", MAIN) for name in sorted(names) if name != "search-index"]


def _shares(place: Place) -> list[str]:
    found = place.client("efs").describe_file_systems()["FileSystems"]
    return [each["FileSystemArn"] for each in found if each["Encrypted"]]
