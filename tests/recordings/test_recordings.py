"""Homes and packs of every format version that was ever released open and verify for ever."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from assay.evidence.bag import read_container
from assay.evidence.ledger import Kind
from assay.home import Surroundings, open_home, signer
from assay.home.fsck import examine
from assay.home.personal import personal
from assay.verification import Trusted, verify_pack
from tests.home.world import Clock, collect, conclude, person, seen, thing
from tests.recordings.recorded import drawn_from, record
from tests.tampering.small_home import with_small_content

HERE = Path(__file__).parent
VERSIONS = sorted(path.name.removeprefix("home-") for path in HERE.glob("home-*"))
EVERY_KIND = {str(kind) for kind in Kind}


def test_there_is_a_recording_of_this_format_version() -> None:
    assert "1" in VERSIONS
    assert all((HERE / f"pack-{version}" / "pack.note").is_file() for version in VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recorded_home_opens_is_whole_and_goes_on(version: str, tmp_path: Path) -> None:
    """1. Every entry can be read, of every kind. 2. Nothing is damaged. 3. The one who was not erased can be read. 4. The home goes on."""
    shutil.copytree(HERE / f"home-{version}", tmp_path / "home")
    clock = Clock()
    home = with_small_content(open_home(tmp_path / "home", Surroundings(clock, drawn_from(b"third"), {})))
    kinds = Counter(str(entry.kind) for entry in home.ledger.entries() if home.ledger.body(entry))
    assert kinds.keys() == EVERY_KIND  # 1
    assert [one for one in examine(home) if not one.mendable] == []  # 2
    with personal(home) as people:  # 3
        assert [people.keys.find(f"{name}@northwind.example") is None for name in ("ada", "ben")] == [
            False,
            True,
        ]
    clock.now = home.ledger.entry(home.ledger.size() - 1).at
    collect(home, seen(thing("a")), seen(person("ada@northwind.example"), region="", table="aws_person"))  # 4
    assert conclude(home)["aws.thing.locked"]["CONFORMS"] == 1
    home.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recorded_pack_verifies(version: str, tmp_path: Path) -> None:
    home = open_home(Path(shutil.copytree(HERE / f"home-{version}", tmp_path / "home")), Surroundings.real())
    kept = (HERE / f"home-{version}" / "kept-outside.checkpoint").read_bytes()
    result = verify_pack(read_container(HERE / f"pack-{version}"), Trusted(signer(home).key, kept))
    assert result.findings == []
    assert (result.performed, result.origin_proven) == (3, True)
    assert result.older_checkpoint is not None
    assert len(result.not_performed) == 1  # what rested on the person who was erased


def test_the_recorder_still_makes_what_this_version_verifies(tmp_path: Path) -> None:
    _, files, kept = record(tmp_path)
    assert verify_pack(files, Trusted(checkpoint=kept)).findings == []
