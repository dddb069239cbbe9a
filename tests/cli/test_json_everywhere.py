"""Every command that says something also says it as JSON, and then nothing else on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assay.cli.reference import _walk
from assay.cli.root import assay

WITHOUT_JSON = {
    "assay serve": "It answers browsers until it is stopped.",
    "assay worker": "It works in the background until it is stopped.",
    "assay witness serve": "It answers over HTTP until it is stopped; what it serves is the answer.",
}
"""Commands without `--json`, each with its reason."""


def commands() -> Iterator[tuple[str, click.Command]]:
    for path, command in _walk("assay", assay):
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield path, command


def has_json(command: click.Command) -> bool:
    return any("--json" in parameter.opts for parameter in command.params)


def test_every_command_that_prints_something_has_json() -> None:
    assert {path for path, command in commands() if not has_json(command)} == set(WITHOUT_JSON)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("company") / "home"
    run(path, "init", "--name", "Northwind Metrics")
    return path


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(assay, ["--home", str(home), *arguments])
    return done.exit_code, done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("scope template --json", 0),
        ("sources --json", 0),
        ("evidence list --json", 0),
        ("parameter list --json", 0),
        ("parameter show access_key_max_age_days --json", 0),
        ("history --json", 0),
        ("doctor --json", 0),
        ("fsck --json", 0),
        ("witness status --json", 0),
        ("show aws.s3.public --json", 0),
        ("show CC6.1 --json", 0),
        ("show aws_s3_bucket --json", 0),
        ("connect aws --json", 0),
        ("connect aws --print-policy --json", 0),
        ("connect github acme --print-manifest --json", 0),
        ("check new own.s3.tag --table aws_s3_bucket --json", 0),
        ("hold place --reason proceeding --json", 0),
        ("hold list --json", 0),
        ("retention show --json", 0),
        ("retention apply --json", 0),
    ],
)
def test_standard_output_is_json_and_nothing_else(home: Path, arguments: str, code: int) -> None:
    found, output = run(home, *arguments.split())
    assert found == code
    json.loads(output)


def test_a_scope_from_the_json_template_is_taken(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "scope.json"
    file.write_text(run(home, "scope", "template", "--json")[1])
    code, output = run(home, "scope", "set", str(file), "--json")
    assert code == 0
    assert json.loads(output)["criteria"] == 33


def test_an_error_leaves_standard_output_empty(home: Path) -> None:
    assert run(home, "show", "nothing.there", "--json") == (1, "")


def test_disconnecting_says_json_and_nothing_else(home: Path) -> None:
    run(home, "connect", "aws", "--json")
    found, output = run(home, "sources", "disconnect", "aws-main", "--yes", "--json")
    assert found == 0
    json.loads(output)
