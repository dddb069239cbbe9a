"""Who signs in and what analyses it: tables over moto's server and over recorded answers, and the checks that rest on them over the same answers."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.content_tree import Content
from assay.demo.aws_server import AwsServer
from assay.tables import load_tables

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

import aws_small_world
from aws_answers import Answers
from aws_small_world import ACCOUNT, HOME, Collected, collected

SPECS = load_tables(Content.shipped())
TABLES = (
    "aws_iam_identity_provider",
    "aws_iam_server_certificate",
    "aws_identity_center_instance",
    "aws_identity_center_user",
    "aws_identity_center_assignment",
)


@pytest.fixture(scope="module", autouse=True)
def every_table() -> Iterator[None]:
    """The collectors' small world knows its own tables; here it knows all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aws_small_world, "AWS", SPECS)
        yield


def build(session: Any) -> None:
    """A SAML provider, a server certificate, and one user of Identity Center with an address."""
    iam = session.client("iam", HOME)
    iam.create_saml_provider(Name="workforce", SAMLMetadataDocument="planted metadata " * 100)
    iam.upload_server_certificate(
        ServerCertificateName="shop", CertificateBody="planted body", PrivateKey="planted key"
    )
    instance = session.client("sso-admin", HOME).list_instances()["Instances"][0]
    store = instance["IdentityStoreId"]
    ben = session.client("identitystore", HOME).create_user(
        IdentityStoreId=store,
        UserName="ben",
        DisplayName="planted name",
        Name={"GivenName": "planted", "FamilyName": "name"},
        Emails=[{"Value": "Ben@Northwind.example", "Type": "work", "Primary": True}],
    )
    assign(session, instance["InstanceArn"], store, ben["UserId"])


def assign(session: Any, instance: str, store: str, user: str) -> None:
    """Let the user reach the account by himself and as member of a group, and let a group without members reach it too."""
    sso, directory = session.client("sso-admin", HOME), session.client("identitystore", HOME)
    group, empty = (
        directory.create_group(IdentityStoreId=store, DisplayName=name)["GroupId"]
        for name in ("planted group", "planted empty group")
    )
    directory.create_group_membership(IdentityStoreId=store, GroupId=group, MemberId={"UserId": user})
    made = sso.create_permission_set(InstanceArn=instance, Name="Admin")["PermissionSet"]["PermissionSetArn"]
    for kind, principal in (("USER", user), ("GROUP", group), ("GROUP", empty)):
        sso.create_account_assignment(
            InstanceArn=instance,
            TargetId=ACCOUNT,
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=made,
            PrincipalType=kind,
            PrincipalId=principal,
        )
    sso.provision_permission_set(
        InstanceArn=instance, PermissionSetArn=made, TargetId=ACCOUNT, TargetType="AWS_ACCOUNT"
    )


@pytest.fixture(scope="module")
def over_moto() -> Iterator[Collected]:
    with AwsServer() as aws:
        build(aws.session())
        yield collected(aws.endpoint, *TABLES)


def test_nothing_is_missed_and_nothing_planted_is_kept(over_moto: Collected) -> None:
    assert over_moto.gaps() == []
    assert "planted" not in repr(over_moto.seen)


def test_the_provider_and_the_certificate(over_moto: Collected) -> None:
    (provider,) = over_moto.rows("aws_iam_identity_provider")
    assert provider["arn"] == f"arn:aws:iam::{ACCOUNT}:saml-provider/workforce"
    (shop,) = over_moto.rows("aws_iam_server_certificate")
    assert (shop["name"], shop["path"], shop["key"]) == (
        "shop",
        "/",
        f"arn:aws:iam::{ACCOUNT}:server-certificate/shop",
    )
    assert shop["expires"].date().isoformat() == "2012-05-08"  # moto's own, whatever the certificate says


def test_the_user_hangs_on_the_instance(over_moto: Collected) -> None:
    (instance,) = over_moto.rows("aws_identity_center_instance", HOME)
    (ben,) = over_moto.rows("aws_identity_center_user", HOME)
    assert instance["owned_here"] is True
    assert (ben["parent"], ben["user_name"], ben["email"], ben["enabled"]) == (
        instance["key"],
        "ben",
        "ben@northwind.example",
        True,
    )


def test_a_user_reaches_an_account_by_himself_and_through_a_group(over_moto: Collected) -> None:
    (ben,) = over_moto.rows("aws_identity_center_user", HOME)
    direct, through = sorted(
        over_moto.rows("aws_identity_center_assignment", HOME), key=lambda one: one["group_id"] or ""
    )
    for one in (direct, through):
        assert (one["user_id"], one["reached"], one["parent"]) == (ben["user_id"], ACCOUNT, ben["parent"])
        assert "/ps-" in one["permission_set"]
    assert direct["group_id"] is None
    assert through["group_id"]


def played(name: str, *tables: str) -> Collected:
    with Answers.of(name).playing():
        return collected("http://127.0.0.1:9", *tables, regions=None)


def test_users_by_recorded_answers() -> None:
    found = played("aws/iam/center", "aws_identity_center_instance", "aws_identity_center_user")
    assert found.gaps() == []
    assert [
        (one["user_name"], one["email"], one["enabled"])
        for one in found.rows("aws_identity_center_user", "eu-west-1")
    ] == [
        ("ada", "ada@northwind.example", True),
        ("ben", "ben@northwind.example", False),
        ("chloe@northwind.example", "chloe@northwind.example", True),
        ("dev", None, True),
    ]
    assert found.rows("aws_identity_center_user", "us-east-1") == []
    (foreign,) = found.rows("aws_identity_center_instance", "us-east-1")
    assert (foreign["owner"], foreign["owned_here"]) == ("444455556666", False)
    assert "planted" not in repr(found.seen)


def test_assignments_by_recorded_answers() -> None:
    """Two permission sets, three pairs with an account, four assignments, and one group that is met twice and asked about once."""
    found = played("aws/iam/center", "aws_identity_center_instance", "aws_identity_center_assignment")
    assert found.gaps() == []
    rows = found.rows("aws_identity_center_assignment", "eu-west-1")
    assert sorted(
        (one["user_id"][-1], one["reached"], one["permission_set"][-1], (one["group_id"] or "-")[-1])
        for one in rows
    ) == [
        ("1", "111122223333", "1", "9"),
        ("1", "444455556666", "1", "9"),
        ("2", "111122223333", "1", "9"),
        ("2", "444455556666", "1", "9"),
        ("3", "111122223333", "1", "-"),
        ("3", "444455556666", "2", "-"),
    ]
    assert found.rows("aws_identity_center_assignment", "us-east-1") == []
    assert Counter(call.call for call in found.calls if "list_" in call.call) == {
        "sso-admin.list_instances": 2,
        "sso-admin.list_permission_sets": 1,
        "sso-admin.list_accounts_for_provisioned_permission_set": 2,
        "sso-admin.list_account_assignments": 3,
        "identitystore.list_group_memberships": 1,
    }


def test_analyzers_by_recorded_answers() -> None:
    found = played("aws/iam/analyzers", "aws_access_analyzer")
    assert found.gaps() == []
    assert [
        (one["name"], one["analyzer_type"], one["status"], region)
        for region in ("eu-west-1", "us-east-1")
        for one in found.rows("aws_access_analyzer", region)
    ] == [
        ("outside", "ACCOUNT", "ACTIVE", "eu-west-1"),
        ("unused", "ACCOUNT_UNUSED_ACCESS", "ACTIVE", "us-east-1"),
    ]
