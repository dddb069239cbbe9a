"""The printed policy allows what a collection really asks for and nothing more, all of it reads settings, and data and secrets are denied by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assay.evidence.call_log import calls_in
from assay.evidence.canonical import parse
from assay.home import Home
from assay.tables.actions import action_of
from assay.tables.permissions import least_privilege
from tests.promises.company import Company, first_collection
from tests.promises.conftest import Whole

NOTHING_TO_ASK_ABOUT: dict[str, str] = {}
"""Actions that the world gives no occasion for, with the reason, by hand."""

READ_VERBS = ("BatchGet", "Describe", "Get", "List")
MAKES_A_REPORT = "iam:GenerateCredentialReport"

READS_DATA_OR_SECRETS = {
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ecr:GetDownloadUrlForLayer",
    "kinesis:GetRecords",
    "kms:Decrypt",
    "lambda:GetFunction",
    "lambda:InvokeFunction",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "rds-data:*",
    "rds:DownloadDBLogFilePortion",
    "s3:GetObject*",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter*",
    "sts:AssumeRole*",
}


@pytest.fixture(scope="module")
def home(whole: Whole, company: Company) -> Iterator[Home]:
    with company.copy(whole.path, "least privilege") as home:
        yield home


def calls_made(home: Home) -> set[str]:
    """The calls in the collection's own log, as `service.method`."""
    log = home.evidence.object(first_collection(home)["calls"]["object"])
    return {parse(call)[0] for call in calls_in(log)}


def statements(company: Company, home: Home, effect: str) -> list[dict[str, Any]]:
    collected = first_collection(home)["collector"]["specs"]
    policy = least_privilege(company.specs[name] for name in collected)
    return [one for one in policy["Statement"] if one["Effect"] == effect]


def allowed(company: Company, home: Home) -> set[str]:
    return {action for one in statements(company, home, "Allow") for action in one["Action"]}


def test_every_call_made_is_allowed(company: Company, home: Home) -> None:
    asked = {action_of(call) for call in calls_made(home)}
    assert len(asked) >= 60
    assert asked - allowed(company, home) == set()


def test_every_allowed_action_is_called_for(company: Company, home: Home) -> None:
    asked = {action_of(call) for call in calls_made(home)}
    assert allowed(company, home) - asked == set(NOTHING_TO_ASK_ABOUT)


def test_the_actions_that_iam_names_otherwise_than_the_calls(home: Home) -> None:
    names = {action_of(call) for call in calls_made(home)}
    assert {"s3:ListAllMyBuckets", "s3:GetEncryptionConfiguration", "s3:GetAccountPublicAccessBlock"} <= names
    assert not {"s3:ListBuckets", "s3:GetBucketEncryption", "s3control:GetPublicAccessBlock"} & names


def test_every_action_reads(company: Company, home: Home) -> None:
    actions = allowed(company, home)
    assert not [action for action in actions if "*" in action]
    changing = {action for action in actions if not action.partition(":")[2].startswith(READ_VERBS)}
    assert changing <= {MAKES_A_REPORT}


def test_data_and_secrets_are_denied_by_name(company: Company, home: Home) -> None:
    (denying,) = statements(company, home, "Deny")
    assert set(denying["Action"]) >= READS_DATA_OR_SECRETS
    assert denying["Resource"] == "*"
    assert not set(denying["Action"]) & allowed(company, home)
