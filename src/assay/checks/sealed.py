"""DuckDB, sealed: inputs are loaded first, then every way out is closed, and one bounded SELECT runs at a time.

Beside the lint this is the second wall: whatever a statement says, it reaches no file, network, setting or other program, changes nothing,
and ends within its time and memory. Runs alike on DuckDB 1.5 and 2.0.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import duckdb

from assay.checks.errors import BoundError, EvaluationError, RefusedError
from assay.checks.watch import Watch

_BEGINS = re.compile(r"(\s|\(|--[^\n]*\n|/\*([^*]|\*(?!/))*\*/)*(select|with)\b", re.IGNORECASE)

_LOGGING = re.compile(r"(enable|disable)_logging", re.IGNORECASE)
"""DuckDB 1.5 starts its logging in spite of locked settings, and ends the process when the log's file is refused."""

_CLOSED = (
    "SET GLOBAL python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET max_temp_directory_size = '0KiB'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)

_LIKE = r"replace(replace(replace(replace(replace(p, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'), '?', '_')"
_MATCHES = rf"coalesce(list_bool_or(list_transform(patterns, lambda p: v LIKE {_LIKE} ESCAPE '\')), false)"
_MACROS = (
    rf"CREATE MACRO matches_any(v, patterns) AS {_MATCHES}",
    "CREATE MACRO tagged(tags, tag) AS coalesce(list_contains(tags, tag), false)",
    """CREATE MACRO "without"(vals, others) AS list_filter(vals, lambda e: NOT coalesce(list_contains(others, e), false))""",
    "CREATE MACRO unmatched(vals, patterns) AS list_filter(vals, lambda e: NOT matches_any(e, patterns))",
    "CREATE MACRO local_date(instant, tz) AS CAST(timezone(tz, timezone('UTC', CAST(instant AS TIMESTAMP))) AS DATE)",
    "CREATE MACRO local_midnight(day, tz) AS timezone('UTC', timezone(tz, CAST(CAST(day AS DATE) AS TIMESTAMP)))",
)
"""Functions that checks may use. In patterns `*` stands for any text and `?` for one character, nothing else has a meaning.

`local_date(instant, zone)` is the date in the zone; `local_midnight(date, zone)` the UTC instant at which that date begins there.
"""

_SHADOWED = (
    *("random()", "uuid()", "gen_random_uuid()", "uuidv4()", "uuidv7()", "setseed(n)"),
    *("now()", "today()", "get_current_timestamp()", "current_localtimestamp()", "current_localtime()"),
    *(
        "getvariable(n)",
        "current_setting(n)",
        "current_query()",
        "sleep_ms(n)",
        "pg_sleep(n)",
        "write_log(n)",
    ),
    *("repeat(v, n)", "lpad(v, n, w)", "rpad(v, n, w)", "bar(a, b, c, d)"),
)
_SHADOWS = tuple(
    f"CREATE MACRO {call} AS error('A check cannot use {call.split('(')[0]}().')" for call in _SHADOWED
)
"""The built-in functions of these names stay behind macros that raise: a further wall for what the lint refuses already. The last four make one
value of any length, which DuckDB does not count against its memory."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a SELECT gave: column names, their SQL types, and the rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Sealed:
    """One DuckDB in memory. Load with `load` while open; after `seal` only `select` works."""

    def __init__(self, *, memory_mb: int = 1024, seconds: float = 60.0, threads: int = 2) -> None:
        """Open an empty engine bounded to `memory_mb` megabytes, `seconds` for each query, and `threads`."""
        # Without a folder for it DuckDB never puts records on the disk, not even while loading.
        bounds: dict[str, str | bool | int | float | list[str]] = {
            "threads": str(threads),
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": "",
        }
        self._connection = duckdb.connect(":memory:", config=bounds)
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._sessions = threading.local()
        self._sessions.own = self._connection
        self._watch = Watch(seconds)
        self._memory_mb = memory_mb
        self._sealed = self._locked = False

    def load(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Run one of the engine's own loading statements; raises EvaluationError after sealing or when DuckDB refuses it."""
        if self._sealed:
            raise RefusedError("The engine is sealed: nothing can be loaded any more.")
        try:
            self._connection.execute(statement, parameters)
        except duckdb.Error as error:
            raise EvaluationError(
                f"The inputs of a check could not be loaded: {_first_line(error)}"
            ) from error

    def begin_again(self) -> None:
        """Forget every table, so that others can be loaded by rows: what sealing closed and locked stays so. One thread must have done all before."""
        kept = self._connection.execute(
            "SELECT 'TABLE', table_name FROM duckdb_tables() UNION ALL SELECT 'VIEW', view_name FROM duckdb_views() WHERE NOT internal"
        )
        for kind, name in kept.fetchall():
            self._connection.execute(f'DROP {kind} IF EXISTS "{name}"')
        self._sealed = False

    def seal(self) -> None:
        """Define the functions of checks, close every way out, and lock the settings; once is enough for an engine that begins again."""
        if self._locked:
            self._sealed = True
            return
        for statement in (*_MACROS, *_SHADOWS, *_CLOSED):
            try:
                self._connection.execute(statement)
            except (
                duckdb.CatalogException
            ):  # a setting that this version of DuckDB does not know is none that it could open
                if "python_enable_replacements" not in statement and statement not in _SHADOWS:
                    raise
        self._sealed = self._locked = True

    def select(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run exactly one SELECT and give its rows. Threads may select at the same time, each on a session of its own.

        Raises RefusedError when it is anything else or DuckDB refuses it, BoundError when it meets the bound on time or memory.
        """
        session = self._session()
        statement = self._one_select(session, sql)
        with self._watch.over(session), self._spoken():
            cursor = session.execute(statement, _bindable(parameters, statement.named_parameters))
            columns = cursor.description or []
            rows = cursor.fetchall()
        return Rows(tuple(column[0] for column in columns), tuple(str(column[1]) for column in columns), rows)

    def keep(
        self, name: str, sql: str, parameters: Mapping[str, Any] | None = None, *, shared: bool = False
    ) -> int:
        """Run exactly one SELECT as `select` does, and keep its rows under a name that no check can say: for this thread, or `shared` by all.

        What was kept under the name before is gone. Gives how many rows there are.
        """
        kind = "TABLE" if shared else "TEMP TABLE"
        return self._stored(f'CREATE OR REPLACE {kind} "{name}" AS ', sql, parameters)

    def add(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run exactly one SELECT as `select` does, and put its rows to those that this thread kept under a name; gives how many they were."""
        return self._stored(f'INSERT INTO temp."{name}" ', sql, parameters)

    def _stored(self, into: str, sql: str, parameters: Mapping[str, Any] | None) -> int:
        session = self._session()
        statement = self._one_select(session, sql)
        values = _bindable(parameters, statement.named_parameters)
        with self._watch.over(session), self._spoken():
            stored = session.execute(into + sql, values).fetchone()
        return int(stored[0]) if stored else 0

    def show(self, name: str, sql: str) -> None:
        """Let this thread read one SELECT, without parameters, under a name that no check can say; nothing is kept."""
        session = self._session()
        self._one_select(session, sql)
        with self._watch.over(session), self._spoken():
            session.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def close(self) -> None:
        """Give the memory back."""
        self._watch.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _session(self) -> duckdb.DuckDBPyConnection:
        """This thread's session over the same tables, with the same locked settings."""
        own: duckdb.DuckDBPyConnection | None = getattr(self._sessions, "own", None)
        if own is None:
            own = self._sessions.own = self._connection.cursor()
        return own

    def _one_select(self, session: duckdb.DuckDBPyConnection, sql: str) -> Any:
        if not self._sealed:
            raise RefusedError("The engine is not sealed yet: seal it before a check runs.")
        return _one_select(session, sql)

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        try:
            yield
        except duckdb.InterruptException as error:
            raise BoundError(
                f"The query ran longer than {self._watch.seconds:g} s and was stopped; join on fewer rows."
            ) from error
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise BoundError(
                f"The query needed more than {self._memory_mb} MB and was stopped; join on fewer rows."
            ) from error
        except duckdb.Error as error:
            raise RefusedError(f"DuckDB refuses the query: {_first_line(error)}") from error


def _one_select(session: duckdb.DuckDBPyConnection, sql: str) -> Any:
    try:
        statements = session.extract_statements(sql)
    except duckdb.Error as error:
        raise RefusedError(f"The SQL cannot be read: {_first_line(error)} Write one SELECT.") from error
    kinds = [_kind(statement) for statement in statements]
    if kinds == ["SELECT"] and not _BEGINS.match(sql):
        kinds = ["no plain SELECT"]  # DuckDB 1.5 makes a SELECT out of PRAGMA, SHOW and DESCRIBE
    if kinds != ["SELECT"]:
        raise RefusedError(f"The engine runs exactly one SELECT; this is {' and '.join(kinds) or 'nothing'}.")
    if _LOGGING.search(sql):
        raise RefusedError(
            "The query would turn DuckDB's logging on or off; a check has no business with it."
        )
    return statements[0]


def _kind(statement: Any) -> str:
    try:
        return str(statement.type).rpartition(".")[2].removesuffix("_STATEMENT")
    except ValueError:  # DuckDB parses statements that its Python module has no name for
        return "something else"


def _bindable(parameters: Mapping[str, Any] | None, names: Any) -> dict[str, Any] | None:
    if not names:
        return None
    given = parameters or {}
    missing = sorted(name for name in names if name not in given)
    if missing:
        raise EvaluationError(f"The parameter {missing[0]} has no value; set it with `assay parameter set`.")
    return {name: bound(given[name]) for name in names}


def bound(value: Any) -> Any:
    """Give a value as DuckDB takes it: an instant as TIMESTAMP in UTC, a list as VARCHAR[] even when it is empty."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, list | tuple | frozenset | set):
        texts = sorted(value) if isinstance(value, frozenset | set) else list(value)
        return duckdb.Value(texts, duckdb.list_type("VARCHAR"))
    return value


def _first_line(error: BaseException) -> str:
    line = str(error).split("\n")[0].strip()
    return line if line.endswith((".", "!", "?")) else f"{line}."
