"""`assay account`: who holds the machine lists accounts, lets people in who lost their way in, and shuts accounts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assay.cli.root import assay
from tests.web.people.conftest import Person, browser

People = dict[str, Person]


@pytest.fixture
def run(people: People, home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `assay account` in the process that serves the home already."""
    monkeypatch.setattr("assay_web.serving.ready", lambda path: None)

    def ran(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(assay, ["--home", str(home), "account", *arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return ran


def test_it_lists_accounts_with_their_state(run: Any, people: People) -> None:
    code, output = run("list", "--json")
    listed = {one["email"]: one for one in json.loads(output)}
    assert code == 0
    assert listed["olga@northwind.example"] == {
        "id": people["olga"].account.id,
        "email": "olga@northwind.example",
        "name": "Olga Example",
        "role": "owner",
        "state": "active",
        "second_factor": True,
    }
    assert listed["rosa@northwind.example"]["second_factor"] is False
    assert "olga@northwind.example" in run("list")[1]


def test_a_link_for_a_lost_password_lets_the_only_owner_in_again(run: Any, people: People) -> None:
    code, output = run("link", "OLGA@northwind.example", "--json")
    said = json.loads(output)
    assert (code, said["for"], said["account"]) == (0, "recovery", people["olga"].account.id)
    path = said["link"].removeprefix("http://localhost:8321")
    client = browser()
    answer = client.post(path, {"password": "another long pass phrase"})
    assert answer.headers["Location"] == "/account/second-factor/"
    assert people["olga"].account.authenticator_set.count() == 0
    assert browser().get(path).status_code == 404


def test_a_link_for_someone_invited_is_an_invitation(run: Any, people: People) -> None:
    from assay_web.records.accounts import Role
    from assay_web.services.accounts import invite, open_link

    _, first = invite(
        by=people["olga"].account, name="Ines", email="ines@northwind.example", role=Role.READER
    )
    assert json.loads(run("link", "ines@northwind.example", "--json")[1])["for"] == "invitation"
    assert open_link(first.token) is None


def test_disabling_and_enabling_say_so_and_the_ledger_names_the_host(run: Any, people: People) -> None:
    from assay_web.home import current_home

    assert json.loads(run("disable", "ben@northwind.example", "--json")[1])["state"] == "disabled"
    assert run("enable", "ben@northwind.example") == (0, "Ben Example is enabled.\n")
    home = current_home()
    bodies = [home.ledger.body(one) or {} for one in home.ledger.entries(home.ledger.size() - 2)]
    assert [(one["act"], one["by"]) for one in bodies] == [
        ("account.disabled", "host"),
        ("account.enabled", "host"),
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("link nobody@northwind.example", "There is no account for nobody@northwind.example."),
        ("disable olga@northwind.example", "Olga Example is the only owner."),
        ("enable ben@northwind.example", "Ben Example is not disabled."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(run: Any, arguments: str, says: str) -> None:
    code, output = run(*arguments.split())
    assert code == 1
    assert says in output


def test_it_works_by_itself_on_a_home_that_nobody_serves(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert CliRunner().invoke(assay, ["--home", str(home), "init", "--name", "Northwind"]).exit_code == 0
    command = [sys.executable, "-m", "assay", "--home", str(home), "account", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "There is no account yet." in done.stdout
