"""Subject keys: one subject a person, nothing left of a key that was destroyed, and no guess confirmed afterwards."""

from __future__ import annotations

import random
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.evidence.canonical import encode
from assay.evidence.population import Seen, advance
from assay.evidence.records import Place, Sealed, Whole, read_records, record_commitment, write_records
from assay.evidence.sealing import Subject, SubjectSealer
from assay.home import subject_keys
from assay.home.subject_keys import SqliteSubjectKeys, SubjectStoreError

PEOPLE = Place("hr_person", "people", "")
LOOKUP = b"L" * 32


def ada(salt: bytes = b"s" * 16) -> Whole:
    return Whole(
        "ada@northwind.example", encode({"file": {"email": "ada@northwind.example", "name": "Ada"}}), salt
    )


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqliteSubjectKeys]:
    with SqliteSubjectKeys(tmp_path / "subjects.db", LOOKUP, random.Random(7).randbytes) as store:
        yield store


def test_one_person_is_one_subject_however_the_address_is_typed(keys: SqliteSubjectKeys) -> None:
    first = keys.subject("Ada@Northwind.example ")

    assert keys.subject("ada@northwind.example") == first
    assert keys.find("ADA@NORTHWIND.EXAMPLE") == first.id
    assert keys.key(first.id) == first.key
    assert keys.subject("ben@northwind.example").id != first.id
    assert (len(bytes.fromhex(first.id)), len(first.key)) == (16, 32)


def test_subjects_outlive_the_process_and_need_the_key_of_the_home(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    with SqliteSubjectKeys(path, LOOKUP) as first:
        drawn = first.subject("ada@northwind.example")
    with SqliteSubjectKeys(path, LOOKUP) as second:
        assert second.subject("ada@northwind.example") == drawn
    with SqliteSubjectKeys(path, b"another home's key".ljust(32)) as stranger:
        assert stranger.find("ada@northwind.example") is None


def test_the_store_is_for_its_owner_alone_and_names_nobody(tmp_path: Path, keys: SqliteSubjectKeys) -> None:
    keys.subject("ada@northwind.example")
    path = tmp_path / "subjects.db"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ada" not in path.read_bytes()
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.stat().st_size) == ["subjects.db"]


def test_a_key_never_shows_in_a_printed_subject(keys: SqliteSubjectKeys) -> None:
    drawn = keys.subject("ada@northwind.example")

    assert drawn.key.hex() not in repr(drawn)
    assert repr(drawn.key) not in repr(drawn)


