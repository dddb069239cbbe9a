"""The witness from the command line: Chloe makes one and serves it, Ada has her ledger cosigned and her pack shows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.home.world import new_home

from assay.cli.root import assay
from assay.evidence.note import Ed25519Key
from assay.home import signer

NAME = "witness.example/chloe"


def said(*arguments: str) -> str:
    result = CliRunner().invoke(assay, arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@contextmanager
def serving(state: Path, home_key: str) -> Iterator[str]:
    """Serve the witness on a free port for a while; gives its address."""
    command = [
        sys.executable,
        "-m",
        "assay.cli",
        "witness",
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--state",
        str(state),
        "--trust",
        home_key,
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().rpartition(" ")[2].strip()
        finally:
            server.terminate()


@pytest.fixture
def home_key(tmp_path: Path) -> str:
    home = new_home(tmp_path / "home")
    key = signer(home).key.text()
    home.close()
    return key


def test_a_ledger_is_cosigned_and_the_cosignature_is_kept(tmp_path: Path, home_key: str) -> None:
    state, at_home = str(tmp_path / "witness.db"), ("--home", str(tmp_path / "home"))
    key = said("witness", "key", "--state", state, "--name", NAME).strip()
    assert key.startswith(f"{NAME}+")
    assert said("witness", "key", "--state", state).strip() == key
    assert "No checkpoint was published yet" in said(*at_home, "witness", "status")
    with serving(Path(state), home_key) as url:
        first = json.loads(
            said(*at_home, "witness", "send", url, "--witness-key", key, "--loopback", "--json")
        )
        again = json.loads(
            said(*at_home, "witness", "send", url, "--witness-key", key, "--loopback", "--json")
        )
    assert (first["witness"], first["entries"], again["entries"]) == (NAME, 2, 2)
    status = json.loads(said(*at_home, "witness", "status", "--json"))
    assert {one["witness"] for one in status["cosigned"]} == {NAME}
    assert (status["entries"], status["checkpoint"]) == (2, 2)
    said(*at_home, "pack", str(tmp_path / "pack.zip"))
    verified = json.loads(said("verify", str(tmp_path / "pack.zip"), "--witness", key, "--json"))
    assert {one["name"] for one in verified["witnesses"]} == {NAME}


def test_a_ledger_that_the_witness_does_not_know_is_refused_with_a_reason(
    tmp_path: Path, home_key: str
) -> None:
    state, at_home = tmp_path / "witness.db", ["--home", str(tmp_path / "home")]
    key = said("witness", "key", "--state", str(state), "--name", NAME).strip()
    another = Ed25519Key("assay/ffff", Ed25519Key.parse(home_key).public).text()
    with serving(state, another) as url:
        refused = CliRunner().invoke(
            assay, [*at_home, "witness", "send", url, "--witness-key", key, "--loopback"]
        )
    assert refused.exit_code == 1
    assert "does not know this log" in refused.output
    assert json.loads(said(*at_home, "witness", "status", "--json"))["cosigned"] == []


def test_a_witness_on_this_machine_is_reached_only_where_that_is_allowed(
    tmp_path: Path, home_key: str
) -> None:
    key = said("witness", "key", "--state", str(tmp_path / "witness.db"), "--name", NAME).strip()
    with serving(tmp_path / "witness.db", home_key) as url:
        refused = CliRunner().invoke(
            assay, ["--home", str(tmp_path / "home"), "witness", "send", url, "--witness-key", key]
        )
    assert refused.exit_code == 1


def test_a_second_witness_is_not_made_over_the_first(tmp_path: Path) -> None:
    state = str(tmp_path / "witness.db")
    said("witness", "key", "--state", state, "--name", NAME)
    result = CliRunner().invoke(assay, ["witness", "key", "--state", state, "--name", NAME])
    assert result.exit_code == 1
    assert (tmp_path / "witness.db.key").stat().st_mode & 0o777 == 0o600


def test_without_a_witness_nothing_is_served(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        assay, ["witness", "serve", "--state", str(tmp_path / "none.db"), "--trust", "x"]
    )
    assert result.exit_code == 1
