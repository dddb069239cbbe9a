"""A home in PostgreSQL keeps what it acknowledged, whoever dies, and says in a sentence what is wrong."""

from __future__ import annotations

import random
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.evidence.ledger import Kind, inclusion_proof, ledger_root
from assay.evidence.merkle import verify_inclusion
from assay.home import Home, Surroundings, open_home, publish
from assay.home.collecting import run_of
from assay.home.database import DatabaseError, postgres
from assay.home.doctor import Weight, diagnose
from assay.home.fsck import examine
from assay.home.personal import personal
from tests.durability.ingest import (
    DONE,
    REFUSED,
    SOURCE,
    SPECS,
    Acknowledge,
    child,
    damage,
    ingest,
    lost,
    unreadable,
)
from tests.home.conftest import ON_POSTGRESQL
from tests.home.postgres_server import PostgresServer
from tests.home.world import Clock, new_home, seen, thing

pytestmark = ON_POSTGRESQL
PROCESSES, EACH = 8, 200


@pytest.fixture
def place(server: PostgresServer, tmp_path: Path) -> Place:
    """Give a prepared home, closed, in a database of its own."""
    made = Place(tmp_path / "home", server.new_database())
    new_home(made.folder, Clock(datetime.now(UTC)), made.environment).close()
    return made


