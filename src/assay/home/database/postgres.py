"""A home's database in PostgreSQL: one schema, one home; every write under the lock of one row, at `synchronous_commit`.

A transaction takes the lock of the only row of `home_format` first (LOCK), so those of one home come one after another, as SQLite's BEGIN IMMEDIATE has it, and
what reads the ledger's size and then appends is right. Each statement after it sees what was committed before the lock was got (READ COMMITTED). Whoever writes by
another connection takes the same lock first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any, Literal

from assay.home.database.postgres_address import PostgresAddress, psycopg
from assay.home.database.postgres_errors import not_connected, refused, unsure
from assay.home.database.protocol import FORMAT, Condition, Database, DatabaseError

LEAST_VERSION = 14
WAIT_SECONDS = 60
LOCK = "select format from home_format where one = 1 for update"
"""Takes the home's write lock, until the transaction ends."""
GUARDS = 3
"""How many triggers of ledger_entry refuse holes and changes."""
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
"""Settings of the server without any of which an acknowledged write can be lost in a power cut."""
BEGIN = f"begin isolation level read committed; set local lock_timeout = '{WAIT_SECONDS}s'"

_UNENCRYPTED = "The connection to the server is not encrypted. Add sslmode=verify-full to DATABASE_URL, and sslrootcert where its certificate is your own."


