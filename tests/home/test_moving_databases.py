"""A home moves between SQLite and PostgreSQL by backup and restore with equal root and rows; a folder and a database that do not belong together are refused."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assay.cli.root import assay
from assay.evidence.canonical import decode
from assay.evidence.ledger import Kind, ledger_root
from assay.home import Home, NoHomeError, Surroundings, database_place, open_home, publish, restore
from assay.home.backup import TABLES, back_up, read_backup
from assay.home.database import DatabaseError
from assay.home.database.sqlite import SqliteDatabase
from assay.home.doctor import Weight, diagnose
from assay.home.erasure import erase
from assay.home.fsck import examine
from assay.home.settings import set_setting
from assay.home.sources import Source, connect_source, credentials
from assay.home.ways_out import WayOut, WayOutKind, add_way_out
from assay.verification import Trusted, report_again, verify_pack
from tests.durability.ingest import child, damage, ingest, unreadable
from tests.home.conftest import ON_POSTGRESQL
from tests.home.postgres_server import PLAIN_PASSWORD, PostgresServer
from tests.home.world import Clock, new_home, numbered
from tests.tampering.small_home import concluded_home, small_pack, with_small_content

pytestmark = ON_POSTGRESQL
LATER = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def surroundings(url: str = "") -> Surroundings:
    return Surroundings(Clock(LATER), numbered(), {"DATABASE_URL": url} if url else {})  # type: ignore[arg-type]


def filled(folder: Path) -> Home:
    """Make a home in SQLite with rows in every table that a backup holds, whose texts sort otherwise by words than by bytes."""
    home = concluded_home(folder)
    for name in ("zeta", "b-1", "b", "b1"):
        connect_source(
            home,
            Source(name, "file", {"path": f"/{name}/Ünïcode '?%s\n.csv"}),
            {"key": f"{name}-secret"},
            "ada",
        )
    for name in ("Zed.example", "alpha.example", "Alpha.example"):
        add_way_out(
            home, WayOut(f"mailto:{name}", WayOutKind.MAILBOX, {"to": name}), {"password": name}, "ada"
        )
    set_setting(home, "scope.regions", ["eu-central-1", "é", "\0 \ud7ff \U0001f512"], home.now(), "ada")
    with home.database.transaction() as transaction:
        for name in ("ä", "a", "B", "_", "%s?"):
            transaction.execute(
                "insert into cursor_position (source, name, position) values (?, ?, ?)", ("b", name, "1")
            )
    publish(home)
    return home


def restored(backup: Path, folder: Path, url: str = "") -> Home:
    keys = backup.parent / "home" / "keys"
    return with_small_content(restore.restore(backup, folder, keys, surroundings(url)).home)


def rows_in(backup: Path) -> dict[str, bytes]:
    return {name: content for name, content in read_backup(backup).members() if name.startswith("rows/")}


def test_from_sqlite_to_postgresql_and_back_root_and_rows_stay_equal(server: PostgresServer, tmp_path: Path) -> None:  # fmt: skip
    first = filled(tmp_path / "home")
    root = ledger_root(first.ledger)
    back_up(first, tmp_path / "1.tar")
    second = restored(tmp_path / "1.tar", tmp_path / "second", server.new_database())
    assert not (tmp_path / "second" / "assay.db").exists()
    back_up(second, tmp_path / "2.tar")
    third = restored(tmp_path / "2.tar", tmp_path / "third")
    assert isinstance(third.database, SqliteDatabase)
    back_up(third, tmp_path / "3.tar")
    rows = rows_in(tmp_path / "1.tar")
    assert rows.keys() == {f"rows/{table}.jsonl" for table in TABLES}
    assert all(rows.values())
    for number, home in ((2, second), (3, third)):
        assert rows_in(tmp_path / f"{number}.tar") == rows
        assert read_backup(tmp_path / f"{number}.tar").head == read_backup(tmp_path / "1.tar").head
        assert ledger_root(home.ledger) == root
        assert every_row(home) == every_row(first)
        assert credentials(home, "b-1") == {"key": "b-1-secret"}
        assert list(examine(home)) == []
        assert verify_pack(small_pack(home), Trusted(), report_again).findings == []


def every_row(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Give the rows as they lie in the database, types included, in one order."""
    return {
        table: sorted(home.database.rows(f"select {', '.join(columns)} from {table}"), key=repr)
        for table, columns in {**TABLES, "ledger_entry": ("ordinal", "envelope", "leaf_hash")}.items()
    }


