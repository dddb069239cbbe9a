"""What PostgreSQL and its driver refuse, in sentences: what happened, to which database, what to do now. The password is in none of them."""

from __future__ import annotations

from typing import Any

from assay.home.database.postgres_address import PostgresAddress
from assay.home.database.protocol import DatabaseError

AGAIN = "then run the command again"
NOT_CONNECTED = (
    ("no pg_hba.conf entry", "The server admits nobody from here to {where}. Its pg_hba.conf must admit this machine and user."),
    ("password", "The server refused the password for {where}. See that DATABASE_URL holds the right one."),
    ('role "', "The server does not know the user that DATABASE_URL names for {where}. Make it, or name another."),
    ('database "', "There is no database as DATABASE_URL names it: {where}. Make it with `createdb`."),
    ("translate host name", "The name of the server is not known: {where}. See that DATABASE_URL spells it as it is."),
    ("resolve host", "The name of the server is not known: {where}. See that DATABASE_URL spells it as it is."),
    ("certificate", "The server's certificate is not the one that DATABASE_URL asks for: {where}. See sslmode and sslrootcert."),
    ("SSL", "No encrypted connection came about to {where}. See what sslmode DATABASE_URL asks for, and that the server offers TLS."),
)  # fmt: skip
"""A part of what libpq or the server says, and our sentence: no code comes with it before a session stands."""
REFUSED = {
    "55P03": "Another process has been writing to {where} for over a minute. Wait for it to end, " + AGAIN + ".",
    "53100": "The disk of the server of {where} is full. Nothing acknowledged is lost; have space freed, " + AGAIN + ".",
    "25006": "{where} cannot be written: the server is a standby or set to read only. Name the primary in DATABASE_URL.",
    "42501": "The user that DATABASE_URL names lacks a right in {where}: {text}. Grant it, " + AGAIN + ".",
    "42P01": "There is no home in {where}: {text}. See that DATABASE_URL names the database and schema of this home.",
    "3F000": "The schema that DATABASE_URL names in {where} is not there. Make it with `create schema`, " + AGAIN + ".",
}  # fmt: skip
"""By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def not_connected(error: Exception, address: PostgresAddress) -> DatabaseError:
    """Give the error to raise where no connection came about."""
    text = str(error)
    for part, said in NOT_CONNECTED:
        if part in text:
            return DatabaseError(said.format(where=address.where))
    first = address.without_secrets(text.strip().splitlines()[-1].strip() if text.strip() else "no answer")
    return DatabaseError(
        f"The server of {address.where} cannot be reached ({first.rstrip('.')}). See that it runs and that DATABASE_URL names it, {AGAIN}."
    )


def refused(error: Any, address: PostgresAddress, *, gone: bool) -> DatabaseError:
    """Give the error to raise for one of the driver's; `gone` says that the connection is lost."""
    if gone:
        return DatabaseError(
            f"The connection to {address.where} was lost. What was acknowledged is kept; what was being written is undone. See that the server runs, {AGAIN}."
        )
    text = address.without_secrets(error.diag.message_primary or type(error).__name__).rstrip(".")
    said = REFUSED.get(error.sqlstate or "")
    if said is not None:
        sentence = said.format(where=address.where, text=text)
        return DatabaseError(sentence[0].upper() + sentence[1:])
    return DatabaseError(
        f"PostgreSQL refused, at {address.where}: {text}. Run `assay doctor`, then `assay fsck`."
    )


def unsure(address: PostgresAddress) -> DatabaseError:
    """Give the error to raise where the connection was lost while the server was told to keep what was written."""
    return DatabaseError(
        f"The connection to {address.where} was lost at the very end of a write, so it is not known whether that was kept; what was acknowledged before is. "
        f"See that the server runs, look with `assay history` or `assay sources` whether it is there, {AGAIN} where it is not."
    )
