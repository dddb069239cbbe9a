"""The home of these tests: five devices were collected and judged once, so that there is something to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.doing.looks import served_copy

Entries = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of the served home, with its devices."""
    yield served_copy(tmp_path)
    from django.db import connection

    connection.close()


@pytest.fixture
def acts(home: Path) -> Callable[[], list[dict[str, Any]]]:
    """Give the bodies of the ledger's acts on tasks and acceptances, in order."""

    def found() -> list[dict[str, Any]]:
        from assay.evidence.ledger import Kind
        from assay_web.home import current_home

        ledger = current_home().ledger
        bodies = [ledger.body(one) for one in ledger.entries(kind=Kind.ACT)]
        return [one for one in bodies if one["act"].startswith(("task.", "acceptance."))]

    return found
