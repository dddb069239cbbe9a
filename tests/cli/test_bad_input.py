"""Bad input gets a sentence that names the thing and says what to do; the exit code is that of docs/reference/exit-codes.md, and no traceback shows."""

from __future__ import annotations

import os
from pathlib import Path
from sqlite3 import OperationalError

import click
import pytest
from click.testing import CliRunner

from assay.cli.root import assay, sentence
from assay.home.database.sqlite import _explained


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("company") / "home"
    assert run(path, "init", "--name", "Northwind Metrics")[0] == 0
    return path


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(assay, ["--home", str(home), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "--as-of", "2990-01-01"), "2990-01-01T00:00:00Z is still to come"),
        (("check", "--period", "2026-02-01", "x"), "are not two days; write them as"),
        (("history", "arn:none"), "No record has the key “arn:none”"),
        (("evidence", "list", "--control", "NOPE-1"), "`assay show controls` lists them"),
        (
            ("evidence", "add", "GOV-01", "--shows", "x", "--how", "record", "--covers", "a", "b"),
            "write it as 2026-03-31",
        ),
        (("collect", "nope"), "No source “nope” is connected"),
        (("collect",), "Begin with `assay connect aws`"),
        (("connect", "aws", "--role", "notanarn"), "“notanarn” is no role's ARN"),
        (("connect", "github", "acme"), "name it with --token-file"),
        (("connect", "github", "acme", "--token-file", os.devnull), "holds no token"),
        (("connect", "github", "acme", "--app-id", "3"), "An App needs all three"),
        (("init", "--name", " "), "Give it with --name"),
        (("init", "--name", "Other"), "There is already a home"),
        (("report", "--output", "x.docx"), "end it with .html, .pdf"),
        (("check", "new", "own.x", "--table", "nope"), "`assay show tables` lists what there is"),
        (("scope", "show"), "No scope is set yet"),
        (("scope", "set", os.devnull), "must hold fields"),
        (("parameter", "show", "access_key_max_age"), "Did you mean access_key_max_age_days"),
        (("show", "aws.s3.publik"), "Did you mean aws.s3.public"),
        (("sources", "disconnect", "nope", "--yes"), "No source “nope” is connected"),
        (("verify", os.devnull, "--key", "garbage"), "“garbage” is not a key"),
    ],
)
def test_an_error_is_a_sentence_that_says_what_to_do(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, output = run(home, *arguments)
    assert code == 1
    assert output.startswith("assay: ")
    assert said in output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "There is no command “bogus”. `assay --help` lists what there is."),
        (("colect",), "There is no command “colect”. Did you mean collect or"),
        (("check", "--as-of", "yesterday"), "write it as 2026-03-31T12:00:00Z, or 2026-03-31"),
        (("check", "--as-of", "2026-03-31T12:00:00"), "has no zone; end it with Z for UTC"),
        (("history", "--last", "0"), "--last"),
        (("history", "--kind", "nope"), "'conclusions'"),
        (("connect", "aws", "--opt-in", "nope"), "'secret_patterns'"),
        (("verify", "nowhere"), "'nowhere' does not exist"),
        (("backup",), "Missing argument 'TARGET'"),
    ],
)
def test_a_command_that_is_not_written_as_it_must_be_ends_with_two(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, output = run(home, *arguments)
    assert code == 2
    assert said in output.replace("\n", " ")


def test_a_place_that_cannot_be_written_is_named(home: Path, tmp_path: Path) -> None:
    assert run(home, "check")[0] == 8
    under_a_file = tmp_path / "file"
    under_a_file.write_text("")
    for arguments in (("pack",), ("report", "--output"), ("backup",)):
        code, output = run(home, *arguments, str(under_a_file / "x.pdf"))
        assert code == 1
        assert str(under_a_file) in output
        assert "Not a directory" in output


def test_a_file_that_is_no_checkpoint_is_named(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text("not a checkpoint")
    code, output = run(home, "verify", str(file), "--checkpoint", str(file))
    assert code == 1
    assert f"{file} is no checkpoint:" in output


def test_a_home_that_may_not_be_written_is_said() -> None:
    refused = _explained(OperationalError("attempt to write a readonly database"), Path("home/assay.db"))
    assert "Run the command as the user who owns the home" in str(refused)


def test_what_nobody_foresaw_shows_its_kind_and_no_text_that_might_be_secret() -> None:
    said = sentence(ValueError("AKIA-secret"))
    assert "(ValueError)" in said
    assert "AKIA" not in said
    assert "ASSAY_DEBUG=1" in said


def test_a_question_that_nobody_answers_is_no_bare_abort() -> None:
    assert "Give the answer as an option" in sentence(click.Abort())
