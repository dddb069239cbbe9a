"""Go and its x/mod/sumdb, which are not ours. Where they are absent these tests are counted skips; under ASSAY_REQUIRE_ALL=1 they fail."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

SUMDB = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")


@pytest.fixture(scope="session")
def sumdb_source() -> Path:
    """Give the folder of our question program, once everything that it needs to be built is there."""
    missing = (
        "Go (Debian: golang-go)"
        if shutil.which("go") is None
        else "x/mod/sumdb (Debian: golang-golang-x-mod-dev)"
    )
    if shutil.which("go") is None or not SUMDB.is_dir():
        if os.environ.get("ASSAY_REQUIRE_ALL") == "1":
            pytest.fail(f"{missing} is required here and is not installed.")
        pytest.skip(f"{missing} is not installed.")
    return Path(__file__).parent / "sumdb_oracle"
