"""An address that leads nowhere is said in a sentence, and whatever is wrong with it, its password is never shown."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.home.database import DatabaseError
from assay.home.database.postgres import PostgresDatabase
from assay.home.database.postgres_address import PostgresAddress
from assay.home.database.postgres_errors import not_connected
from tests.home.conftest import ON_POSTGRESQL
from tests.home.postgres_server import PLAIN_PASSWORD, PostgresServer
from tests.home.world import new_home

SECRETS = ("planted", "Zq7", "pass:word", "s3cret")


def said(url: str) -> str:
    """Give what is said of an address that cannot be used, once nothing of the password is in it, nor in what Python would print of the error."""
    with pytest.raises(DatabaseError) as caught:
        PostgresDatabase(PostgresAddress.parse(url))
    printed = "".join(traceback.format_exception(caught.value, chain=True)).replace(url, "")
    for secret in SECRETS:
        assert secret not in str(caught.value), secret
        assert secret not in printed, secret
    return str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://assay:planted@db.example.com/assay",
        "postgressql://assay:planted@db.example.com/assay",
        "planted",
        "postgresql://assay:planted@Zq7@127.0.0.1/assay",
        "postgresql://assay:planted/Zq7@127.0.0.1/assay",
        "postgresql://assay:planted?Zq7@127.0.0.1/assay",
        "postgresql://assay:planted#Zq7@127.0.0.1/assay",
        "postgresql://assay:planted%zzZq7@127.0.0.1/assay",
        "postgresql://127.0.0.1/assay?password=planted&Zq7",
        "postgresql://127.0.0.1/assay?passwort=planted",
    ],
)
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    text = said(url)
    assert text.startswith("DATABASE_URL ")
    assert "postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in text


def test_the_address_keeps_its_password_out_of_what_is_printed() -> None:
    address = PostgresAddress.parse("postgresql://assay:s3cret@db.example.com:6432/northwind")
    assert "s3cret" not in repr(address)
    assert address.where == "the database northwind on db.example.com, port 6432"
    assert address.without_secrets("refused s3cret") == "refused ‹secret›"


def test_a_server_that_does_not_answer_is_named() -> None:
    text = said("postgresql://assay:planted@127.0.0.1:1/northwind?password=s3cret")
    assert text.startswith("The server of the database northwind on 127.0.0.1, port 1 cannot be reached (")
    assert "See that it runs" in text


def test_a_name_that_is_no_server_s_is_said() -> None:
    assert "not known" in said("postgresql://assay:planted@nowhere.invalid/northwind")


def test_a_port_that_is_none_is_said() -> None:
    assert "cannot be reached" in said("postgresql://assay:planted@127.0.0.1:s/northwind")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("FATAL:  the database system is starting up", "cannot be reached (connection failed: FATAL:  the database system is starting up). See that it runs"),
        ("FATAL:  sorry, too many clients already", "FATAL:  sorry, too many clients already). See that it runs"),
        ('FATAL:  no pg_hba.conf entry for host "192.0.2.1", user "assay", database "northwind", no encryption', "admits nobody from here"),
        ('FATAL:  role "assay" does not exist', "does not know the user"),
        ('FATAL:  database "northwind" does not exist', "There is no database"),
        ('server certificate for "db.example.com" does not match host name', "certificate"),
        ("", "cannot be reached (no answer)"),
    ],
)  # fmt: skip
def test_why_no_connection_came_about_is_said(text: str, says: str) -> None:
    address = PostgresAddress.parse("postgresql://assay:planted@db.example.com/northwind")
    said = str(not_connected(Exception(f"connection failed: {text}" if text else ""), address))
    assert says in said
    assert "northwind on db.example.com" in said


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(AssayError, match=r"pip install 'assay\[postgres\]'"):
        new_home(tmp_path / "home", environment={"DATABASE_URL": "postgresql://127.0.0.1/northwind"})


@ON_POSTGRESQL
class TestOnAServer:
    def test_a_refused_password_is_said(self, server: PostgresServer) -> None:
        text = said(server.url("postgres", "planted-wrong"))
        assert text == (
            f"The server refused the password for the database postgres on 127.0.0.1, port {server.port}. See that DATABASE_URL holds the right one."
        )

    def test_a_password_that_was_forgotten_is_said(self, server: PostgresServer) -> None:
        text = said(f"postgresql://assay@127.0.0.1:{server.port}/postgres?passfile=/dev/null")
        assert "password" in text

    def test_a_database_that_is_not_there_is_said(self, server: PostgresServer) -> None:
        text = said(server.url("nowhere"))
        assert text.startswith("There is no database as DATABASE_URL names it: the database nowhere on")
        assert "createdb" in text

    def test_a_schema_that_is_not_there_is_said(self, server: PostgresServer) -> None:
        text = said(f"{server.new_database()}?options=-csearch_path%3Dnowhere")
        assert "schema that DATABASE_URL names is not there" in text
        assert "create schema" in text

    def test_another_encoding_is_refused(self, server: PostgresServer) -> None:
        url = server.new_database("encoding 'SQL_ASCII' template template0 locale 'C'")
        assert "is SQL_ASCII; a home needs UTF8" in said(url)

    def test_a_server_that_wants_no_encryption_where_it_is_asked_for_is_said(self, server: PostgresServer) -> None:  # fmt: skip
        text = said(server.new_database() + "?sslmode=require")
        assert "No encrypted connection" in text

    def test_what_the_server_says_holds_no_password_either(
        self, server: PostgresServer, tmp_path: Path
    ) -> None:
        home = new_home(tmp_path / "home", environment={"DATABASE_URL": server.new_database()})
        with pytest.raises(DatabaseError, match="‹secret›") as caught:
            home.database.rows(f"select '{PLAIN_PASSWORD}'::bigint")
        assert PLAIN_PASSWORD not in str(caught.value)