def test_two_threads_that_draw_for_one_person_get_one_subject(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    people = [f"worker{number}@northwind.example" for number in range(20)]
    drawn: list[list[Subject]] = []

    def draw() -> None:
        with SqliteSubjectKeys(path, LOOKUP) as store:
            drawn.append([store.subject(person) for person in people])

    SqliteSubjectKeys(path, LOOKUP).close()
    threads = [threading.Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drawn) == 3
    assert drawn[0] == drawn[1] == drawn[2]


def test_a_destroyed_subject_is_unknown_and_a_new_sighting_draws_a_new_one(keys: SqliteSubjectKeys) -> None:
    first, other = keys.subject("ada@northwind.example"), keys.subject("ben@northwind.example")

    assert keys.destroy([first.id]) == 1
    assert (keys.key(first.id), keys.find("ada@northwind.example")) == (None, None)
    assert keys.key(other.id) == other.key
    assert keys.destroy([first.id]) == 0
    again = keys.subject("ada@northwind.example")
    assert again.id != first.id
    assert again.key != first.key


def test_a_sealed_record_of_a_destroyed_subject_opens_as_nothing(keys: SqliteSubjectKeys) -> None:
    sealer = SubjectSealer(keys, random.Random(3).randbytes)
    line = sealer.seal(PEOPLE, "ada@northwind.example", ada())

    assert sealer.open(PEOPLE, line) == ada()
    keys.destroy([line.subject])
    assert sealer.open(PEOPLE, line) is None


def test_nonces_are_drawn_anew_for_each_sealing(keys: SqliteSubjectKeys) -> None:
    sealer = SubjectSealer(keys)
    nonces = {sealer.seal(PEOPLE, "ada@northwind.example", ada()).sealed[:12] for _ in range(50)}

    assert len(nonces) == 50


def test_a_store_that_another_program_holds_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    with SqliteSubjectKeys(path, LOOKUP, wait=0) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin exclusive")
        with pytest.raises(SubjectStoreError, match="no other program holds it"):
            store.subject("ada@northwind.example")
        other.execute("rollback")
        other.close()
        assert store.subject("ada@northwind.example").id == store.find("ada@northwind.example")


def test_what_is_not_a_key_store_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    path.write_bytes(b"This is no database. " * 100)

    with pytest.raises(SubjectStoreError, match=r"subjects\.db could not be used"):
        SqliteSubjectKeys(path, LOOKUP)


def test_a_destruction_that_is_refused_destroys_nothing_by_half(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    with SqliteSubjectKeys(path, LOOKUP, wait=0) as store:
        drawn = [store.subject(f"worker{number}@northwind.example") for number in range(20)]
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("begin")
        reader.execute("select count(*) from subject").fetchone()
        with pytest.raises(SubjectStoreError):
            store.destroy([subject.id for subject in drawn])
        reader.execute("rollback")
        reader.close()

        assert [store.key(subject.id) for subject in drawn] == [subject.key for subject in drawn]
        assert store.destroy([subject.id for subject in drawn]) == 20


def test_a_rebuild_that_was_interrupted_is_made_up_for_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    with SqliteSubjectKeys(path, LOOKUP) as store:
        keys = [store.subject(f"worker{number}@northwind.example").key for number in range(300)]
    killed = sqlite3.connect(path, isolation_level=None)
    killed.execute("pragma secure_delete = off")
    killed.execute("delete from subject")
    killed.execute(f"pragma user_version = {subject_keys._OWES_VACUUM}")
    killed.close()
    assert any(key in path.read_bytes() for key in keys)

    with SqliteSubjectKeys(path, LOOKUP):
        pass

    assert [key for key in keys if key in path.read_bytes()] == []


# Two hundred people are erased.


class Erased:
    """250 people sealed through a population, of whom the first 200 are then destroyed."""

    def __init__(self, folder: Path) -> None:
        chance = random.Random(2026)
        self.path = folder / "subjects.db"
        store = SqliteSubjectKeys(self.path, LOOKUP, chance.randbytes)
        sealer = SubjectSealer(store, chance.randbytes)
        self.people = [f"canary-{chance.randbytes(4).hex()}@northwind.example" for _ in range(250)]
        seen = [Seen(person, self.record(person), person) for person in self.people]
        advanced = advance([], seen, PEOPLE, lambda: chance.randbytes(16), sealer)
        self.file = write_records(PEOPLE, advanced.changes)
        lines = [line for line in advanced.current if isinstance(line, Sealed)]
        versions = {line.commitment: sealer.open(PEOPLE, line) for line in lines}
        self.salts = {version.key: version.salt for version in versions.values() if version is not None}
        self.subjects = {person: store.subject(person) for person in self.people}
        self.commitments = {line.commitment for line in lines}
        self.gone, self.kept = self.people[:200], self.people[200:]
        self.before = self.path.read_bytes()
        assert store.destroy([self.subjects[person].id for person in self.gone]) == 200
        self.store, self.sealer = store, sealer

    @staticmethod
    def record(person: str) -> dict[str, dict[str, str]]:
        return {"file": {"email": person, "name": person.split("@")[0]}}


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    world = Erased(tmp_path_factory.mktemp("erased"))
    yield world
    world.store.close()


def test_no_canary_and_no_key_of_the_erased_is_left_in_any_file(erased: Erased) -> None:
    left = b"".join(path.read_bytes() for path in sorted(erased.path.parent.iterdir())) + erased.file
    canaries = [canary for person in erased.gone for canary in _canaries(erased, person)]

    assert len(canaries) == 200 * 8
    assert [canary for canary in canaries if canary in left] == []


def test_the_search_for_canaries_would_find_them(erased: Erased) -> None:
    after = erased.path.read_bytes()

    assert all(erased.subjects[person].key in erased.before for person in erased.people)
    assert all(erased.subjects[person].key in after for person in erased.kept)


def test_the_erased_read_as_nothing_and_the_others_as_before(erased: Erased) -> None:
    _, lines = read_records(erased.file)
    opened = [erased.sealer.open(PEOPLE, line) for line in lines if isinstance(line, Sealed)]

    assert sum(version is None for version in opened) == 200
    assert {version.key for version in opened if version is not None} == set(erased.kept)


def test_ten_thousand_guesses_confirm_none_of_the_erased(erased: Erased) -> None:
    """The guesser knows every erased record to the letter, and tries as salt what is left in the files."""
    rest = erased.path.read_bytes() + erased.file
    hexadecimal = [line.sealed for line in read_records(erased.file)[1] if isinstance(line, Sealed)]
    salts = [bytes(16), *(sealed[at:][:16] for sealed in hexadecimal for at in (0, 12, 28, len(sealed) - 16))]
    salts += [rest[at : at + 16] for at in range(0, len(rest) - 16, len(rest) // 40)]
    salts += [erased.salts[person] for person in erased.kept]
    chance = random.Random(1)
    guesses = [
        record_commitment(salt, person, encode(erased.record(person)))
        for person, salt in ((chance.choice(erased.gone), chance.choice(salts)) for _ in range(10_000))
    ]

    assert [guess for guess in guesses if guess in erased.commitments] == []
    right = record_commitment(
        erased.salts[erased.gone[0]], erased.gone[0], encode(erased.record(erased.gone[0]))
    )
    assert right in erased.commitments  # only with the salt that was sealed


def _canaries(erased: Erased, person: str) -> list[bytes]:
    key, salt = erased.subjects[person].key, erased.salts[person]
    name = person.split("@")[0].removeprefix("canary-").encode()
    return [person.encode(), name, name.upper(), key, key.hex().encode(), salt, salt.hex().encode(), key[:12]]