class Place:
    """Where a home is: its folder and the address of its database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.environment = folder, {"DATABASE_URL": url}

    def opened(self) -> Home:
        return open_home(
            self.folder, Surroundings(lambda: datetime.now(UTC), secrets.token_bytes, self.environment)
        )

    def doing(self, work: Callable[[Home, Acknowledge], None]) -> Callable[[Acknowledge], None]:
        """Give the work of another process that has the home open."""

        def in_its_own_home(acknowledge: Acknowledge) -> None:
            home = self.opened()
            work(home, acknowledge)
            home.close()

        return in_its_own_home

    @contextmanager
    def home(self) -> Iterator[Home]:
        home = self.opened()
        yield home
        home.close()


def acting(number: int, times: int) -> Callable[[Home, Acknowledge], None]:
    def work(home: Home, acknowledge: Acknowledge) -> None:
        for each in range(times):
            ordinal = home.act("note.made", "ada", {"number": each, "writer": number})
            acknowledge(f"entry {ordinal} {home.ledger.leaf_hashes(ordinal, ordinal + 1)[0].hex()}")

    return work


def test_eight_processes_append_200_entries_each_without_error_or_hole(place: Place) -> None:
    with ExitStack() as stack:
        writers = [
            stack.enter_context(child(place.doing(acting(number, EACH)))) for number in range(PROCESSES)
        ]
        for writer in writers:
            writer.go_on()
        ends = [writer.ended() for writer in writers]
    assert [ended.status for ended in ends] == [DONE] * PROCESSES
    with place.home() as home:
        size = home.ledger.size()
        assert [entry.ordinal for entry in home.ledger.entries()] == list(range(size))
        acknowledged = [line for ended in ends for line in ended.acknowledged]
        assert len(set(acknowledged)) == PROCESSES * EACH == size - 2
        assert lost(home, tuple(acknowledged)) == []
        (leaf,) = home.ledger.leaf_hashes(5, 6)
        verify_inclusion(leaf, 5, size, inclusion_proof(home.ledger, 5, size), ledger_root(home.ledger, size))
        assert publish(home).checkpoint.root == ledger_root(home.ledger, size)


def test_a_process_killed_anywhere_loses_nothing_that_it_acknowledged(place: Place) -> None:
    chance = random.Random(20260302)
    acknowledged: tuple[str, ...] = ()
    for _ in range(12):
        with child(place.doing(lambda home, acknowledge: ingest(home, 100, acknowledge))) as worker:
            worker.go_on()
            worker.until(chance.randrange(1, 7))
            worker.kill()
            ended = worker.ended()
        assert ended.status == -signal.SIGKILL
        acknowledged += tuple(line for line in ended.acknowledged if line.startswith("entry"))
        with place.home() as home:
            assert [*lost(home, ended.acknowledged), *damage(home), *unreadable(home)] == []
    with place.home() as home:
        assert lost(home, acknowledged) == []


def test_a_write_that_was_cut_off_by_a_kill_is_undone_and_its_index_is_free(place: Place) -> None:
    def work(home: Home, acknowledge: Acknowledge) -> None:
        with home.database.transaction() as transaction:
            transaction.execute(
                "insert into cursor_position (source, name, position) values ('aws-main', 'x', 'y')"
            )
            acknowledge("inside")
            signal.pause()

    with place.home() as home, child(place.doing(work)) as worker:
        size = home.ledger.size()
        worker.go_on()
        worker.until(1)
        worker.kill()
        worker.ended()
        assert home.act("note.made", "ada", {}) == size
        assert home.database.rows("select * from cursor_position") == []


def test_a_server_that_falls_over_keeps_what_it_acknowledged_and_who_wrote_says_a_sentence(
    place: Place, server: PostgresServer
) -> None:
    with ExitStack() as stack:
        writers = [
            stack.enter_context(child(place.doing(acting(number, 100_000)))) for number in range(PROCESSES)
        ]
        for writer in writers:
            writer.go_on()
        for writer in writers:
            writer.until(5)
        server.stop("immediate")
        server.start()
        ends = [writer.ended() for writer in writers]
    assert [ended.status for ended in ends] == [REFUSED] * PROCESSES
    with place.home() as home:
        assert lost(home, tuple(line for ended in ends for line in ended.acknowledged)) == []
        assert damage(home) == []
        assert home.act("note.made", "ada", {}) == home.ledger.size() - 1


def test_a_collection_that_loses_the_server_says_so_and_goes_on_later(
    place: Place, server: PostgresServer
) -> None:
    home = place.opened()
    with pytest.raises(DatabaseError, match=r"connection to the database home_\w+ on 127.0.0.1.* was lost"):
        with personal(home) as people, run_of(home, SOURCE, SPECS, people.sealer) as run:
            run.see(seen(thing("a")))
            server.disconnect_everybody()
            run.see(seen(thing("b"), region="us-east-1"))
    with place.home() as home, personal(home) as people:
        with run_of(home, SOURCE, SPECS, people.sealer) as run:
            assert run.resumed
            assert {region for _, _, region in run.done} == {"eu-central-1"}


def test_a_lost_connection_says_so_at_each_further_use(place: Place, server: PostgresServer) -> None:
    home = place.opened()
    server.disconnect_everybody()
    for _ in range(2):
        with pytest.raises(DatabaseError, match="See that the server runs"):
            home.ledger.size()
        with pytest.raises(DatabaseError, match="See that the server runs"):
            home.act("note.made", "ada", {})


def test_a_reader_sees_one_state_while_others_write(place: Place) -> None:
    with place.home() as reading, place.home() as writing:
        with reading.database.snapshot() as snapshot:
            before = snapshot.one("select count(*) from ledger_entry")
            writing.act("note.made", "ada", {})
            assert snapshot.one("select count(*) from ledger_entry") == before
        assert reading.database.one("select count(*) from ledger_entry") != before


def test_nothing_is_written_in_a_snapshot_or_outside_a_transaction(place: Place) -> None:
    with place.home() as home:
        with pytest.raises(DatabaseError, match="outside a transaction"):
            home.database.execute("delete from staged_place")
        with pytest.raises(DatabaseError, match="set to read only"):
            with home.database.snapshot() as snapshot:
                snapshot.execute("delete from staged_place")
        with home.database.transaction() as transaction:
            with pytest.raises(DatabaseError, match="inside another"):
                with transaction.transaction():
                    pass


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update ledger_entry set ordinal = 7 where ordinal = 1", "never change"),
        ("delete from ledger_entry where ordinal = 1", "never deleted"),
        ("truncate ledger_entry cascade", "never deleted"),
        (
            "insert into ledger_entry select 7, envelope, leaf_hash from ledger_entry where ordinal = 1",
            "without holes",
        ),
    ],
)
def test_the_server_itself_refuses_to_change_the_ledger(place: Place, statement: str, says: str) -> None:
    with place.home() as home:
        with pytest.raises(DatabaseError, match=says):
            with home.database.transaction() as transaction:
                transaction.execute(statement)
        assert home.ledger.size() == 2
        assert damage(home) == []


def test_a_ledger_that_nothing_guards_any_more_and_a_rewritten_past_are_found(server: PostgresServer, tmp_path: Path) -> None:  # fmt: skip
    home = new_home(tmp_path / "home", environment={"DATABASE_URL": server.new_database()})
    publish(home)
    with home.database.transaction() as transaction:
        transaction.execute("alter table ledger_entry disable trigger user")
        transaction.execute(
            "update ledger_entry set envelope = (select envelope from ledger_entry where ordinal = 0) where ordinal = 1"
        )
    found = {one.thing: one.problem for one in examine(home)}
    assert "a trigger of ledger_entry is gone or switched off" in found["database"]
    assert found["entry 1"] == "its hash is not that of its envelope"


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_server_that_could_lose_what_it_acknowledged_is_read_and_not_written(
    place: Place, server: PostgresServer, setting: str
) -> None:
    server.set(setting, "off")
    try:
        with place.home() as home:
            with pytest.raises(DatabaseError, match=f"{setting} = off.*Nothing is written there"):
                home.act("note.made", "ada", {})
            assert home.ledger.size() == 2
            (found,) = [one for one in diagnose(home) if one.thing == "database"]
            assert (found.weight, f"{setting} = off" in found.found) == (Weight.WRONG, True)
    finally:
        server.set(setting, "on")
    with place.home() as home:
        assert home.act("note.made", "ada", {}) == 2


def test_doctor_says_where_the_database_is_and_no_password(place: Place) -> None:
    with place.home() as home:
        (found,) = [one for one in diagnose(home) if one.thing == "database"]
    assert found.weight == Weight.FINE
    assert "PostgreSQL 1" in found.found
    assert "on 127.0.0.1" in found.found
    assert "planted" not in found.found


def test_a_newer_format_is_refused(place: Place) -> None:
    with place.home() as home:
        with home.database.transaction() as transaction:
            transaction.execute("update home_format set format = 2")
    with pytest.raises(DatabaseError, match="has format 2; this version of Assay reads up to 1"):
        place.opened()


def test_each_schema_of_one_database_holds_a_home_of_its_own(server: PostgresServer, tmp_path: Path) -> None:
    url = server.new_database()
    first = new_home(tmp_path / "first", Clock(), {"DATABASE_URL": url})
    with first.database.transaction() as transaction:
        transaction.execute("create schema other")
    second = new_home(tmp_path / "second", Clock(), {"DATABASE_URL": f"{url}?options=-csearch_path%3Dother"})
    second.act("note.made", "ada", {})
    assert (first.ledger.size(), second.ledger.size()) == (2, 3)
    assert first.ledger.entry(1).kind == second.ledger.entry(2).kind == Kind.ACT


def test_a_connection_lost_while_a_write_ends_is_not_called_undone(
    place: Place, server: PostgresServer
) -> None:
    home = place.opened()
    with pytest.raises(DatabaseError, match="not known whether that was kept"):
        with home.database.transaction() as transaction:
            transaction.execute("delete from staged_place")
            server.disconnect_everybody()


def test_once_the_tables_are_made_rights_to_read_and_write_them_are_enough(
    place: Place, server: PostgresServer
) -> None:
    with place.home() as home:
        name = home.database.rows("select current_database()")[0][0]
        with home.database.transaction() as transaction:
            for statement in (
                "create role writer login password 'planted-writer'",
                "grant select, insert, update, delete on all tables in schema public to writer",
            ):
                transaction.execute(statement)
    writer = Place(place.folder, f"postgresql://writer:planted-writer@127.0.0.1:{server.port}/{name}")
    with writer.home() as home:
        assert home.act("note.made", "ada", {}) == 2
        with pytest.raises(DatabaseError, match="must be owner of table ledger_entry"):
            with home.database.transaction() as transaction:
                transaction.execute("alter table ledger_entry disable trigger user")


def test_a_writer_that_waits_too_long_for_another_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BEGIN", "begin isolation level read committed; set local lock_timeout = '1ms'")  # fmt: skip
    with place.home() as one, place.home() as other, one.database.transaction():
        with pytest.raises(DatabaseError, match="Another process has been writing to the database"):
            other.act("note.made", "ada", {})
