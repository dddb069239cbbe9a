"""What the workspace says about its tables to whoever backs up or restores a home (`assay.home.further_rows`).

Tables are made in a process of their own, since one process serves one home: `python -m assay_web.restoring` takes how far on standard input and the home
from ASSAY_HOME. They are made as they were when the backup was made; `assay_web.serving.ready` brings them up to date.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.home.database import Database
from assay.home.database.columns import further_tables

MIGRATIONS = "django_migrations"
_MADE = "Made with the tables."
STAYS_OUT = {
    MIGRATIONS: _MADE,
    "django_content_type": _MADE,
    "auth_permission": _MADE,
    "auth_group": "The workspace has roles instead.",
    "auth_group_permissions": "The workspace has roles instead.",
    "django_session": "Who was signed in when the backup was made signs in again.",
    "usersessions_usersession": "Where somebody was signed in ends with the session.",
    "account_emailconfirmation": "A link that lets someone in holds for hours; a new one is drawn.",
    "records_onetimelink": "A link that lets someone in holds for days at most; a new one is drawn.",
    "records_job": "Work under way is asked for again; what it did is in the ledger.",
}
"""Tables that no backup holds, each with the reason. Every other table that the workspace has, or will have, is in it."""


EMPTIED: Mapping[tuple[str, str], Json] = {("records_reviewline", "body"): {}}
"""Columns whose digest is kept beside them: changed words would read as a lie, so they are emptied."""


PURGED = {
    "sign_in_record_days": (("usersessions_usersession", "last_seen_at"), ("django_session", "expire_date")),
    "ended_job_days": (("records_job", "ended"),),
    "draft_days": (("records_draft", "saved"),),
}
"""Tables whose rows have an end, by the parameter that gives the days, with the column from which these count."""


class RestoringError(AssayError):
    """The tables of the workspace cannot be made for a restored home."""


def state(database: Database) -> Json:
    """Give each migration that was done, application and name in order; None where the workspace has no tables yet."""
    if MIGRATIONS not in {table.name for table in further_tables(database)}:
        return None
    done = database.rows(f"select app, name from {MIGRATIONS}")  # noqa: S608 — a name from above
    return sorted([app, name] for app, name in done)


def frozen(database: Database) -> set[int]:
    """Give the entries of the collections from which access reviews were frozen."""
    if "records_reviewsystem" not in {table.name for table in further_tables(database)}:
        return set()
    cited = [
        json.loads(one) if isinstance(one, str) else one
        for (one,) in database.rows("select cites from records_reviewsystem")
    ]
    return {int(one["entry"]) for cites in cited for one in cites}


def accounts_of(database: Database, words: Sequence[str]) -> int:
    """Give how many accounts have one of these addresses or names."""
    return len(_accounts(database, words))


def end_accounts(transaction: Database, words: Sequence[str]) -> int:
    """End what lets the accounts of these addresses or names in: sessions, links, factors, the password. Their rows stay, for the history that cites them.

    Everyone's sessions end: what was last said to somebody is sealed in theirs, and may name the person.
    """
    if "django_session" in {table.name for table in further_tables(transaction)}:
        transaction.execute("delete from django_session")
    found = _accounts(transaction, words)
    there = {table.name for table in further_tables(transaction)}
    for account in found:
        for table, column in _LETS_IN:
            if table not in there:
                continue  # a backup from before it was made
            transaction.execute(f"delete from {table} where {column} = ?", (account,))  # noqa: S608 — names from below
        transaction.execute(
            "update records_account set password = '!', state = 'disabled', stamp = stamp + 1 where id = ?",
            (account,),
        )
    return len(found)


_LETS_IN = (
    ("usersessions_usersession", "user_id"),
    ("mfa_authenticator", "user_id"),
    ("records_onetimelink", "account_id"),
    ("account_emailaddress", "user_id"),
    ("records_providerlink", "account_id"),
)


def _accounts(database: Database, words: Sequence[str]) -> list[str]:
    if "records_account" not in {table.name for table in further_tables(database)}:
        return []
    wanted = {word.casefold() for word in words}
    rows = database.rows("select id, email, name from records_account")
    return [account for account, email, name in rows if {email.casefold(), name.casefold()} & wanted]


def make(folder: Path, state: Json, environment: Mapping[str, str]) -> None:
    """Make the tables in the database of the home in `folder` as they were after these migrations. Raises RestoringError."""
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assay_web.restoring"],
            input=json.dumps(state),
            env={**own, **environment, "ASSAY_HOME": str(folder.absolute())},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise RestoringError(
            f"The tables of the workspace could not be made: {error.strerror}. Nothing was restored."
        ) from error
    if done.returncode:
        raise RestoringError(
            (done.stderr.strip().splitlines() or ["The tables of the workspace could not be made."])[-1]
        )


def _migrate(state: Json) -> None:
    """Do the migrations of a state. An application's last ones bring those before them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay_web.settings"
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in state}
    if unknown := sorted(wanted - executor.loader.graph.nodes.keys()):
        raise RestoringError(
            f"The backup was made by another version of Assay, whose tables this one cannot make ({'.'.join(unknown[0])}). Use the version that made it, or a newer one. Nothing was restored."
        )
    last = [one for one in sorted(wanted) if not _followed(one, wanted, executor)]
    executor.migrate(last)


def _followed(one: tuple[str, str], wanted: set[tuple[str, str]], executor: object) -> bool:
    children = executor.loader.graph.node_map[one].children  # type: ignore[attr-defined]
    return any(child.key in wanted and child.key[0] == one[0] for child in children)


def main() -> None:
    """Make the tables that standard input names."""
    try:
        _migrate(json.load(sys.stdin))
    except AssayError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
