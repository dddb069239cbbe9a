"""Making a home in PostgreSQL, or restoring one there: the database and its folder come to belong together, wherever the making is cut off.

Both hold the same mark, drawn once. Until the folder is in place the database says that it is not whole: no folder can open it then, and the next try empties it.
Whoever makes holds a lock of the session (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS), so two never make in one schema at once.
"""

from __future__ import annotations

from assay.home.database.postgres import PostgresDatabase
from assay.home.database.protocol import DatabaseError

TABLES = (
    "ledger_entry", "source", "credential", "collection_run", "staged_place", "current_population",
    "cursor_position", "setting", "way_out_credential", "way_out_outcome", "home_folder",
)  # fmt: skip
"""Every table of a home but that of its format, each after those that it refers to."""
FUNCTIONS = ("ledger_entry_is_append_only", "ledger_entry_never_changes")
"""The functions of a home's own triggers."""
_LOCK = "hashtext('assay home'), hashtext(current_schema())"


def claim(database: PostgresDatabase, home: str, mark: str) -> None:
    """Make the tables for the home with this id, empty; raises DatabaseError where a home is already, or being made.

    The lock is held until this connection is closed. 1. The lock. 2. What a try that was cut off left goes. 3. The tables. 4. Whose it is, not whole yet.
    """
    if database.rows(f"select pg_try_advisory_lock({_LOCK})") != [(True,)]:  # 1
        raise DatabaseError(
            f"Another process is making a home in {database.where} right now. Wait for it to end."
        )
    if database.has_tables():
        _refuse_taken(database)
        _empty(database)  # 2
    database.make_tables()  # 3
    with database.transaction() as transaction:
        transaction.execute(  # 4
            "insert into home_folder (one, home, mark, whole) values (1, ?, ?, false)", (home, mark)
        )


def finish(database: PostgresDatabase) -> None:
    """Say that the folder is in place: from now on no other making empties this database."""
    with database.transaction() as transaction:
        transaction.execute("update home_folder set whole = true")


def refuse_other(database: PostgresDatabase, home: str, mark: str) -> None:
    """Raise DatabaseError unless the database is that of the folder with this id and mark. Finish what a making left undone that got this far."""
    found = database.one("select home, mark, whole from home_folder")
    if found is None or found[0] != home:
        other = "no home" if found is None else f"the home {found[0]}"
        raise DatabaseError(
            f"DATABASE_URL names {database.where}, which holds {other}; this folder is of the home {home}. Name the database of this home."
        )
    if found[1] != mark:
        raise DatabaseError(
            f"DATABASE_URL names {database.where}, which belongs to another folder of the home {home}: one of the two was restored from a backup. Name the database of this one."
        )
    if not found[2] and database.rows(f"select pg_try_advisory_lock({_LOCK})") == [(True,)]:
        finish(database)
        database.rows(f"select pg_advisory_unlock({_LOCK})")


def _refuse_taken(database: PostgresDatabase) -> None:
    found = database.one("select whole from home_folder")
    if found == (False,):
        return
    if found is not None or database.one("select 1 from ledger_entry") is not None:
        raise DatabaseError(
            f"There is already a home in {database.where}. Name another database or schema in DATABASE_URL: one schema holds one home."
        )


def _drop_guests(transaction: PostgresDatabase) -> None:
    """Drop the tables and functions that are none of the home's own."""
    own = (*TABLES, "home_format")
    for (table,) in transaction.rows("select tablename from pg_tables where schemaname = current_schema()"):
        if table not in own:
            transaction.execute(f'drop table "{table}" cascade')
    functions = "select oid::regprocedure::text, proname::text from pg_proc where pronamespace = current_schema()::regnamespace"
    for signature, name in transaction.rows(functions):
        if name not in FUNCTIONS:
            transaction.execute(f"drop function {signature} cascade")


def _empty(database: PostgresDatabase) -> None:
    """Empty what a try that was cut off left; tables that other packages had made go whole."""
    with database.transaction() as transaction:
        _drop_guests(transaction)
        transaction.execute("alter table ledger_entry disable trigger user")
        for table in reversed(TABLES):
            transaction.execute(f"delete from {table}")  # noqa: S608 — names from TABLES
        transaction.execute("set constraints all immediate")
        transaction.execute("alter table ledger_entry enable trigger user")