def test_a_backup_made_of_postgresql_while_it_is_collected_into_restores_to_its_root(
    server: PostgresServer, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": server.new_database()}
    new_home(tmp_path / "home", Clock(datetime.now(UTC)), environment).close()

    def collecting(acknowledge) -> None:  # type: ignore[no-untyped-def]
        ingest(open_home(tmp_path / "home", surroundings(environment["DATABASE_URL"])), 10_000, acknowledge)

    def noting(acknowledge) -> None:  # type: ignore[no-untyped-def]
        home = open_home(tmp_path / "home", surroundings(environment["DATABASE_URL"]))
        for number in range(100_000):
            acknowledge(f"act {home.act('note.made', 'ada', {'number': number})}")

    with ExitStack() as stack:
        writers = [stack.enter_context(child(work)) for work in (collecting, noting, noting)]
        for writer in writers:
            writer.go_on()
            writer.until(3)
        home = open_home(tmp_path / "home", surroundings(environment["DATABASE_URL"]))
        publish(home)
        head = back_up(home, tmp_path / "backup.tar")
        writers[1].one_more()
        for writer in writers:
            writer.kill()
    assert head.root == ledger_root(home.ledger, head.size).hex()
    for folder, url in (("one", server.new_database()), ("other", "")):
        again = restored(tmp_path / "backup.tar", tmp_path / folder, url)
        assert (again.ledger.size(), ledger_root(again.ledger).hex()) == (head.size, head.root)
        assert [*damage(again), *unreadable(again)] == []


def test_an_old_backup_restored_into_postgresql_opens_an_epoch_and_keeps_people_erased(
    server: PostgresServer, tmp_path: Path
) -> None:
    home = concluded_home(tmp_path / "home")
    publish(home)
    head = back_up(home, tmp_path / "backup.tar")
    shutil.copytree(home.path / "keys", tmp_path / "old-keys")
    erase(home, ["ada@northwind.example"], "ada", "asked")
    done = restore.restore(
        tmp_path / "backup.tar", tmp_path / "new", tmp_path / "old-keys", surroundings(server.new_database()),
        restore.known_of(home), restore_list(home),
    )  # fmt: skip
    assert done.carried == 1
    assert done.taken_away >= 1
    assert done.home.ledger.body(done.home.ledger.entry(head.size))["restored_head"] == head.to_json()
    assert damage(done.home) == []


def restore_list(home: Home) -> Any:
    from assay.home.erasure_list import erasures_of

    return erasures_of(home)


def test_the_folder_says_that_its_database_is_elsewhere_and_holds_no_secret(
    server: PostgresServer, tmp_path: Path
) -> None:
    home = new_home(tmp_path / "home", environment={"DATABASE_URL": server.new_database()})
    place = decode((tmp_path / "home" / "database.json").read_bytes().rstrip(b"\n"))
    assert (place["format"], place["home"], len(place["mark"])) == (1, home.id, 32)
    assert not (tmp_path / "home" / "assay.db").exists()
    for path in (tmp_path / "home").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert PLAIN_PASSWORD.encode() not in content
        assert b"planted%2F" not in content


def test_without_the_address_the_home_says_where_its_database_is(
    server: PostgresServer, tmp_path: Path
) -> None:
    new_home(tmp_path / "home", environment={"DATABASE_URL": server.new_database()})
    with pytest.raises(DatabaseError, match="is in PostgreSQL, and DATABASE_URL does not say where"):
        open_home(tmp_path / "home", surroundings())


def test_the_database_of_another_home_is_refused(server: PostgresServer, tmp_path: Path) -> None:
    one, other = server.new_database(), server.new_database()
    first = new_home(tmp_path / "one", Clock(), {"DATABASE_URL": one})
    new_home(tmp_path / "other-first", Clock(), {"DATABASE_URL": server.new_database()})
    second = restore_as_another(tmp_path, other)
    assert second.id != first.id
    with pytest.raises(DatabaseError, match=f"holds the home {second.id}; this folder is of the home {first.id}"):  # fmt: skip
        open_home(first.path, surroundings(other))
    with pytest.raises(DatabaseError, match="There is no home in the database"):
        open_home(first.path, surroundings(server.new_database()))
    assert open_home(first.path, surroundings(one)).ledger.size() == 2


def restore_as_another(folder: Path, url: str) -> Home:
    """Make a home whose id is another one than that of the first home of a test."""
    draw = numbered()
    draw(1)  # type: ignore[operator]
    from assay.home import create_home

    return create_home(folder / "other", "Another", Surroundings(Clock(), draw, {"DATABASE_URL": url}))  # type: ignore[arg-type]


def test_the_database_of_a_copy_of_the_same_home_is_refused(server: PostgresServer, tmp_path: Path) -> None:
    url, copy = server.new_database(), server.new_database()
    home = concluded_home(tmp_path / "home")
    back_up(home, tmp_path / "backup.tar")
    first = restored(tmp_path / "backup.tar", tmp_path / "first", url)
    place = Surroundings(Clock(LATER), lambda length: b"\7" * length, {"DATABASE_URL": copy})
    second = restore.restore(tmp_path / "backup.tar", tmp_path / "second", home.path / "keys", place).home
    assert first.id == second.id
    with pytest.raises(DatabaseError, match="belongs to another folder of the home"):
        open_home(second.path, surroundings(url))


def test_a_home_in_its_folder_stays_there_whatever_the_variable_says(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home", Clock(LATER))
    home.close()
    home = open_home(tmp_path / "home", surroundings("postgresql://assay:planted@db.example.com/assay"))
    (found,) = [one for one in diagnose(home) if one.thing == "database" and one.weight == Weight.WARNING]
    assert "DATABASE_URL is set, but this home keeps its database in its own folder" in found.found
    assert "planted" not in found.found
    home.close()


def test_a_folder_that_names_two_databases_is_refused(server: PostgresServer, tmp_path: Path) -> None:
    url = server.new_database()
    new_home(tmp_path / "home", environment={"DATABASE_URL": url})
    (tmp_path / "home" / "assay.db").touch()
    with pytest.raises(DatabaseError, match=r"holds both assay.db and database.json"):
        open_home(tmp_path / "home", surroundings(url))


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format":1}', b"\xff", b"[]"])
def test_a_damaged_word_on_where_the_database_is_says_so(tmp_path: Path, content: bytes) -> None:
    new_home(tmp_path / "home").close()
    (tmp_path / "home" / "assay.db").unlink()
    (tmp_path / "home" / "database.json").write_bytes(content)
    with pytest.raises(DatabaseError, match=r"database.json, which says where the database is, cannot be read"):  # fmt: skip
        open_home(tmp_path / "home", surroundings())


def test_a_newer_word_on_where_the_database_is_says_so(tmp_path: Path) -> None:
    new_home(tmp_path / "home").close()
    (tmp_path / "home" / "database.json").write_text('{"format":2,"home":"a","mark":"b"}')
    with pytest.raises(DatabaseError, match="has format 2; this version of Assay reads 1"):
        open_home(tmp_path / "home", surroundings())


def test_one_schema_holds_one_home(server: PostgresServer, tmp_path: Path) -> None:
    url = server.new_database()
    first = new_home(tmp_path / "first", Clock(), {"DATABASE_URL": url})
    for again in ("first", "second"):
        with pytest.raises((DatabaseError, NoHomeError), match="There is already a home in"):
            new_home(tmp_path / again, Clock(), {"DATABASE_URL": url})
    back_up(first, tmp_path / "backup.tar")
    with pytest.raises(DatabaseError, match="one schema holds one home"):
        restore.restore(tmp_path / "backup.tar", tmp_path / "third", first.path / "keys", surroundings(url))
    assert first.ledger.size() == 2
    assert not (tmp_path / "third").exists()


def test_two_never_make_a_home_in_one_schema_at_once(server: PostgresServer, tmp_path: Path) -> None:
    url = server.new_database()
    environment = {"DATABASE_URL": url}
    with database_place.founded(tmp_path, "0" * 16, environment, lambda length: bytes(length)):
        with pytest.raises(DatabaseError, match="Another process is making a home"):
            new_home(tmp_path / "home", environment=environment)
    assert new_home(tmp_path / "home", environment=environment).ledger.size() == 2


class CutOffError(Exception):
    """Stands for the end of the process."""


def cut_off(patch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool) -> None:
    """Let the process end before or after its first call of a function."""
    real = getattr(module, name)

    def ending(*arguments: Any, **options: Any) -> None:
        if after:
            real(*arguments, **options)
        raise CutOffError

    patch.setattr(module, name, ending)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", ["claim", "_write_place", "finish"])
def test_making_a_home_that_was_cut_off_can_be_done_again_or_is_done(
    server: PostgresServer, tmp_path: Path, name: str, after: bool
) -> None:
    url = server.new_database()
    with pytest.MonkeyPatch.context() as patch:
        cut_off(patch, database_place, name, after=after)
        with pytest.raises(CutOffError):
            new_home(tmp_path / "home", environment={"DATABASE_URL": url})
    with suppress(NoHomeError):
        new_home(tmp_path / "home", environment={"DATABASE_URL": url}).close()
    home = open_home(tmp_path / "home", surroundings(url))
    assert damage(home) == []
    assert home.database.rows("select whole from home_folder") == [(True,)]
    with pytest.raises(DatabaseError, match="There is already a home"):
        new_home(tmp_path / "another", environment={"DATABASE_URL": url})


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (database_place, "claim"),
        (restore, "_insert"),
        (restore, "_check"),
        (database_place, "_write_place"),
        (restore, "finish_erasures"),
        (restore.os, "rename"),
        (database_place, "finish"),
    ],
)
def test_a_restore_that_was_cut_off_can_be_done_again_or_is_done(server: PostgresServer, tmp_path: Path, module: Any, name: str, after: bool) -> None:  # fmt: skip
    url = server.new_database()
    home = concluded_home(tmp_path / "home")
    head = back_up(home, tmp_path / "backup.tar")
    with pytest.MonkeyPatch.context() as patch:
        cut_off(patch, module, name, after=after)
        with pytest.raises(CutOffError):
            restored(tmp_path / "backup.tar", tmp_path / "new", url)
    if not (tmp_path / "new").exists():
        restored(tmp_path / "backup.tar", tmp_path / "new", url).close()
    again = open_home(tmp_path / "new", surroundings(url))
    assert (again.ledger.size(), ledger_root(again.ledger).hex()) == (head.size, head.root)
    assert again.database.rows("select whole from home_folder") == [(True,)]
    assert damage(again) == []