class PostgresDatabase(Database):
    """One connection to the schema of one home."""

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, address: PostgresAddress) -> None:
        """Connect; raises DatabaseError where no server answers, it refuses, or it is none that a home can lie in."""
        self.address = address
        self._driver = psycopg()
        self._idle = self._driver.pq.TransactionStatus.IDLE
        try:
            self._connection = self._driver.connect(
                **address.parameters, autocommit=True, prepare_threshold=None
            )
        except self._driver.Error as error:
            raise not_connected(error, address) from None
        try:
            self._settings = self._look()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def prepare(self) -> None:
        """See that the tables are there; refuse a database of a newer format. They are made when a home is (`make_tables`)."""
        if not self.has_tables():
            raise DatabaseError(
                f"There is no home in {self.where}. See that DATABASE_URL names the database and schema of this home."
            )
        self.refuse_newer()

    def has_tables(self) -> bool:
        """Tell whether the tables of a home are in the schema."""
        found = self.rows(
            "select count(*) from pg_tables where schemaname = current_schema() and tablename in ('home_format', 'home_folder', 'ledger_entry')"
        )
        return found == [(3,)]

    def make_tables(self) -> None:
        """Make what tables are missing. Whoever calls it lets nobody else do so at the same time."""
        script = resources.files("assay.home").joinpath("schema/postgres.sql").read_text()
        with self._begun(BEGIN):
            self.rows(script)
            self.execute(
                "insert into home_format (one, format) values (1, ?) on conflict do nothing", (FORMAT,)
            )

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._said():
            cursor = self._run(query, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    def execute(self, statement: str, parameters: tuple[Any, ...] = ()) -> int:
        self._refuse_outside_a_transaction()
        with self._said():
            return int(self._run(statement, parameters).rowcount)

    def insert(self, statement: str, parameters: tuple[Any, ...]) -> int:
        self._refuse_outside_a_transaction()
        return super().insert(statement, parameters)

    @contextmanager
    def transaction(self) -> Iterator[PostgresDatabase]:
        """Hold the write lock; what happened inside is durable when the block ends, or undone when it raises."""
        self._refuse_losing()
        with self._begun(BEGIN):
            if self.one(LOCK) is None:
                raise DatabaseError(f"There is no home in {self.where}: the row of its format is missing.")
            yield self

    @contextmanager
    def snapshot(self) -> Iterator[PostgresDatabase]:
        with self._begun("begin isolation level repeatable read read only"):
            yield self

    def leave_no_trace(self) -> None:
        """The server rebuilds its files by `vacuum full`, which its owner runs; dead rows go with its own vacuum (docs/guide/erasing.md)."""

    def condition(self) -> Condition:
        wrong = (*self._can_be_lost(), *self._unguarded())
        warnings = () if self._encrypted() else (_UNENCRYPTED,)
        return Condition(f"PostgreSQL {self._settings['server_version']}, {self.where}", wrong, warnings)

    @property
    def where(self) -> str:
        """Say where the database is, without any secret."""
        return f"{self.address.where}, schema {self._settings['schema']}"

    def _run(self, statement: str, parameters: tuple[Any, ...]) -> Any:
        if not parameters:
            return self._connection.execute(statement.encode())
        return self._connection.execute(statement.replace("%", "%%").replace("?", "%s").encode(), parameters)

    @contextmanager
    def _begun(self, begin: str) -> Iterator[None]:
        """Begin, and commit at the end of the block; roll back where it raises."""
        if self._connection.info.transaction_status != self._idle and not self._connection.closed:
            raise DatabaseError("A transaction was begun inside another.")
        try:
            self.rows(begin)
            yield
        except BaseException:
            self._roll_back()
            raise
        with self._said(at_the_end=True):
            self._connection.execute(b"commit")

    def _roll_back(self) -> None:
        """Undo what was written; where the connection is lost the server does so itself."""
        try:
            if self._connection.info.transaction_status != self._idle:
                self._connection.execute(b"rollback")
        except self._driver.Error:
            self._connection.close()

    @contextmanager
    def _said(self, *, at_the_end: bool = False) -> Iterator[None]:
        try:
            yield
        except self._driver.Error as error:
            gone = self._connection.closed
            if gone and at_the_end:
                raise unsure(self.address) from None
            raise refused(error, self.address, gone=gone) from None

    def _refuse_outside_a_transaction(self) -> None:
        if self._connection.info.transaction_status == self._idle:
            raise DatabaseError("A write was tried outside a transaction.")

    def _look(self) -> dict[str, str]:
        """Give the settings that matter; raises DatabaseError for a server or schema that no home can lie in."""
        names = (*DURABLE, "server_version", "server_encoding")
        ((schema, *values),) = self.rows(
            "select current_schema(), " + ", ".join(f"current_setting('{name}')" for name in names)
        )
        found = dict(zip(names, values, strict=True)) | {"schema": schema}
        where = self.address.where
        if self._connection.info.server_version < LEAST_VERSION * 10_000:
            raise DatabaseError(
                f"The server of {where} is PostgreSQL {found['server_version']}; a home needs {LEAST_VERSION} or later."
            )
        if found["server_encoding"] != "UTF8":
            raise DatabaseError(
                f"The encoding of {where} is {found['server_encoding']}; a home needs UTF8. Make the database with `createdb --encoding UTF8 --template template0`."
            )
        if schema is None:
            raise DatabaseError(
                f"The schema that DATABASE_URL names is not there in {where}. Make it with `create schema`, then run the command again."
            )
        return found

    def _can_be_lost(self) -> Iterator[str]:
        for name in DURABLE:
            if self._settings[name] == "off":
                yield (
                    f"The server of {self.where} runs with {name} = off, so what it acknowledges can be lost in a power cut. "
                    f"Nothing is written there. Set {name} = on, then run the command again."
                )

    def _unguarded(self) -> Iterator[str]:
        found = self.rows(
            "select 1 from pg_trigger where tgrelid = to_regclass('ledger_entry') and tgenabled <> 'D' and not tgisinternal"
        )
        if len(found) < GUARDS:
            yield (
                f"Nothing in {self.where} keeps ledger entries from being changed any more: a trigger of ledger_entry is gone or switched off. "
                "Find out who did that; `assay verify` with an older checkpoint shows whether the past was changed. To have it again, restore a backup into an empty schema."
            )

    def _refuse_losing(self) -> None:
        for sentence in self._can_be_lost():
            raise DatabaseError(sentence)

    def _encrypted(self) -> bool:
        """Tell whether nobody on the way can read along: TLS, a socket, or this machine alone."""
        info = self._connection.info
        here = info.host.startswith("/") or info.hostaddr in ("127.0.0.1", "::1", "")
        return here or bool(self._connection.pgconn.ssl_in_use)
