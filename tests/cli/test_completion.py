"""Tab offers the ids that are there, in bash, zsh and fish, and reads no evidence for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete, get_completion_class
from click.testing import CliRunner

from assay.cli.completing import FINISH
from assay.cli.entry_points import subcommands
from assay.cli.root import assay

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "shell-completion.md"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("company") / "home"
    runner = CliRunner()
    assert runner.invoke(assay, ["--home", str(path), "init", "--name", "Northwind Metrics"]).exit_code == 0
    assert runner.invoke(assay, ["--home", str(path), "connect", "aws"]).exit_code == 0
    return path


def offered(home: Path, *words: str) -> list[str]:
    completion = ShellComplete(assay, {}, "assay", "_ASSAY_COMPLETE")
    *before, last = words
    return [item.value for item in completion.get_completions(["--home", str(home), *before], last)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("che",), ["check"]),
        (("show", "aws.s3.public_l"), ["aws.s3.public_list_acl"]),
        (("show", "CC6.1"), ["CC6.1"]),
        (("show", "IAM-04"), ["IAM-04"]),
        (("show", "aws_s3_bucket_"), ["aws_s3_bucket_region"]),
        (("show", "aws-m"), ["aws-main"]),
        (("collect", ""), ["aws-main"]),
        (("collect", "--table", "hr_"), ["hr_person"]),
        (("sources", "disconnect", "a"), ["aws-main"]),
        (("parameter", "set", "access_key_max"), ["access_key_max_age_days"]),
        (("parameter", "show", "access_key_max"), ["access_key_max_age_days"]),
        (("connect", "file", "tick"), ["ticket"]),
        (("connect", "file", "aws_"), []),
        (("evidence", "add", "GOV-01"), ["GOV-01"]),
        (("evidence", "list", "--control", "GOV-01"), ["GOV-01"]),
        (("check", "new", "own.x", "--table", "aws_s3_bucket_"), ["aws_s3_bucket_region"]),
        (("report", "--format", "x"), ["xlsx"]),
        (("history", "--kind", "coll"), ["collection"]),
    ],
)
def test_what_is_there_is_offered(home: Path, words: tuple[str, ...], expected: list[str]) -> None:
    assert offered(home, *words) == expected


def test_without_a_home_what_is_shipped_is_offered(tmp_path: Path) -> None:
    assert offered(tmp_path / "none", "collect", "") == []
    assert offered(tmp_path / "none", "show", "aws.s3.public_l") == ["aws.s3.public_list_acl"]
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("shell", "environment"),
    [
        ("bash", {"COMP_WORDS": "assay show aws.s3.publi", "COMP_CWORD": "2"}),
        ("zsh", {"COMP_WORDS": "assay show aws.s3.publi", "COMP_CWORD": "2"}),
        ("fish", {"COMP_WORDS": "assay show aws.s3.publi", "COMP_CWORD": "aws.s3.publi"}),
    ],
)
def test_each_shell_is_answered(shell: str, environment: dict[str, str]) -> None:
    done = CliRunner().invoke(
        assay, prog_name="assay", env={**environment, "_ASSAY_COMPLETE": f"{shell}_complete"}
    )
    assert "aws.s3.public" in done.output
    assert "aws.s3.encryption" not in done.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_documented(shell: str) -> None:
    assert get_completion_class(shell) is not None
    assert f"_ASSAY_COMPLETE={shell}_source assay" in GUIDE.read_text()
    assert f"{shell}_source" in FINISH
    assert FINISH.split(":")[0] in CliRunner().invoke(assay, ["--help"]).output


def test_a_plug_in_adds_a_command_by_its_entry_point(tmp_path: Path) -> None:
    described = tmp_path / "plugin-1.dist-info"
    described.mkdir()
    (described / "entry_points.txt").write_text(
        "[console_scripts]\nx = y:z\n\n[assay.commands]\n; a remark\nrisk = plugin.risk:command\n\n[other]\nq = r:s\n"
    )
    assert subcommands([str(tmp_path), str(tmp_path / "none")]) == {"risk": "plugin.risk:command"}
