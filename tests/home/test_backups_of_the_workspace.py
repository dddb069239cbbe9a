"""A backup holds the rows of the workspace, sealed; they come back equal on either database, with sequences and constraints."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.evidence.canonical import decode
from assay.evidence.ledger import ledger_root
from assay.home import Home, Surroundings, open_home
from assay.home.backup import BackupError, back_up, read_backup
from assay.home.database.columns import further_tables, last_drawn
from assay.home.erasure_list import erasures_of
from assay.home.further_rows import kept, opened_rows, put_back, rows_of
from assay.home.keys import KeyProblemError
from assay.home.person_erasure import erase_person
from assay.home.person_search import find_person
from assay.home.restore import known_of, restore
from assay.home.rotating import rotate_master_key
from assay_web.restoring import STAYS_OUT
from tests.home.conftest import ON_POSTGRESQL
from tests.home.postgres_server import PostgresServer
from tests.home.world import new_home
from tests.web.homes import served

CANARY = "Quillfeather"


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Home]:
    """A home whose workspace has accounts, a second factor, tasks with comments, a draft, and a row that was drawn and is gone."""
    with served(tmp_path) as path:
        from allauth.mfa.models import Authenticator

        from assay_web.records.accounts import Role
        from assay_web.records.tasks import TaskEvent
        from assay_web.services.accounts import invite, make_account
        from assay_web.services.drafts import keep_draft
        from assay_web.services.tasks import Wanted, comment, make_tasks

        ada = make_account(
            by="host", name=f"Ada {CANARY}", email="ada@northwind.example", role=Role.OWNER, password="a long enough pass phrase"
        )  # fmt: skip
        invite(by=ada, name="Ben Ünïcode \U0001f512", email="ben@northwind.example", role=Role.ENGINEER)
        Authenticator.objects.create(
            user_id=ada.pk, type="totp", data={"used_step": 7, "secret": "ab", "é": [None, 1.5, True]}
        )
        (task,) = make_tasks([Wanted(what="Say what “'?%s\n” is", owner=ada)], by=ada)
        for text in ("first", "second, and last"):
            comment(task, text, by=ada)
        TaskEvent.objects.order_by("-id")[0].delete()  # its id is drawn and never again
        keep_draft("start", "company", {"name": ["Northwind"]}, by=ada)
        home = open_home(path, Surroundings.real())
        yield home
        home.close()


def restored(backup: Path, folder: Path, keys: Path, url: str = "") -> Home:
    environment = {"DATABASE_URL": url} if url else {}
    real = Surroundings.real()
    return restore(backup, folder, keys, Surroundings(real.clock, real.random, environment)).home


def every_row(home: Home) -> dict[str, bytes]:
    return {table.name: rows_of(home.database, table) for table in kept(home.database)}


def test_every_table_is_in_a_backup_but_those_on_the_reviewed_list(filled: Home, tmp_path: Path) -> None:
    """A table that comes later is found by itself; the list names only what is there, each with its reason."""
    there = {table.name for table in further_tables(filled.database)}
    assert STAYS_OUT.keys() <= there
    assert all(reason.endswith(".") for reason in STAYS_OUT.values())
    back_up(filled, tmp_path / "backup.tar")
    held = {name for name, _ in read_backup(tmp_path / "backup.tar").members() if name.startswith("sealed/")}
    assert held == {f"sealed/{name}" for name in there - STAYS_OUT.keys()}
    assert {"sealed/records_account", "sealed/records_task", "sealed/records_draft"} <= held


def test_rows_come_back_with_what_was_last_drawn_and_with_their_constraints(filled: Home, tmp_path: Path) -> None:  # fmt: skip
    before = every_row(filled)
    events = decode(before["records_taskevent"].splitlines()[0])
    assert (events["last"], len(before["records_taskevent"].splitlines()) - 1) == (3, 2)
    back_up(filled, tmp_path / "backup.tar")
    again = restored(tmp_path / "backup.tar", tmp_path / "again", filled.path / "keys")
    assert every_row(again) == before
    assert schema(again.path) == schema(filled.path)
    with again.database.transaction() as transaction, pytest.raises(sqlite3.IntegrityError):
        transaction.execute("update records_account set role = 'king'")


def schema(path: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(path / "assay.db") as connection:
        return set(
            connection.execute(
                "select name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'"
            )
        )


def test_the_restored_workspace_lets_the_same_person_in(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.tar")
    restored(tmp_path / "backup.tar", tmp_path / "again", filled.path / "keys").close()
    ask = (
        "import sys; from pathlib import Path; from assay_web.serving import ready; ready(Path(sys.argv[1]));"
        "from assay_web.records.accounts import Account; ada = Account.objects.get(email='ada@northwind.example');"
        "print(ada.check_password('a long enough pass phrase'), ada.tasks.count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask, str(tmp_path / "again")],
        env={**os.environ, "ASSAY_HOME": str(tmp_path / "again")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True 1\n", "")


def test_nothing_of_the_rows_can_be_read_without_the_keys(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.tar")
    content = (tmp_path / "backup.tar").read_bytes()
    assert [one for one in (CANARY, "scrypt", "ben@northwind.example") if one.encode() in content] == []
    sealed = dict(read_backup(tmp_path / "backup.tar").members())["sealed/records_account"]
    assert CANARY.encode() in opened_rows(filled, "records_account", sealed)
    with pytest.raises(KeyProblemError, match="do not open"):
        opened_rows(filled, "records_task", sealed)
    with pytest.raises(KeyProblemError, match="do not open"):
        opened_rows(new_home(tmp_path / "other"), "records_account", sealed)


def test_the_newest_copy_of_the_keys_opens_a_backup_from_before_they_were_rotated(filled: Home, tmp_path: Path) -> None:  # fmt: skip
    before = every_row(filled)
    back_up(filled, tmp_path / "backup.tar")
    rotate_master_key(filled, "ada", "it may have been seen")
    again = restored(tmp_path / "backup.tar", tmp_path / "again", filled.path / "keys")
    assert every_row(again) == before


def test_a_backup_from_before_the_workspace_still_restores(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    back_up(home, tmp_path / "backup.tar")
    assert read_backup(tmp_path / "backup.tar").manifest["tables"] == {}
    again = restored(tmp_path / "backup.tar", tmp_path / "again", home.path / "keys")
    assert again.ledger.size() == home.ledger.size()
    assert further_tables(again.database) == []


def test_a_backup_of_a_version_with_other_tables_restores_nothing(filled: Home, tmp_path: Path) -> None:
    with filled.database.transaction() as transaction:
        transaction.execute(
            "insert into django_migrations (app, name, applied) values ('records', '9999_later', '2030-01-01 00:00:00')"
        )
    back_up(filled, tmp_path / "backup.tar")
    with pytest.raises(Exception, match=r"another version of Assay.*records\.9999_later.*Nothing was restored"):  # fmt: skip
        restored(tmp_path / "backup.tar", tmp_path / "again", filled.path / "keys")
    assert not (tmp_path / "again").exists()


def test_a_changed_byte_of_the_sealed_rows_restores_nothing(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.tar")
    sealed = dict(read_backup(tmp_path / "backup.tar").members())["sealed/records_account"]
    whole = (tmp_path / "backup.tar").read_bytes()
    at = whole.index(sealed) + len(sealed) // 2
    (tmp_path / "backup.tar").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(BackupError, match=r"sealed/records_account is missing or was changed"):
        restored(tmp_path / "backup.tar", tmp_path / "again", filled.path / "keys")


@ON_POSTGRESQL
def test_from_sqlite_to_postgresql_and_back_rows_of_the_workspace_stay_equal(
    server: PostgresServer, filled: Home, tmp_path: Path
) -> None:
    """Root, rows and what was last drawn; a try that was cut off before is no hindrance."""
    before, root, keys = every_row(filled), ledger_root(filled.ledger), filled.path / "keys"
    back_up(filled, tmp_path / "1.tar")
    url = server.new_database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assay.home.restore.finish_erasures", lambda home: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restored(tmp_path / "1.tar", tmp_path / "second", keys, url)
    second = restored(tmp_path / "1.tar", tmp_path / "second", keys, url)
    assert (second.database.dialect, every_row(second), ledger_root(second.ledger)) == ("postgresql", before, root)  # fmt: skip
    back_up(second, tmp_path / "2.tar")
    third = restored(tmp_path / "2.tar", tmp_path / "third", keys)
    assert (third.database.dialect, ledger_root(third.ledger)) == ("sqlite", root)
    assert [(name, rows) for name, rows in every_row(third).items() if rows != before.get(name)] == []
    assert every_row(third).keys() == before.keys()
    with second.database.transaction() as transaction:
        drawn = transaction.insert(
            "insert into records_taskevent (at, by, act, said, entry, task_id) select at, by, act, said, entry, task_id from records_taskevent limit 1 returning id",
            (),
        )
    assert drawn == 4
    (events,) = [one for one in further_tables(second.database) if one.name == "records_taskevent"]
    assert last_drawn(second.database, events) == 4


@ON_POSTGRESQL
def test_a_person_is_erased_from_rows_in_postgresql_and_again_after_a_restore(
    server: PostgresServer, filled: Home, tmp_path: Path
) -> None:
    keys = filled.path / "keys"
    back_up(filled, tmp_path / "1.tar")
    home = restored(tmp_path / "1.tar", tmp_path / "second", keys, server.new_database())
    erase_person(
        home, find_person(home, "ada@northwind.example", (f"Ada {CANARY}",)), by="ben", basis="asked"
    )
    assert [name for name, rows in every_row(home).items() if CANARY.encode() in rows] == []
    real = Surroundings.real()
    surroundings = Surroundings(real.clock, real.random, {"DATABASE_URL": server.new_database()})
    done = restore(
        tmp_path / "1.tar", tmp_path / "third", keys, surroundings, known_of(home), erasures_of(home)
    )
    assert done.carried == 1
    rows = every_row(done.home)
    assert [name for name in rows if CANARY.encode() in rows[name] or b"ada@northwind" in rows[name]] == []


@ON_POSTGRESQL
def test_every_kind_of_column_is_written_the_same_from_either_database(
    server: PostgresServer, tmp_path: Path
) -> None:
    """Kinds that the workspace may come to use: decimals, fractions, bytes, times of day, numbers beyond 2^53, JSON with members in another order."""
    common = "9007199254740993, {yes}, '2026-03-09 08:00:00.500000{zone}', '2026-03-09', '08:30:00', '12.50', '0.1', '{{\"b\": [1.50, \"é\"], \"a\": null}}', 'é', {raw}"
    made = {
        "sqlite": (
            'id integer primary key autoincrement, big bigint, yes bool, at datetime, day date, clock time, price decimal, part real, said text check (JSON_VALID("said")), name varchar(9), raw blob',
            common.format(yes="1", zone="", raw="x'00ff'"),
        ),
        "postgresql": (
            "id bigint generated by default as identity, big bigint, yes boolean, at timestamptz, day date, clock time, price numeric, part double precision, said jsonb, name varchar(9), raw bytea",
            common.format(yes="true", zone="+00", raw="decode('00ff', 'hex')"),
        ),
    }
    written = {}
    for dialect, url in (("sqlite", ""), ("postgresql", server.new_database())):
        home = new_home(tmp_path / dialect, environment={"DATABASE_URL": url} if url else {})
        with home.database.transaction() as transaction:
            transaction.execute(f"create table probe ({made[dialect][0]})")
            transaction.execute(f"insert into probe values (7, {made[dialect][1]})")
        (table,) = further_tables(home.database)
        written[dialect] = rows_of(home.database, table)
        with home.database.transaction() as transaction:
            transaction.execute("delete from probe")
        put_back(home, {"probe": written[dialect]})
        assert rows_of(home.database, table) == written[dialect]
    assert decode(written["sqlite"].splitlines()[1]) == {
        "at": "2026-03-09T08:00:00.500000Z", "big": "9007199254740993", "clock": "08:30:00", "day": "2026-03-09", "id": 7, "name": "é",
        "part": "0.1", "price": "12.5", "raw": "00ff", "said": '{"a":null,"b":[1.5,"é"]}', "yes": True,
    }  # fmt: skip
    assert written["sqlite"].splitlines()[1] == written["postgresql"].splitlines()[1]
