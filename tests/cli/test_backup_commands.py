"""Backup and restore from the command line: who was erased since the backup stays erased, and what is not known is printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.home.world import collect, person, seen
from tests.tampering.small_home import small_home

from assay.cli.root import assay
from assay.home import Home, Surroundings, open_home
from assay.home.erasure import erase
from assay.home.personal import personal

ERASED = "canary@northwind.example"


def said(*arguments: str) -> str:
    result = CliRunner().invoke(assay, arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one person, backed up together with its keys; the person was erased afterwards."""
    home = small_home(tmp_path / "home")
    collect(home, seen(person(ERASED), region="", table="aws_person"))
    said("--home", str(home.path), "backup", str(tmp_path / "backup.tar"))
    shutil.copytree(home.path / "keys", tmp_path / "old-keys")
    erase(home, [ERASED], "ada", "asked")
    return home


def restored(folder: Path, *options: str) -> tuple[str, bool]:
    """Restore the backup with the old keys; gives what was printed, and whether the person is back."""
    shutil.rmtree(folder / "restored", ignore_errors=True)
    printed = said(
        "--home",
        str(folder / "restored"),
        "restore",
        str(folder / "backup.tar"),
        "--keys",
        str(folder / "old-keys"),
        *options,
    )
    home = open_home(folder / "restored", Surroundings.real())
    with personal(home) as people:
        back = people.keys.find(ERASED) is not None
    home.close()
    return printed, back


def test_the_erased_stay_erased_where_the_home_or_a_list_tells_of_them(tmp_path: Path, home: Home) -> None:
    later, listed, kept = tmp_path / "later.tar", tmp_path / "erasures.json", tmp_path / "kept"
    said("--home", str(home.path), "backup", str(later), "--keys-to", str(kept), "--erasures-to", str(listed))
    for options in (("--known-home", str(home.path)), ("--known-erasures", str(listed))):
        printed, back = restored(tmp_path, *options)
        assert not back
        assert "Carried over 1 erasure made after the backup; took away 1 key or object" in printed
    assert sorted(path.name for path in kept.iterdir()) == ["master.key", "signing.key", "subjects.db"]


def test_what_is_not_known_is_printed(tmp_path: Path, home: Home) -> None:
    printed, back = restored(tmp_path)
    assert back
    assert "Erasures made after entry 2 of the old ledger are not known here" in printed
    as_json, _ = restored(tmp_path, "--known-home", str(home.path), "--json")
    assert json.loads(as_json)["erasures"] == {"carried": 1, "not_known": "", "taken_away": 1}
