"""PostgreSQL for tests of homes. Where it is not installed these tests are counted skips; under ASSAY_REQUIRE_ALL=1 they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from assay.home.database.postgres import PostgresDatabase
from tests.home import world
from tests.home.postgres_server import PostgresServer, programs, running

ON_POSTGRESQL = pytest.mark.postgresql


@pytest.fixture(scope="session")
def shared_server() -> Iterator[PostgresServer]:
    found = programs()
    if found is None and os.environ.get("ASSAY_REQUIRE_ALL") == "1":
        pytest.fail("PostgreSQL (Debian: postgresql) is required here and is not installed.")
    if found is None:
        pytest.skip("PostgreSQL (Debian: postgresql) is not installed.")
    with running(found) as server:
        yield server


@pytest.fixture
def server(shared_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresServer]:
    """Give the server; connections that a test leaves open are closed after it."""
    opened: list[PostgresDatabase] = []
    connect = PostgresDatabase.__init__

    def remembered(database: PostgresDatabase, *arguments: object) -> None:
        connect(database, *arguments)  # type: ignore[arg-type]
        opened.append(database)

    monkeypatch.setattr(PostgresDatabase, "__init__", remembered)
    yield shared_server
    for database in opened:
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ON_POSTGRESQL)])
def on_each_database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test once with homes in SQLite and once with homes in PostgreSQL, each in a database of its own; gives which."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("server")
        monkeypatch.setattr(
            world, "environment_of_a_new_home", lambda: {"DATABASE_URL": server.new_database()}
        )
    return str(request.param)
