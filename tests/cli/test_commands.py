"""The command line: every subcommand loads and is documented, errors are sentences, `--help` imports no engine."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assay.cli.entry_points import GROUP, subcommands
from assay.cli.reference import pages
from assay.cli.root import assay

COMMANDS = sorted(point.name for point in importlib.metadata.entry_points(group=GROUP))


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(assay, list(arguments))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_a_subcommand_loads_and_says_what_it_does(name: str) -> None:
    command = assay.get_command(click.Context(assay), name)
    assert command is not None
    assert command.help


def test_the_subcommands_are_those_that_the_installed_packages_name() -> None:
    named = {point.name: point.value for point in importlib.metadata.entry_points(group=GROUP)}
    assert subcommands() == named


def test_every_subcommand_is_documented() -> None:
    documented = pages()["commands.md"]
    assert [name for name in COMMANDS if f"## assay {name}\n" not in documented] == []


def test_without_a_home_the_error_says_what_to_do(tmp_path: Path) -> None:
    code, output = run("--home", str(tmp_path / "none"), "report")
    assert code == 1
    assert "Make one with `assay init`" in output


def test_a_home_is_made_judged_and_reported_without_any_source(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    assert run("--home", home, "init", "--name", "Northwind Metrics")[0] == 0
    code, output = run("--home", home, "check", "--json")
    assert code == 8
    counts = json.loads(output)["counts"]
    assert (counts["CONFORMS"], counts["DEVIATES"]) == (0, 0)
    assert counts["UNKNOWN"] > 0
    assert run("--home", home, "report")[0] == 8
    assert run("--home", home, "fsck")[0] == 0


def test_a_parameter_change_is_an_act_and_a_back_dated_one_is_refused(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    run("--home", home, "init", "--name", "Northwind Metrics")
    assert run("--home", home, "parameter", "set", "access_key_max_age_days", "60", "--by", "ada")[0] == 0
    code, output = run(
        "--home", home, "parameter", "set", "access_key_max_age_days", "30", "--from", "2020-01-01"
    )
    assert code == 1
    assert "what was judged by the earlier value stays so" in output
    assert json.loads(run("--home", home, "parameter", "list", "--json")[1])["access_key_max_age_days"] == 60
    assert "setting.set parameter.access_key_max_age_days by ada" in run("--home", home, "history")[1]


def test_a_name_that_is_nearly_right_is_suggested(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    run("--home", home, "init", "--name", "Northwind Metrics")
    code, output = run("--home", home, "show", "aws.iam.key_agee")
    assert code == 1
    assert "Did you mean aws.iam.key_age" in output
    code, output = run("--home", home, "show", "aws.s3.public_block")
    assert code == 1
    assert "Did you mean aws.s3.public or aws.s3.bucket_block" in output


def test_help_imports_no_engine() -> None:
    probe = (
        "import sys; from assay.cli.root import assay\n"
        "try: assay.main(['--help'], prog_name='assay')\n"
        "except SystemExit: pass\n"
        "print([name for name in ('duckdb', 'boto3', 'botocore', 'sqlglot', 'typst', 'httpx') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "collect" in done.stdout
