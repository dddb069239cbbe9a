"""The address of a database in PostgreSQL, as DATABASE_URL gives it. Its password is used to connect and never said.

The form is libpq's (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS); what the address leaves out, libpq takes from its own
variables and files, such as PGPASSFILE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from assay.home.database.protocol import DatabaseError

SCHEMES = ("postgresql://", "postgres://")
FORM = "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
SECRETS = ("password", "sslpassword")
DEFAULTS = {
    "application_name": "assay",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""So that a server that is gone shows within a minute; the address may say otherwise (seconds, the last in milliseconds)."""


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """Where a database is: `parameters` are libpq's, with the password; `where` says it without."""

    where: str
    parameters: Mapping[str, Any] = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> PostgresAddress:
        """Read an address; raises DatabaseError, which repeats nothing of it: what is malformed may be the password."""
        scheme = next((one for one in SCHEMES if url.startswith(one)), None)
        if scheme is None:
            raise DatabaseError(
                f"DATABASE_URL is no address of PostgreSQL. {FORM}, or unset it to keep the database in the home's folder."
            )
        before, _, _ = url.removeprefix(scheme).rpartition("@")
        if set(before) & set("@/?#[] "):
            raise DatabaseError(
                f"DATABASE_URL cannot be read: its user or password holds a character that must be written as %XX, such as %40 for @ and %2F for /. {FORM}."
            )
        driver = psycopg()
        try:
            given = driver.conninfo.conninfo_to_dict(url)
        except driver.Error:
            raise DatabaseError(f"DATABASE_URL cannot be read. {FORM}.") from None
        return cls(_where(given), {**DEFAULTS, **given, "client_encoding": "UTF8"})

    def without_secrets(self, text: str) -> str:
        """Give a text without the password, wherever it comes from."""
        for name in SECRETS:
            if secret := self.parameters.get(name):
                text = text.replace(str(secret), "‹secret›")
        return text


def psycopg() -> ModuleType:
    """Give the driver; raises DatabaseError that names the extra where it is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise DatabaseError(
            "The driver for PostgreSQL is not installed. Install Assay with its extra: pip install 'assay[postgres]'."
        ) from error
    return psycopg


def _where(given: Mapping[str, Any]) -> str:
    host = given.get("host") or given.get("hostaddr")
    named = f"the database {given['dbname']}" if given.get("dbname") else "the database"
    at = f" on {host}" if host else ""
    port = f", port {given['port']}" if given.get("port") else ""
    return f"{named}{at}{port}"
