"""What an erasure leaves nowhere: derived files go, pages of the database that held older text go, and every process that holds something in memory learns that it must forget it.

The file `erasures` in the home's folder changes with each erasure. Who keeps something in memory looks at it before using that (`erasure_mark`).
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from assay.errors import AssayError
from assay.home.keys import write_private
from assay.home.place import Home

MARK_FILE = "erasures"


def erasure_mark(home: Path) -> tuple[int, int]:
    """Give what changes with every erasure in the home in this folder: cheap enough to look at for each use of what is held in memory."""
    try:
        found = (home / MARK_FILE).stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def forget_derived(home: Home) -> None:
    """Take away every derived file of the home, and the traces that changed rows leave in the database's file. What is needed is made again."""
    write_private(home.path / MARK_FILE, home.surroundings.random(16).hex().encode())
    for folder in (home.path / "cache").glob("*"):
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(
        AssayError
    ):  # another process writes: what is left goes with the next vacuum, and is in no row
        home.database.leave_no_trace()
    write_private(home.path / MARK_FILE, home.surroundings.random(16).hex().encode())
