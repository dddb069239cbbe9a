"""Real looks: a list of devices as a source, collected and judged by the verbs of the domain, on the home that is served."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from tests.web.homes import serve_instead, served

if TYPE_CHECKING:
    from assay_web.queries.standing import Standing

CHECK = "file.device.protected"
"""Every device in use is managed, encrypted and locks by itself. Its items are people's, so acts count them."""
HEADINGS = (
    "Device,Owner email,Model,Platform,OS version,State,Encrypted,Screen lock,Managed,Enrolled,Last report"
)
FIRST = {"LAP-1": "no", "LAP-2": "no", "LAP-3": "yes", "LAP-4": "no", "LAP-5": "no"}
"""Which device's disk is encrypted when everything begins."""


@cache
def _home_with_devices() -> Path:
    """Make the home that others are copied from: five devices, collected and judged once."""
    from assay.cli.root import assay as main

    folder = Path(tempfile.mkdtemp(prefix="assay-web-doing-"))
    with served(folder) as path:
        write(path, FIRST)
        done = CliRunner().invoke(
            main,
            ["--home", str(path), "connect", "file", "device", str(file_of(path)), "--system", "Kandji", "--yes"],
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        serve_instead(path)
        collect_again(path)
        judge_again()
    return path


def served_copy(folder: Path) -> Path:
    """Serve a copy; its list of devices is its own."""
    first = _home_with_devices()
    path = folder / "home"
    shutil.copytree(first, path)
    serve_instead(path)
    return path


def file_of(path: Path) -> Path:
    """Give the list of devices: one place for all copies, so that the connected source finds it."""
    return _place()


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="assay-web-devices-")) / "devices.csv"


def write(path: Path, devices: Mapping[str, str], report: str = "2026-11-20") -> None:
    """Write the list: for each device whether its disk is encrypted (`yes`, `no`, or nothing where nobody could see), and when they reported last."""
    lines = [
        f"{device},{device.lower()}@northwind.example,MacBook,macOS,15.1,in_use,{encrypted},yes,yes,2026-01-05,{report}"
        for device, encrypted in devices.items()
    ]
    file_of(path).write_text("\n".join([HEADINGS, *lines]) + "\n")


def collect_again(path: Path) -> None:
    from assay.home.collect_source import collect_from
    from assay.home.sources import sources
    from assay_web.home import current_home

    home = current_home()
    [source] = sources(home)
    collect_from(home, source, asked_by="schedule")


def judge_again() -> Standing:
    """Judge what was collected; gives where the company stands."""
    from assay.home.judging import basis_of, judge, present
    from assay.home.personal import personal
    from assay_web.home import current_home
    from assay_web.queries.standing import standing

    home = current_home()
    with personal(home) as people:
        judge(home, basis_of(home, present(home)), people.sealer)
    found = standing()
    assert found is not None
    return found


def look(path: Path, devices: Mapping[str, str], report: str = "2026-11-20") -> Standing:
    """Look again: the list reads like that now."""
    write(path, devices, report)
    collect_again(path)
    return judge_again()
