"""What a home's database promises, whichever kind it is: SQLite in the folder, PostgreSQL, or the connection of a web request.

Statements are written once, in what SQLite and PostgreSQL both understand:

- placeholders are `?`, and no literal holds a `?`;
- a row that may be there is written by `insert … on conflict …`, never by a word that one of them has alone;
- an id that the database draws is asked for by `returning id`;
- text sorts by its bytes, blobs are bytes, instants are text (`assay.evidence.canonical.instant_text`), whole numbers have 64 bits.

The tables are those of `assay/home/schema`, one file for each kind.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from assay.errors import AssayError

FORMAT = 1


class DatabaseError(AssayError):
    """The database could not be opened, read or written. The text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a database is, without any secret, and what is wrong with how it is kept: a sentence each, and what to do."""

    where: str
    wrong: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Database(Protocol):
    """One connection to one home's database; not shared between threads. Every method raises DatabaseError, or another AssayError, in a sentence."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which kind of database it is, for the few who must know."""
        ...

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of a query. Inside a transaction it sees what that wrote."""
        ...

    def execute(self, statement: str, parameters: tuple[Any, ...] = ()) -> int:
        """Run one writing statement inside a transaction; gives the rows it touched."""
        ...

    def transaction(self) -> AbstractContextManager[Database]:
        """Hold the home's write lock from the start; what happened inside is durable when the block ends, or undone when it raises.

        Two transactions of one home never overlap, in however many processes, so what is read inside stays so until the end. One does not begin inside another.
        """
        ...

    def snapshot(self) -> AbstractContextManager[Database]:
        """Read inside the block as the database was at its first read, while others may write."""
        ...

    def prepare(self) -> None:
        """Make what tables are missing; refuse a database of a newer format."""
        ...

    def condition(self) -> Condition:
        """Give where the database is and what is wrong with how it is kept."""
        ...

    def leave_no_trace(self) -> None:
        """Take what rows held before they were changed out of the database's own file, as far as its kind lets us; outside of a transaction."""
        ...

    def close(self) -> None:
        """Let go of the connection; what was not ended is undone."""
        ...

    def one(self, query: str, parameters: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """Give the first row of a query, or None."""
        found = self.rows(query, parameters)
        return found[0] if found else None

    def insert(self, statement: str, parameters: tuple[Any, ...]) -> int:
        """Insert one row inside a transaction by a statement that ends in `returning id`; gives that id."""
        found = self.one(statement, parameters)
        if found is None:
            raise DatabaseError("A row was not inserted, and nothing said why. Run `assay fsck`.")
        return int(found[0])

    def refuse_newer(self) -> None:
        """Raise DatabaseError when a later version of Assay wrote this database."""
        (found,) = self.one("select format from home_format") or (0,)
        if found > FORMAT:
            raise DatabaseError(
                f"This home has format {found}; this version of Assay reads up to {FORMAT}. Install the newer version."
            )
