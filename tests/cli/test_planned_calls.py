"""Before a collection starts it says how many calls it will make, and that number is the one that is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assay.cli.root import assay
from assay.demo.aws_server import ACCOUNT, AwsServer
from assay.demo.github_standin import ORGANIZATION, READ_ALL, GithubStandin, serve, small_company
from assay.home import Surroundings, open_home
from assay.home.sources import Source, connect_source

TABLES = (
    "aws_s3_bucket",
    "aws_s3_account_block",
    "aws_iam_principal",
    "aws_ec2_security_group",
    "aws_cloudtrail",
)
TOKEN = "github_pat_stand_in"


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(assay, ["--home", str(home), *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def answered(home: Path, *arguments: str) -> Any:
    code, output = run(home, *arguments, "--json")
    assert code in (0, 8), output
    return json.loads(output)


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsServer]:
    """Three regions, three buckets and two people."""
    with AwsServer() as server:
        world = server.session()
        s3, iam = world.client("s3"), world.client("iam")
        for name in ("invoices", "logs", "exports"):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        for name in ("ada", "ben"):
            iam.create_user(UserName=name)
        yield server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "AKIADEMONSTRATION00")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    run(tmp_path / "home", "init", "--name", "Northwind Metrics")
    return tmp_path / "home"


def tables() -> list[str]:
    return [word for table in TABLES for word in ("--table", table)]


def test_what_is_announced_for_aws_is_what_is_made(home: Path, aws: AwsServer) -> None:
    connected = answered(home, "connect", "aws", "--endpoint-url", aws.endpoint)
    assert connected["planned"]["calls"] is None  # nothing was seen yet
    assert connected["planned"]["regions"] is None
    [first] = answered(home, "collect", *tables())
    assert first["planned"]["calls"] is None
    lists = first["planned"]["calls_for_the_account"] + 3 * first["planned"]["calls_for_each_region"]
    assert lists < first["calls"]
    [second] = answered(home, "collect", *tables())
    assert second["planned"]["calls"] == second["calls"] == first["calls"]
    assert (second["planned"]["regions"], second["planned"]["records"]) == (3, first["records"])


def test_the_calls_that_take_a_role_on_are_announced_too(home: Path, aws: AwsServer) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/AssayReadOnly"
    answered(home, "connect", "aws", "--endpoint-url", aws.endpoint, "--role", role)
    [first] = answered(home, "collect", *tables())
    [second] = answered(home, "collect", *tables())
    assert second["planned"]["calls"] == second["calls"] == first["calls"]


def test_the_text_says_it_before_the_first_call(home: Path, aws: AwsServer) -> None:
    answered(home, "connect", "aws", "--endpoint-url", aws.endpoint, "--region", "eu-central-1")
    _, output = run(home, "collect", "--table", "aws_s3_account_block", "--table", "aws_ec2_security_group")
    announced, _, collected = output.partition("number is known.\n")
    assert " ".join(announced.split()) == (
        "aws-main: 3 calls to list what the account has, 1 in each region (4 calls in 1 region), "
        "and more for each bucket, key, user and so on; after the first run the"
    )
    assert collected.startswith("aws-main: ")
    assert max(map(len, announced.splitlines())) <= 80
    _, output = run(home, "collect", "--table", "aws_s3_account_block", "--table", "aws_ec2_security_group")
    assert output.splitlines()[0].startswith("aws-main: about 4 calls in 1 region, as its ")


def test_another_account_under_the_same_name_announces_nothing_of_the_one_before(
    home: Path, aws: AwsServer
) -> None:
    answered(home, "connect", "aws", "--endpoint-url", aws.endpoint)
    answered(home, "collect", "--table", "aws_s3_account_block")
    connected = answered(home, "connect", "aws", "--endpoint-url", f"{aws.endpoint}/", "--replace")
    assert connected["planned"]["calls"] is None


def test_what_is_announced_for_github_is_not_exceeded(home: Path) -> None:
    """A later run asks for new events only: the number of the run before is the most that an unchanged organization takes."""
    with serve(GithubStandin(small_company(), {TOKEN: READ_ALL})) as url:
        settings = {
            "events_from": "2026-07-19T00:00:00Z",
            "loopback_port": int(url.rpartition(":")[2]),
            "organization": ORGANIZATION,
            "root": url,
        }
        opened = open_home(home, Surroundings.real())
        connect_source(opened, Source("github", "github", settings), {"token": TOKEN}, "ada")
        opened.close()
        [first] = answered(home, "collect")
        assert first["planned"]["calls"] is None
        assert 0 < first["planned"]["calls_for_the_account"] < first["calls"]
        [second] = answered(home, "collect")
        plan = next(one for one in json.loads(run(home, "doctor", "--json")[1]) if one["weight"] == "note")
    assert second["planned"]["calls"] == first["calls"]
    assert 0 < second["calls"] <= second["planned"]["calls"]
    assert (plan["thing"], plan["found"]) == (
        "github, plan",
        "the plan “team” lacks 4 tables of 21, whole or in part",
    )
