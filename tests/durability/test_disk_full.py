"""The disk fills up: what was acknowledged stays, reading and verifying go on, and writing goes on once there is room again, with no help."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.verification import Trusted, report_again, verify_pack
from tests.durability.ingest import (
    REFUSED,
    child,
    damage,
    ingest,
    ingesting,
    lost,
    opened,
    prepared_home,
    read_everything,
    unreadable,
)
from tests.tampering.small_home import concluded_home, small_pack

SIZES_KB = (450, 600, 900, 1500, 2500)
needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="only root can mount a small file system"
)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a file system of a size; skips where the machine does not let even root do so."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let root mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@needs_root
@pytest.mark.parametrize("kilobytes", SIZES_KB)
def test_a_full_disk_loses_nothing_and_needs_no_help(tmp_path: Path, kilobytes: int) -> None:
    """1. Ingest until the disk is full. 2. Everything can be read. 3. With room again the home goes on by itself."""
    pack = small_pack(concluded_home(tmp_path / "other"))
    with small_disk(tmp_path / "disk", kilobytes) as disk:
        ballast, folder = disk / "ballast", disk / "home"
        ballast.write_bytes(bytes(100_000))
        prepared_home(folder)
        with child(ingesting(folder, 10_000)) as worker:
            worker.go_on()
            ended = worker.ended()
        assert ended.status == REFUSED  # 1
        for _ in range(2):  # the first to close the database gives room back; that is taken too
            _fill(disk)
            opened(folder).close()
        _fill(disk)
        home = opened(folder)
        assert [*lost(home, ended.acknowledged), *unreadable(home)] == []  # 2
        assert read_everything(home) == home.ledger.size()
        with pytest.raises(AssayError, match="Nothing"):
            ingest(home, 5, lambda _: None)
        assert verify_pack(pack, Trusted(), report_again).findings == []
        home.close()
        ballast.unlink()
        (disk / "filler").unlink(missing_ok=True)
        home = opened(folder)
        before = home.ledger.size()
        ingest(home, 1, lambda _: None)  # 3
        assert home.ledger.size() == before + 2
        assert damage(home) == []
        home.close()


def _fill(disk: Path) -> None:
    """Take every byte that is left."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
