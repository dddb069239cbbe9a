"""The real collector over a real API on loopback: real answers become records, and what goes wrong becomes a gap over exactly that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from aws_small_world import ACCOUNT, AWS, HOME, OTHER, Collected, build, collected
from tests.fakes.aws_proxy import AwsProxy as Proxy
from tests.fakes.aws_proxy import Call, Reply
from tests.fakes.silence import give_up_silence

from assay.demo.aws_server import AwsServer
from assay.outbound.aws import AwsAccess, Limits
from assay.outbound.patience import Patience
from assay.outbound.secret import Secret
from assay.tables import columns_of
from assay.tables.actions import action_of, calls_of
from assay.tables.permissions import RUN_CALLS

BEN = f"arn:aws:iam::{ACCOUNT}:user/ben"
DEV = f"arn:aws:iam::{ACCOUNT}:user/dev"


@pytest.fixture(scope="module")
def server() -> Iterator[AwsServer]:
    with AwsServer() as aws:
        build(aws.session())
        yield aws


@pytest.fixture
def proxy(server: AwsServer) -> Iterator[Proxy]:
    with Proxy(server.endpoint) as one:
        yield one


@pytest.fixture(scope="module")
def whole(server: AwsServer) -> Collected:
    """Everything, with nothing going wrong."""
    return collected(server.endpoint)


def test_nothing_is_missed_where_nothing_goes_wrong(whole: Collected) -> None:
    assert whole.gaps() == []
    assert {one.table for one in whole.seen if hasattr(one, "table")} == set(AWS)
    assert whole.principals[0][0] == ACCOUNT


def test_calls_made_are_those_that_the_tables_state(whole: Collected) -> None:
    stated = {call for spec in AWS.values() for call in calls_of(spec)} | {"sts.get_caller_identity"}
    made = {call.call for call in whole.calls}
    assert made <= stated
    assert {action_of(call) for call in made} <= {
        action for spec in AWS.values() for action in spec.permissions
    } | {action_of(call) for call in RUN_CALLS}


def test_iam_as_it_is(whole: Collected) -> None:
    principals = {one["name"]: one for one in whole.rows("aws_iam_principal")}
    assert {
        name: one["kind"] for name, one in principals.items() if name in ("ben", "dev", "admins", "partner")
    } == {
        "ben": "user",
        "dev": "user",
        "admins": "group",
        "partner": "role",
    }
    assert (principals["partner"]["trusted_accounts"], principals["partner"]["open_trust"]) == (
        ["444455556666"],
        False,
    )
    policies = {
        one["name"]: (one["kind"], one["allows_everything"], one["owner"])
        for one in whole.rows("aws_iam_policy")
    }
    assert policies["everything"] == ("customer", True, None)
    assert policies["inline"] == ("inline", True, DEV)
    attached = {
        (one["principal_arn"], one["policy_name"], one["how"])
        for one in whole.rows("aws_iam_policy_attachment")
    }
    assert (f"arn:aws:iam::{ACCOUNT}:group/admins", "everything", "attached") in attached
    assert (DEV, "inline", "inline") in attached
    keys = whole.rows("aws_iam_access_key")
    assert [(one["parent"], one["user_arn"], one["active"], one["last_used"]) for one in keys] == [
        (BEN, BEN, True, None)
    ] * 2
    assert [(one["user_arn"], one["is_root"]) for one in whole.rows("aws_iam_mfa_device")] == [(BEN, False)]
    report = {
        one["user"]: (one["has_password"], one["mfa"]) for one in whole.rows("aws_iam_credential_report")
    }
    assert (report["ben"], report["dev"]) == ((False, True), (True, False))
    (policy,) = whole.rows("aws_iam_password_policy")
    assert (policy["minimum_length"], policy["needs_symbol"], policy["maximum_age_days"]) == (14, False, 0)
    assert whole.rows("aws_iam_account_summary")[0]["users"] == 2


def test_buckets_as_they_are(whole: Collected) -> None:
    buckets = {one["name"]: one for one in whole.rows("aws_s3_bucket")}
    uploads, trail, site = (buckets[f"northwind-{name}"] for name in ("uploads", "trail", "site"))
    assert uploads["tags"] == ["backup:required", "data-class:confidential"]
    assert (uploads["encryption"], uploads["versioning"], uploads["object_ownership"]) == (
        "AES256",
        "Enabled",
        "BucketOwnerEnforced",
    )
    assert (trail["receives_trail"], trail["policy_public_actions"], trail["versioning"]) == (True, [], "Off")
    assert (site["policy_public_actions"], site["has_policy"], site["receives_trail"]) == (
        ["s3:GetObject"],
        True,
        False,
    )
    assert site["blocks_public_policy"] is False


def test_the_other_tables_as_they_are(whole: Collected) -> None:
    rules = whole.rows("aws_ec2_security_group_rule", HOME)
    assert [
        (one["from_port"], one["to_port"], one["range"])
        for one in rules
        if one["inbound"] and one["whole_internet"]
    ] == [(22, 22, "0.0.0.0/0")]
    assert "web" in [one["name"] for one in whole.rows("aws_ec2_security_group", HOME)]
    (volume,) = whole.rows("aws_ebs_volume", HOME)
    assert (volume["encrypted"], volume["size_gib"]) == (True, 8)
    (database,) = whole.rows("aws_rds_instance", HOME)
    assert (database["name"], database["encrypted"], database["public"], database["backup_days"]) == (
        "billing",
        True,
        False,
        7,
    )
    assert database["tags"] == ["backup:required"]
    (trail,) = whole.rows("aws_cloudtrail", HOME)
    assert [
        trail[name]
        for name in ("multi_region", "validation", "logging", "management_reads", "management_writes")
    ] == [True] * 5
    customer = [one for one in whole.rows("aws_kms_key", HOME) if one["manager"] == "CUSTOMER"]
    assert [(one["rotates"], one["rotatable"], one["policy_public_actions"]) for one in customer] == [
        (True, True, [])
    ]
    (settings,) = whole.rows("aws_ec2_region_settings", HOME)
    assert (settings["key"], settings["ebs_encryption"], settings["snapshots_blocked"]) == (
        HOME,
        False,
        "unblocked",
    )
    assert [one["id"] for one in whole.rows("aws_account")] == [ACCOUNT]
    assert [one["blocks_public_acls"] for one in whole.rows("aws_s3_account_block")] == [False]


def test_nothing_secret_is_kept(whole: Collected) -> None:
    records = repr([one.records for one in whole.seen if hasattr(one, "records")]) + repr(whole.calls)
    assert "northwind-uploads" in records
    assert "planted" not in records


def test_the_same_account_gives_the_same_records_again(server: AwsServer, whole: Collected) -> None:
    again = collected(server.endpoint)
    for first, second in zip(whole.seen, again.seen, strict=True):
        assert getattr(first, "records", None) == getattr(second, "records", None)


def test_few_calls_do(proxy: Proxy) -> None:
    collected(proxy.endpoint, "aws_s3_bucket")
    # Each bucket: tags, encryption, public access, ownership, policy. ACL unless ownership is enforced. Policy status where there is a policy.
    # Versioning of what is tagged for recovery or receives a trail, logging of what is confidential or receives one, lock of the latter.
    assert {operation: number for service, operation, number in proxy.table() if service == "s3"} == {
        "ListBuckets": 1,
        "GetBucketTagging": 3,
        "GetBucketEncryption": 3,
        "GetPublicAccessBlock": 3,
        "GetBucketOwnershipControls": 3,
        "GetBucketPolicy": 3,
        "GetBucketAcl": 2,
        "GetBucketPolicyStatus": 2,
        "GetBucketVersioning": 3,
        "GetBucketLogging": 2,
        "GetObjectLockConfiguration": 1,
        "GetBucketLifecycle": 3,
        "GetBucketReplication": 3,
    }


def test_one_answer_serves_three_tables(proxy: Proxy) -> None:
    collected(proxy.endpoint, "aws_iam_policy", "aws_iam_policy_attachment", "aws_iam_principal")
    assert proxy.count("iam", "GetAccountAuthorizationDetails") == 1


def buckets(*columns: str) -> list[tuple[str, str, str, frozenset[str]]]:
    return [
        ("aws_s3_bucket", "denied", f"arn:aws:s3:::northwind-{name}", frozenset(columns))
        for name in ("site", "trail", "uploads")
    ]


@pytest.mark.parametrize(
    ("service", "operation", "table", "gaps"),
    [
        ("s3", "GetBucketEncryption", "aws_s3_bucket", buckets("encryption", "kms_key")),
        ("s3", "GetBucketVersioning", "aws_s3_bucket", buckets("mfa_delete", "versioning")),
        ("rds", "DescribeDBInstances", "aws_rds_instance", [("aws_rds_instance", "denied", None, None)]),
        (
            "iam",
            "GenerateCredentialReport",
            "aws_iam_credential_report",
            [("aws_iam_credential_report", "denied", None, None)],
        ),
        (
            "iam",
            "GetCredentialReport",
            "aws_iam_credential_report",
            [("aws_iam_credential_report", "denied", None, None)],
        ),
        (
            "iam",
            "GetAccountPasswordPolicy",
            "aws_iam_password_policy",
            [("aws_iam_password_policy", "denied", None, None)],
        ),
        (
            "iam",
            "ListVirtualMFADevices",
            "aws_iam_mfa_device",
            [("aws_iam_mfa_device", "denied", None, None)],
        ),
        ("cloudtrail", "DescribeTrails", "aws_cloudtrail", [("aws_cloudtrail", "denied", None, None)]),
        (
            "ec2",
            "DescribeSecurityGroups",
            "aws_ec2_security_group",
            [("aws_ec2_security_group", "denied", None, None)],
        ),
    ],
)
def test_a_denial_is_a_gap_over_exactly_what_was_not_seen(
    proxy: Proxy, service: str, operation: str, table: str, gaps: list[Any]
) -> None:
    proxy.deny(service, operation)
    assert collected(proxy.endpoint, table).gaps() == gaps


def test_denied_key_rotation_leaves_the_rest_of_the_key(proxy: Proxy, whole: Collected) -> None:
    proxy.deny("kms", "GetKeyRotationStatus")
    found = collected(proxy.endpoint, "aws_kms_key")
    keys = {one["key"] for one in whole.rows("aws_kms_key", HOME) if one["rotatable"]}
    assert found.gaps() == [
        ("aws_kms_key", "denied", key, frozenset({"rotates", "rotation_days"})) for key in sorted(keys)
    ]
    assert {one["state"] for one in found.rows("aws_kms_key", HOME)} == {"Enabled"}


def test_a_list_denied_for_one_user_is_a_gap_over_that_users_keys(proxy: Proxy) -> None:
    proxy.deny("iam", "ListAccessKeys", of="dev")
    found = collected(proxy.endpoint, "aws_iam_principal", "aws_iam_access_key")
    assert found.gaps() == [("aws_iam_access_key", "denied", DEV, None)]
    assert len(found.rows("aws_iam_access_key")) == 2


def test_where_the_users_were_denied_their_keys_are_not_seen(proxy: Proxy) -> None:
    proxy.deny("iam", "GetAccountAuthorizationDetails")
    found = collected(proxy.endpoint, "aws_iam_principal", "aws_iam_access_key")
    assert found.not_seen() == [("aws_iam_principal", "", "denied"), ("aws_iam_access_key", "", "denied")]
    assert proxy.count("iam", "ListAccessKeys") == 0


def test_a_region_that_refuses_leaves_the_others(proxy: Proxy) -> None:
    proxy.deny("ec2", "DescribeVolumes", region=OTHER)
    found = collected(proxy.endpoint, "aws_ebs_volume", regions=None)
    assert found.not_seen() == [("aws_ebs_volume", OTHER, "denied")]
    assert len(found.rows("aws_ebs_volume", HOME)) == 1


def test_where_the_regions_are_not_known_no_regional_table_is_seen(proxy: Proxy) -> None:
    proxy.deny("ec2", "DescribeRegions")
    found = collected(proxy.endpoint, "aws_ebs_volume", "aws_iam_mfa_device", regions=None)
    assert found.not_seen() == [("aws_ebs_volume", None, "denied")]
    assert len(found.rows("aws_iam_mfa_device")) == 1


def test_an_account_that_cannot_be_reached_is_a_gap_of_every_table(proxy: Proxy) -> None:
    proxy.deny("sts", "GetCallerIdentity")
    found = collected(proxy.endpoint, "aws_ebs_volume", "aws_s3_bucket")
    assert found.not_seen() == [("aws_ebs_volume", None, "denied"), ("aws_s3_bucket", None, "denied")]


def test_a_permission_lost_in_mid_run_takes_what_comes_after_it(proxy: Proxy) -> None:
    proxy.deny("s3", "*", after=8)
    found = collected(proxy.endpoint, "aws_s3_bucket")
    assert {reason for _, reason, _, _ in found.gaps()} == {"denied"}
    asked = sum(
        1
        for record in found.population("aws_s3_bucket").records
        for part in record.record.values()
        if part is not None
    )
    assert asked >= 1
    missing = {(key, name) for _, _, key, columns in found.gaps() for name in columns or ()}
    for one, record in zip(
        found.rows("aws_s3_bucket"), found.population("aws_s3_bucket").records, strict=True
    ):
        unseen = {
            name
            for call in AWS["aws_s3_bucket"].each
            if call.part not in record.record
            for name in columns_of(AWS["aws_s3_bucket"], call.part)
        }
        assert unseen == {name for key, name in missing if key == one["key"]}
        assert all(one[name] is None for name in unseen)


def test_throttled_twice_is_asked_again_and_is_no_gap(proxy: Proxy) -> None:
    proxy.throttle("rds", "DescribeDBInstances", times=2)
    found = collected(proxy.endpoint, "aws_rds_instance")
    assert found.gaps() == []
    assert proxy.count("rds", "DescribeDBInstances") == 3
    assert 0 < found.time.slept < 60


@pytest.mark.parametrize("operation", ["ListBuckets", "GetBucketTagging"])
def test_throttled_for_ever_ends_within_bounds(proxy: Proxy, operation: str) -> None:
    proxy.throttle("s3", operation)
    found = collected(proxy.endpoint, "aws_s3_bucket")
    assert {reason for _, reason, _, _ in found.gaps()} == {"throttled"}
    asked = {"ListBuckets": 1, "GetBucketTagging": 3}[operation]
    assert asked < proxy.count("s3", operation) <= 5 * asked
    assert found.time.slept < 300


def test_a_throttled_account_is_not_hammered(proxy: Proxy) -> None:
    proxy.throttle("*", "*", after=1)
    found = collected(proxy.endpoint)
    assert len(found.not_seen()) == len(AWS)
    calls = len(found.calls)
    assert proxy.count() <= calls * 1.5 + 4


def quick() -> Limits:
    return Limits(patience=Patience(attempts=3, attempts_after_timeout=1))


SPOILS = ["truncate", "cut_short", "html", "empty", "wrong_types", "drop", "time_out", "break_down"]
REASONS = {"time_out": "timeout", "drop": "failed", "break_down": "failed"}


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize(
    ("service", "operation", "table"),
    [
        ("rds", "DescribeDBInstances", "aws_rds_instance"),
        ("kms", "ListKeys", "aws_kms_key"),
        ("iam", "GetAccountAuthorizationDetails", "aws_iam_principal"),
        ("s3", "ListBuckets", "aws_s3_bucket"),
        ("iam", "GetCredentialReport", "aws_iam_credential_report"),
    ],
)
def test_a_spoilt_list_is_never_taken_for_a_whole_one(
    proxy: Proxy,
    whole: Collected,
    spoil: str,
    service: str,
    operation: str,
    table: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give_up_silence(monkeypatch, proxy)
    getattr(proxy, spoil)(service, operation)
    found = collected(proxy.endpoint, table, limits=quick())
    if spoil == "wrong_types" and not found.not_seen():
        # Nothing in this list has a type that words could spoil: it is as it was.
        (one,) = [one for one in found.seen if one.table == table]  # type: ignore[union-attr]
        assert one.records == whole.population(table, one.region).records  # type: ignore[union-attr]
        return
    expected = REASONS.get(spoil, "malformed")
    if (service, spoil) == ("s3", "cut_short"):
        expected = "failed"  # botocore takes S3's broken XML for a server error, and asks again
    assert [(name, reason) for name, _, reason in found.not_seen()] == [(table, expected)]


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize(
    ("service", "operation", "table", "part"),
    [
        ("s3", "GetBucketEncryption", "aws_s3_bucket", "get_bucket_encryption"),
        ("s3", "GetPublicAccessBlock", "aws_s3_bucket", "get_public_access_block"),
        ("kms", "GetKeyRotationStatus", "aws_kms_key", "get_key_rotation_status"),
        ("kms", "DescribeKey", "aws_kms_key", "describe_key"),
        ("cloudtrail", "GetTrailStatus", "aws_cloudtrail", "get_trail_status"),
    ],
)
def test_a_spoilt_answer_changes_no_value_into_another(
    proxy: Proxy,
    whole: Collected,
    spoil: str,
    service: str,
    operation: str,
    table: str,
    part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give_up_silence(monkeypatch, proxy)
    getattr(proxy, spoil)(service, operation)
    found = collected(proxy.endpoint, table, limits=quick())
    region = "" if table == "aws_s3_bucket" else HOME
    missing = {(key, name) for _, _, key, columns in found.gaps() for name in columns or ()}
    for before, now in zip(whole.rows(table, region), found.rows(table, region), strict=True):
        for name in columns_of(AWS[table], part):
            assert now[name] == before[name] or (now[name] is None and (now["key"], name) in missing), name


@pytest.mark.parametrize(
    ("service", "operation", "table"),
    [("kms", "ListKeys", "aws_kms_key"), ("iam", "GetAccountAuthorizationDetails", "aws_iam_policy")],
)
def test_pages_in_a_loop_end(proxy: Proxy, service: str, operation: str, table: str) -> None:
    proxy.loop_pages(service, operation)
    found = collected(proxy.endpoint, table)
    assert [(name, reason) for name, _, reason in found.not_seen()] == [(table, "malformed")]
    assert proxy.count(service, operation) <= 3


def test_the_call_log_has_a_line_for_each_call_and_no_argument(whole: Collected) -> None:
    line = next(call for call in whole.calls if call.call == "rds.describe_db_instances")
    assert (line.account, line.region, line.status, line.error) == (ACCOUNT, HOME, 200, None)
    assert line.request_id
    assert line.started_ms >= 0
    assert line.took_ms >= 0
    assert [call.error for call in whole.calls if call.call == "organizations.describe_organization"] == [
        "AWSOrganizationsNotInUseException"
    ]


def test_skew_against_the_servers_clock_is_reported(server: AwsServer) -> None:
    late = collected(
        server.endpoint, "aws_iam_mfa_device", clock=lambda: datetime.now(UTC).replace(year=2020)
    )
    ((least, most),) = late.skews
    assert least > 365 * 86_400_000
    assert most - least < 60_000


def test_a_role_is_taken_on_with_external_id_session_policy_and_the_runs_name(proxy: Proxy) -> None:
    asked: list[dict[str, list[str]]] = []

    def look(call: Call) -> Reply:
        asked.append(parse_qs(call.body.decode()))
        return call.forward()

    proxy.spoil("sts", "AssumeRole", look)
    role = f"arn:aws:iam::{ACCOUNT}:role/partner"
    access = AwsAccess(
        "run/7",
        role_arn=role,
        external_id=Secret("external-1"),
        region=OTHER,
        keys=("AKIAEXAMPLE", Secret("x")),
    )
    found = collected(proxy.endpoint, "aws_rds_instance", "aws_iam_mfa_device", access=access)
    assert found.gaps() == []
    (request,) = asked
    assert (request["ExternalId"], request["RoleSessionName"], request["DurationSeconds"]) == (
        ["external-1"],
        ["assay-run-7"],
        ["3600"],
    )
    (statement,) = json.loads(request["Policy"][0])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": [
            "ec2:DescribeRegions",
            "iam:ListVirtualMFADevices",
            "rds:DescribeDBInstances",
            "sts:GetCallerIdentity",
        ],
        "Resource": "*",
    }
    assert found.calls[0].call == "sts.assume_role"
    assert "external-1" not in repr(found)
