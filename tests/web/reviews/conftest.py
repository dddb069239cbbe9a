"""The home of these tests: who works here and who has an account, collected once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.reviews.lists import plan, served_copy

if TYPE_CHECKING:
    from assay_web.records.accounts import Account
    from assay_web.records.reviews import Review


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of the served home, with its two lists."""
    yield served_copy(tmp_path)
    from django.db import connection

    connection.close()


@pytest.fixture
def review(cast: dict[str, Account]) -> Review:
    """A review of the accounts by Olga, the owner, who has none of them; started by Ada, the lead."""
    from assay_web.services.reviews import start

    return start(plan(cast["owner"], remover=cast["engineer"]), by=cast["lead"])


@pytest.fixture
def acts(home: Path) -> Callable[[], list[dict[str, Any]]]:
    """Give the bodies of the ledger's acts on reviews and tasks, in order."""

    def found() -> list[dict[str, Any]]:
        from assay.evidence.ledger import Kind
        from assay_web.home import current_home

        ledger = current_home().ledger
        bodies = [ledger.body(one) for one in ledger.entries(kind=Kind.ACT)]
        return [one for one in bodies if one["act"].startswith(("review.", "task."))]

    return found