def said(home: Path, *arguments: str, code: int = 0, **environment: str) -> str:
    """Run a command with just these addresses in the environment; gives what it printed, in which no password is."""
    addresses: dict[str, str | None] = {"DATABASE_URL": None, "KNOWN_DATABASE_URL": None}
    result = CliRunner().invoke(assay, ["--home", str(home), *arguments], env={**addresses, **environment})
    assert result.exit_code == code, result.output
    assert PLAIN_PASSWORD not in result.output
    return result.output


def test_the_command_line_makes_a_home_in_postgresql_and_moves_it(server: PostgresServer, tmp_path: Path) -> None:  # fmt: skip
    """1. It is made there. 2. Without the address it is not opened. 3. A restore into SQLite, and into another database, names what the backup lacks."""
    first, second = server.new_database(), server.new_database()
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    made = said(one, "init", "--name", "Northwind Metrics", DATABASE_URL=first)  # 1
    assert "Its database is PostgreSQL" in made
    said(one, "backup", str(tmp_path / "backup.tar"), DATABASE_URL=first)
    open_home(one, surroundings(first)).act("note.made", "ada", {})
    assert "DATABASE_URL does not say where" in said(one, "fsck", code=1)  # 2
    restoring = ["restore", str(tmp_path / "backup.tar"), "--keys", str(one / "keys"), "--known-home", str(one)]  # fmt: skip
    said(two, *restoring, KNOWN_DATABASE_URL=first)  # 3
    said(three, *restoring, DATABASE_URL=second, KNOWN_DATABASE_URL=first)
    assert (two / "assay.db").exists()
    assert not (three / "assay.db").exists()
    for home, url in ((two, ""), (three, second)):
        said(home, "fsck", "--repair", DATABASE_URL=url)
        opened = open_home(home, surroundings(url))
        assert [entry.kind for entry in opened.ledger.entries()] == [Kind.HOME, Kind.EPOCH]
        assert json.loads(said(home, "doctor", "--json", DATABASE_URL=url))
