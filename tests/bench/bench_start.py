"""Starting: `assay --help` takes at most 15 times the CPU of an empty interpreter, and one check is shown without reading the others."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

RUNS = 20
ASSAY = Path(sys.executable).with_name("assay")


def cpu_seconds(*command: str) -> float:
    """Give the least user and system time of a command over the runs: the least is what the command needs, the rest is the machine."""
    return min(_once(command) for _ in range(RUNS))


def _once(command: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_help_starts_within_fifteen_empty_interpreters() -> None:
    empty = cpu_seconds(sys.executable, "-c", "pass")
    told = cpu_seconds(str(ASSAY), "--help")
    print(
        f"\nempty interpreter {empty * 1000:.1f} ms, assay --help {told * 1000:.1f} ms: {told / empty:.1f} times"
    )
    assert told <= 15 * empty


def test_a_check_is_shown_without_reading_the_others(tmp_path: Path) -> None:
    home = ["--home", str(tmp_path / "home")]
    subprocess.run(
        [ASSAY, *home, "init", "--name", "Northwind Metrics"], stdout=subprocess.DEVNULL, check=True
    )
    one = cpu_seconds(str(ASSAY), *home, "show", "aws.s3.public")
    everything = cpu_seconds(str(ASSAY), *home, "show", "checks")
    print(f"\nassay show CHECK {one:.2f} s, assay show checks {everything:.2f} s of CPU")
    assert one <= everything / 2
