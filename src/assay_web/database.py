"""Where Django finds its tables: in the home's own database, SQLite in the folder or PostgreSQL, so that a service and its act share one transaction."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from assay.home.database.postgres_address import PostgresAddress
from assay.home.database_place import VARIABLE, is_elsewhere

_NAMED = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def database_of(home: Path) -> dict[str, Any]:
    """Give Django's settings of the home's database. Raises DatabaseError where DATABASE_URL cannot be read."""
    if is_elsewhere(home) and os.environ.get(VARIABLE):
        return _postgres(os.environ[VARIABLE])
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "assay.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 60,
            "transaction_mode": "IMMEDIATE",
            # What `assay.home.database` promises holds for this connection too.
            "init_command": "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    given = dict(PostgresAddress.parse(url).parameters)
    named = {name: given.pop(parameter, "") for name, parameter in _NAMED.items()}
    given.pop("client_encoding", None)  # Django sets it
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": given,
        **named,
    }
