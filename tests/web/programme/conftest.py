"""A home without a scope, and what the ledger of the served home holds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assay.home import Surroundings, create_home
from tests.web.homes import serve_instead, served

Entries = list[tuple[str, dict[str, Any]]]


@cache
def _bare_home() -> Path:
    """Make the home that bare ones are copied from: founded and migrated, nothing set."""
    from django.core.management import call_command

    path = Path(tempfile.mkdtemp(prefix="assay-web-bare-")) / "home"
    create_home(path, "Your company", Surroundings.real()).close()
    serve_instead(path)
    call_command("migrate", verbosity=0)
    from django.db import connection

    connection.close()
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Path]:
    """The folder of a served home in which no scope was ever set."""
    with served(tmp_path / "first"):  # the first makes Django ready
        path = tmp_path / "bare"
        shutil.copytree(_bare_home(), path)
        serve_instead(path)
        yield path
    from django.db import connection

    connection.close()


@pytest.fixture
def ledger_since() -> Callable[[int], Entries]:
    """Give the kinds and bodies of the served home's entries from an index on."""

    def since(size: int) -> Entries:
        from assay_web.home import current_home

        home = current_home()
        return [(one.kind.value, home.ledger.body(one) or {}) for one in home.ledger.entries(size)]

    return since


@pytest.fixture
def ledger_size() -> Callable[[], int]:
    """Give how many entries the served home's ledger has."""

    def size() -> int:
        from assay_web.home import current_home

        return current_home().ledger.size()

    return size


@pytest.fixture
def judged() -> Callable[[], None]:
    """Do what waits in the background, as the worker of `assay serve` does."""

    def work() -> None:
        from assay_web.jobs.worker import Worker

        assert Worker().do() is True

    return work
