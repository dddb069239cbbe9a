"""Where these tests work: in memory where the machine has a file system there, since nothing here needs a real disk, and syncing one is slow."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give an empty folder for one test."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="assay-test-", dir=MEMORY))
    yield made
    shutil.rmtree(made)
