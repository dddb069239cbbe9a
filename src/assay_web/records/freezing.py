"""What keeps an access review frozen where no service stands in between: triggers of the database, on SQLite and on PostgreSQL.

A migration that rebuilds one of these tables on SQLite loses its triggers and has to end with `freeze` again; a test holds that they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_FROZEN_LINE = (
    "review_id",
    "system_id",
    "number",
    "commitment",
    "evidence",
    "privileged",
    "unmatched",
    "dormant",
    "holder_id",
)
_DECIDED = (
    "decision",
    "reason",
    "instead",
    "alone",
    "decided",
    "decided_by_id",
    "decided_entry",
    "reviewer_id",
)
_FROZEN_REVIEW = (
    "name",
    "second_id",
    "instead",
    "parameters",
    "lines_frozen",
    "root",
    "unseen",
    "started",
    "started_by_id",
)
_OPEN = "(select state from records_review where id = old.review_id) = 'open'"


def _rules(differs: str) -> Iterator[tuple[str, str, str, str]]:
    """Give table, event, the condition under which a change is refused, and the sentence. `differs` compares, null included."""

    def changed(columns: tuple[str, ...]) -> str:
        return " or ".join(f"new.{one} {differs} old.{one}" for one in columns)

    def emptied(empty: str) -> str:
        return f"(new.body {differs} old.body and cast(new.body as text) <> '{empty}')"

    frozen = "An access review is frozen: this cannot be changed."
    yield "records_reviewline", "update", f"{changed(_FROZEN_LINE)} or {emptied('{}')}", frozen
    yield (
        "records_reviewline",
        "update",
        f"not {_OPEN} and ({changed(_DECIDED)})",
        "An access review is closed: its decisions cannot be changed.",
    )
    yield (
        "records_review",
        "update",
        f"{changed(_FROZEN_REVIEW)} or (old.started_entry <> 0 and {changed(('started_entry',))})",
        frozen,
    )
    yield (
        "records_review",
        "update",
        "old.signed_entry is not null or old.ended_entry is not null",
        "An access review is closed: it cannot be changed.",
    )
    yield "records_reviewsystem", "update", "1 = 1", frozen
    yield "records_reviewevent", "update", "1 = 1", "History cannot be changed."
    for table in ("line", "system", "event", ""):
        yield f"records_review{table}", "delete", "1 = 1", "An access review is kept."


def freeze(apps: Any, schema_editor: Any) -> None:
    """Make the triggers."""
    write = _postgres if schema_editor.connection.vendor == "postgresql" else _sqlite
    differs = "is distinct from" if write is _postgres else "is not"
    for number, rule in enumerate(_rules(differs)):
        for statement in write(f"review_frozen_{number}", *rule):
            schema_editor.execute(statement)


def thaw(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away."""
    for number, (table, *_) in enumerate(_rules("is not")):
        name = f"review_frozen_{number}"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"drop trigger if exists {name} on {table}")
            schema_editor.execute(f"drop function if exists {name}()")
        else:
            schema_editor.execute(f"drop trigger if exists {name}")


def _sqlite(name: str, table: str, event: str, condition: str, says: str) -> Iterator[str]:
    yield (
        f"create trigger {name} before {event} on {table} when {condition} "
        f"begin select raise(abort, '{says}'); end"
    )


def _postgres(name: str, table: str, event: str, condition: str, says: str) -> Iterator[str]:
    yield (
        f"create function {name}() returns trigger language plpgsql as $$ begin "
        f"if {condition} then raise exception '{says}' using errcode = 'check_violation'; end if; "
        f"return {'old' if event == 'delete' else 'new'}; end $$"
    )
    yield f"create trigger {name} before {event} on {table} for each row execute function {name}()"
