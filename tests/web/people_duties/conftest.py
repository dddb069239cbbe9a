"""The home of these tests: four workers, their accounts and one course were collected and judged once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.people_duties.lists import served_copy


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of the served home, with its people."""
    yield served_copy(tmp_path)
    from django.db import connection

    connection.close()


@pytest.fixture
def acts(home: Path) -> Callable[[], list[dict[str, Any]]]:
    """Give the bodies of the ledger's acts, in order, without those on accounts of the cast and on sources that the fixtures made."""

    def found() -> list[dict[str, Any]]:
        from assay.evidence.ledger import Kind
        from assay_web.home import current_home

        ledger = current_home().ledger
        bodies = [ledger.body(one) for one in ledger.entries(kind=Kind.ACT)]
        return [one for one in bodies if not one["act"].startswith(("account.made", "source.", "setting."))]

    return found
