"""Connecting: the external id is real and stays, a name that is taken is never changed unsaid, and what GitHub's plans lack is known before."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assay.cli.root import assay
from assay.evidence.ledger import Kind
from assay.home import Surroundings, open_home
from assay.home.sources import credentials, sources, sources_since

ROLE = "arn:aws:iam::111122223333:role/AssayReadOnly"
OTHER = "arn:aws:iam::444455556666:role/AssayReadOnly"
PRINCIPAL = "arn:aws:iam::999988887777:role/assay"
EXTERNAL_ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    run(tmp_path / "home", "init", "--name", "Northwind Metrics")
    return tmp_path / "home"


def run(home: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(assay, ["--home", str(home), *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def answered(home: Path, *arguments: str) -> Any:
    code, output, error = run(home, *arguments, "--json")
    assert code == 0, error
    return json.loads(output)


def kept(home: Path, source: str) -> dict[str, str]:
    opened = open_home(home, Surroundings.real())
    try:
        return credentials(opened, source)
    finally:
        opened.close()


def acts(home: Path) -> int:
    opened = open_home(home, Surroundings.real())
    try:
        return len(list(opened.ledger.entries(kind=Kind.ACT)))
    finally:
        opened.close()


def printed_id(home: Path, *arguments: str) -> str:
    _, output, _ = run(home, "connect", "aws", "--print-policy", "cloudformation", *arguments)
    return str(json.loads(output)["Parameters"]["ExternalId"]["Default"])


def test_a_printed_role_holds_the_external_id_that_the_source_will_use(home: Path) -> None:
    before = printed_id(home)
    assert EXTERNAL_ID.fullmatch(before)
    assert (
        f'"sts:ExternalId" = "{before}"'
        in run(home, "connect", "aws", "--print-policy", "terraform", "--principal", PRINCIPAL)[1]
    )
    assert answered(home, "sources") == []  # printing connects nothing
    opened = open_home(home, Surroundings.real())
    assert sources_since(opened, datetime(2020, 1, 1, tzinfo=UTC)) == []
    opened.close()
    assert answered(home, "connect", "aws", "--role", ROLE)["external_id"] == before
    assert printed_id(home) == before
    assert answered(home, "sources", "show", "aws-main")["external_id"] == before


def test_one_company_has_one_external_id_for_all_its_accounts(home: Path) -> None:
    first = answered(home, "connect", "aws", "--name", "production", "--role", ROLE)["external_id"]
    assert answered(home, "connect", "aws", "--name", "staging", "--role", OTHER)["external_id"] == first
    assert printed_id(home, "--name", "sandbox") == first


def test_two_homes_have_two_external_ids(home: Path, tmp_path: Path) -> None:
    run(tmp_path / "other", "init", "--name", "Fabrikam")
    assert printed_id(home) != printed_id(tmp_path / "other")


def test_the_external_id_is_said_to_be_no_secret_and_where_it_is_shown_again(home: Path) -> None:
    _, output, _ = run(home, "connect", "aws", "--role", ROLE)
    external_id = kept(home, "aws-main")["external_id"]
    assert f"The role's external id is {external_id}.\nIt is no secret" in output
    assert "`assay sources show aws-main` shows it again." in output
    assert f"external_id: {external_id}" in run(home, "sources", "show", "aws-main")[1]


def test_the_policy_alone_needs_no_home(tmp_path: Path) -> None:
    code, output, _ = run(tmp_path / "none", "connect", "aws", "--print-policy")
    assert (code, json.loads(output)["Version"]) == (0, "2012-10-17")
    code, output, error = run(
        tmp_path / "none", "connect", "aws", "--print-policy", "terraform", "--principal", PRINCIPAL
    )
    assert (code, output) == (1, "")
    assert "Make one with `assay init`" in error


def test_who_takes_the_role_on_is_asked_for_and_never_made_up(home: Path) -> None:
    template = json.loads(run(home, "connect", "aws", "--print-policy", "cloudformation")[1])
    assert "Default" not in template["Parameters"]["AssayPrincipal"]
    code, output, error = run(home, "connect", "aws", "--print-policy", "terraform")
    assert (code, output, "--principal" in error) == (1, "", True)


def test_connecting_anew_says_what_changes_and_changes_nothing_unless_somebody_agrees(home: Path) -> None:
    first = answered(home, "connect", "aws", "--role", ROLE, "--region", "eu-central-1")
    before = acts(home)
    code, output, error = run(home, "connect", "aws", "--role", OTHER)
    assert (code, output) == (1, "")
    assert f"  role_arn: {ROLE} → {OTHER}\n" in error
    assert "  regions: eu-central-1 → none\n" in error
    assert "nothing was changed. Run it again with --replace" in error
    assert acts(home) == before
    assert answered(home, "sources", "show", "aws-main")["settings"] == {
        "regions": ["eu-central-1"],
        "role_arn": ROLE,
    }
    again = answered(home, "connect", "aws", "--role", OTHER, "--replace")
    assert [(one["setting"], one["old"], one["new"]) for one in again["changes"]] == [
        ("regions", ["eu-central-1"], None),
        ("role_arn", ROLE, OTHER),
    ]
    assert again["external_id"] == first["external_id"] == kept(home, "aws-main")["external_id"]


def test_connecting_anew_in_the_same_way_changes_nothing_and_asks_nothing(home: Path) -> None:
    first = answered(home, "connect", "aws", "--role", ROLE)
    again = answered(home, "connect", "aws", "--role", ROLE)
    assert again == {**first, "changes": [], "entry": None}
    assert (
        "is connected like this already; nothing was changed."
        in run(home, "connect", "aws", "--role", ROLE)[1]
    )


def test_another_external_id_is_made_only_when_asked_for(home: Path) -> None:
    first = answered(home, "connect", "aws", "--role", ROLE)["external_id"]
    code, _, error = run(home, "connect", "aws", "--role", ROLE, "--new-external-id")
    assert code == 1
    assert f"  external_id: {first} → " in error
    assert kept(home, "aws-main")["external_id"] == first
    second = answered(home, "connect", "aws", "--role", ROLE, "--new-external-id", "--replace")["external_id"]
    assert second != first
    assert kept(home, "aws-main")["external_id"] == second == printed_id(home)
    code, _, error = run(home, "connect", "aws", "--name", "other", "--new-external-id")
    assert (code, "goes with a role" in error) == (1, True)


def test_an_external_id_outlives_a_change_to_other_credentials_and_back(home: Path) -> None:
    first = answered(home, "connect", "aws", "--role", ROLE)["external_id"]
    assert answered(home, "connect", "aws", "--profile", "audit", "--replace")["external_id"] is None
    assert answered(home, "connect", "aws", "--role", ROLE, "--replace")["external_id"] == first


def token(folder: Path, text: str) -> str:
    file = folder / text
    file.write_text(text)
    return str(file)


def test_a_token_is_replaced_only_when_somebody_agrees_and_the_start_of_events_stays(
    home: Path, tmp_path: Path
) -> None:
    first = answered(
        home,
        "connect",
        "github",
        "northwind",
        "--token-file",
        token(tmp_path, "ghp_1"),
        "--events-from",
        "2026-01-01",
    )
    code, output, error = run(
        home, "connect", "github", "acme", "--token-file", token(tmp_path, "ghp_2"), "--json"
    )
    assert (code, output) == (1, "")
    assert "  organization: northwind → acme\n  token: the one that is kept → the one given now\n" in error
    assert kept(home, "github") == {"token": "ghp_1"}
    second = answered(
        home, "connect", "github", "northwind", "--token-file", token(tmp_path, "ghp_2"), "--replace"
    )
    assert kept(home, "github") == {"token": "ghp_2"}
    assert second["events_from"] == first["events_from"] == "2026-01-01T00:00:00Z"
    assert [one["setting"] for one in second["changes"]] == ["token"]


def test_an_app_takes_the_place_of_a_token_and_a_token_that_of_an_app(home: Path, tmp_path: Path) -> None:
    run(home, "connect", "github", "northwind", "--token-file", token(tmp_path, "ghp_1"))
    by_app = ("--app-id", "1", "--installation-id", "2", "--key-file", token(tmp_path, "key"))
    answered(home, "connect", "github", "northwind", *by_app, "--replace")
    assert kept(home, "github") == {"private_key": "key"}
    answered(home, "connect", "github", "northwind", "--token-file", token(tmp_path, "ghp_2"), "--replace")
    assert kept(home, "github") == {"token": "ghp_2"}


def test_a_token_that_is_none_leaves_the_one_that_is_kept(home: Path, tmp_path: Path) -> None:
    run(home, "connect", "github", "northwind", "--token-file", token(tmp_path, "ghp_1"))
    file = token(tmp_path, "two words")
    assert run(home, "connect", "github", "acme", "--token-file", file, "--replace")[0] == 1
    assert kept(home, "github") == {"token": "ghp_1"}


def test_a_newer_export_says_what_changes_and_another_table_must_be_agreed_to(
    home: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "march.csv", tmp_path / "april.csv"
    for file in (old, new):
        file.write_text("Email,Name,Start date\nada@northwind.example,Ada,2025-02-03\n")
    export = ("--system", "Personio", "--name", "people", "--yes")
    run(home, "connect", "file", "hr_person", str(old), *export)
    code, _, error = run(home, "connect", "file", "hr_person", str(new), *export)
    assert code == 0
    assert f"  path: {old} → {new}\n" in error
    code, _, error = run(home, "connect", "file", "training_record", str(new), *export)
    assert code == 1
    assert "  mapping.table: hr_person → training_record\n" in error
    assert "--replace" in error
    code, _, error = run(home, "connect", "aws", "--name", "people")
    assert (code, "  kind: file → aws\n" in error) == (1, True)
    opened = open_home(home, Surroundings.real())
    assert [(one.id, one.kind, one.settings["path"]) for one in sources(opened)] == [
        ("people", "file", str(new))
    ]
    opened.close()


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code", "role"), [("n", 1, ROLE), ("y", 0, OTHER)])
def test_on_a_terminal_it_asks(home: Path, answer: str, code: int, role: str) -> None:
    run(home, "connect", "aws", "--role", ROLE)
    terminal, typed = os.openpty()
    os.write(terminal, f"{answer}\n".encode())
    command = [sys.executable, "-m", "assay.cli", "--home", str(home), "connect", "aws", "--role", OTHER]
    done = subprocess.run(command, stdin=typed, capture_output=True, text=True, timeout=60, check=False)
    os.close(terminal)
    os.close(typed)
    assert done.returncode == code, done.stderr
    assert "Change it? [y/N]" in done.stderr
    assert answered(home, "sources", "show", "aws-main")["settings"]["role_arn"] == role


def test_what_githubs_plans_lack_is_shown_before_anything_is_connected(tmp_path: Path) -> None:
    code, output, _ = run(tmp_path / "none", "connect", "github", "--plans")
    assert code == 0
    lines = output.splitlines()
    assert max(map(len, lines)) <= 80
    rows = {
        line.split()[0]: line.split()[1:] for line in lines if re.match(r"  github_\w+ +\w+ +\w+ +\w+$", line)
    }
    assert rows == {
        "github_audit_log_event": ["nothing", "nothing", "all"],
        "github_branch_protection": ["public", "all", "all"],
        "github_code_scanning_alert": ["public", "bought", "bought"],
        "github_repo": ["public", "bought", "bought"],
        "github_ruleset": ["public", "all", "all"],
        "github_secret_scanning_alert": ["public", "bought", "bought"],
    }
    assert "an owner can export the log" in " ".join(output.split())
    lacks = json.loads(run(tmp_path / "none", "connect", "github", "--plans", "--json")[1])
    assert [len(lacks[plan]) for plan in ("free", "team", "enterprise")] == [6, 4, 3]


def test_connecting_github_says_what_a_plan_lacks_before_it_asks_for_anything(home: Path) -> None:
    code, output, error = run(home, "connect", "github", "northwind")
    assert code == 1
    assert "6 on Free, 4 on Team, 3 on Enterprise" in " ".join(output.split())
    assert "No token was given" in error


def test_doctor_knows_what_a_plan_lacks_before_github_is_connected(home: Path) -> None:
    found = {one["thing"]: one for one in answered(home, "doctor")}
    assert found["GitHub"]["weight"] == "note"
    assert "Free 6, Team 4, Enterprise 3" in found["GitHub"]["found"]
    assert "assay connect github --plans" in found["GitHub"]["remedy"]


def test_github_needs_an_organization(home: Path) -> None:
    code, _, error = run(home, "connect", "github")
    assert (code, "Missing argument 'ORGANIZATION'" in error) == (2, True)
