"""A pack is performed again from its files alone, elsewhere, and everything comes out byte for byte equal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.evidence.bag import read_container
from assay.home import Home, publish, signer
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.reporting import newest_report
from assay.verification import Trusted, report_again, verify_pack
from tests.home.world import collect, conclude, lock_unseen, new_home, person, seen, thing


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two days: items that deviate, a gap, a person, a changed and a removed record."""
    home = new_home(tmp_path_factory.mktemp("verification") / "home")
    people = [person("ben@northwind.example"), person("lyle@northwind.example", trained=False)]
    collect(home, seen(thing("a"), thing("b", locked=False)), seen(*people, table="aws_person", region=""))
    conclude(home)
    collect(
        home,
        seen(thing("a", locked=None), thing("c"), gaps=[lock_unseen("a")]),
        seen(*people[:1], table="aws_person", region=""),
    )
    conclude(home)
    return home


def packed(home: Home, folder: Path) -> Path:
    with personal(home) as people:
        files = pack_files(home, people.keys, report_again)
    target = folder / "pack.zip"
    write_pack(files, target)
    return target


def test_everything_in_a_pack_is_performed_again(home: Home, tmp_path: Path) -> None:
    result = verify_pack(read_container(packed(home, tmp_path)), Trusted(key=signer(home).key), report_again)
    assert result.findings == []
    assert (result.performed, result.report_performed, result.origin_proven) == (2, True, True)
    assert result.populations == 4
    assert result.records == 2 + 2 + 2 + 1


def test_without_a_key_from_outside_the_origin_is_not_proven(home: Home, tmp_path: Path) -> None:
    result = verify_pack(read_container(packed(home, tmp_path)), Trusted(), report_again)
    assert result.holds
    assert not result.origin_proven


def test_a_checkpoint_kept_outside_proves_that_the_past_is_the_same(home: Home, tmp_path: Path) -> None:
    kept = publish(home).note.encode()
    home.act("note", "ada", {"says": "later"})
    result = verify_pack(read_container(packed(home, tmp_path)), Trusted(checkpoint=kept), report_again)
    assert result.holds
    assert result.older_checkpoint == publish(home).checkpoint.size - 1


def test_the_report_of_the_home_is_the_one_in_the_pack(home: Home, tmp_path: Path) -> None:
    from assay.evidence.canonical import encode

    files = read_container(packed(home, tmp_path))
    assert files["data/report.json"] == encode(newest_report(home))


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Havana", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4294967295"},
    ],
)
def test_another_machine_comes_to_the_same(home: Home, tmp_path: Path, surroundings: dict[str, str]) -> None:
    target = packed(home, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(target, elsewhere / "pack.zip")
    environment = {"PATH": os.environ["PATH"], "HOME": str(elsewhere), **surroundings}
    command = [sys.executable, "-m", "assay.cli", "verify", "pack.zip", "--key", signer(home).key.text()]
    done = subprocess.run(
        command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert "Everything in this pack holds." in done.stdout
    assert "The report was made again and is the same, byte for byte" in done.stdout
    assert done.returncode == 0


def test_without_subject_keys_personal_conclusions_cannot_be_performed_again_and_that_is_said(
    home: Home, tmp_path: Path
) -> None:
    files = pack_files(home, None, None)
    assert not any("subjects" in path for path in files)
    for content in files.values():
        assert b"lyle@" not in content
    result = verify_pack(files, Trusted())
    assert result.holds
    assert any("personal" in sentence for sentence in result.not_performed)
