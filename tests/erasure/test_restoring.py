"""A backup from before an erasure is restored: the erased stay erased as far as anybody tells of them, and what nobody tells of is said."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.evidence.ledger import Kind
from assay.evidence.records import Place
from assay.home import Home, Surroundings, publish
from assay.home.backup import back_up
from assay.home.erasure import erase, erase_objects, erase_records
from assay.home.erasure_list import ErasureListError, erasures_of, read_erasure_list, write_erasure_list
from assay.home.fsck import examine
from assay.home.keys_copy import KeysCopyError, copy_keys
from assay.home.personal import personal
from assay.home.restore import Restored, RestoreError, known_checkpoint, known_of, restore
from assay.verification import Trusted, report_again, verify_pack
from tests.home.world import ACCOUNT, collect, conclude, person, seen, thing
from tests.tampering.small_home import small_home, small_pack, with_small_content

ERASED, STAYING = "canary.quillfeather@northwind.example", "ada@northwind.example"
THINGS = Place("aws_thing", ACCOUNT, "eu-central-1")


@dataclass(frozen=True)
class Before:
    """A home that was backed up with its keys, and then a person, a record and a call log were erased."""

    folder: Path
    home: Home

    @property
    def old_keys(self) -> Path:
        return self.folder / "old-keys"

    def restored(self, **known: object) -> Restored:
        """Restore the backup from before the erasures, with the keys from before them."""
        done = restore(
            self.folder / "backup.tar", self.folder / "restored", self.old_keys, Surroundings.real(), **known
        )  # type: ignore[arg-type]
        with_small_content(done.home)
        return done


@pytest.fixture
def before(tmp_path: Path) -> Before:
    home = small_home(tmp_path / "home")
    people = seen(person(ERASED), person(STAYING), region="", table="aws_person")
    collect(home, people, seen(thing("a"), thing("quillfeather"), thing("z")))
    collect(home, people, seen(thing("a"), thing("quillfeather", locked=False), thing("z")))
    conclude(home)
    publish(home)
    back_up(home, tmp_path / "backup.tar")
    shutil.copytree(home.path / "keys", tmp_path / "old-keys")
    erase(home, [ERASED], "ada", "asked")
    erase_records(home, "aws-main", THINGS, ["quillfeather"], "ada", "It named a person.")
    (first, _) = home.ledger.entries(kind=Kind.COLLECTION)
    erase_objects(home, [home.ledger.body(first)["calls"]["object"]], "ada", "Its time was up.")
    return Before(tmp_path, home)


def _known(home: Home, person: str) -> bool:
    with personal(home) as people:
        return people.keys.find(person) is not None


def _erasures(home: Home) -> list[tuple[str, object]]:
    bodies = [home.ledger.body(entry) for entry in home.ledger.entries(kind=Kind.ERASURE)]
    return [(body["basis"], body.get("carried", {}).get("entry")) for body in bodies]


def _all_erased_again(done: Restored) -> None:
    home = done.home
    assert [_known(home, one) for one in (ERASED, STAYING)] == [False, True]
    assert _kinds(home)[-4:] == [Kind.EPOCH, *[Kind.ERASURE] * 3]
    assert _erasures(home) == [("asked", 5), ("It named a person.", 6), ("Its time was up.", 7)]
    assert (done.carried, done.taken_away) == (3, 4)  # two record files, a call log, a key
    publish(home)
    assert list(examine(home)) == []
    assert b'"Id":"quillfeather"' not in b"".join(small_pack(home).values())
    assert verify_pack(small_pack(home), Trusted(), report_again).findings == []
    assert conclude(home)["aws.person.trained"]["UNKNOWN"] == 1
    assert conclude(home)["aws.thing.locked"]["UNKNOWN"] == 1


def _kinds(home: Home) -> list[Kind]:
    return [entry.kind for entry in home.ledger.entries()]


def test_erasures_are_carried_over_from_the_home_that_is_replaced(before: Before) -> None:
    done = before.restored(known=known_of(before.home), erasures=erasures_of(before.home))
    _all_erased_again(done)
    assert done.not_known == ""


def test_erasures_are_carried_over_from_a_list_kept_beside(before: Before) -> None:
    write_erasure_list(erasures_of(before.home), before.folder / "erasures.json")
    assert b"quillfeather@" not in (before.folder / "erasures.json").read_bytes()
    shutil.rmtree(before.home.path)
    done = before.restored(erasures=read_erasure_list(before.folder / "erasures.json"))
    _all_erased_again(done)
    assert "Erasures made after entry 7 of the old ledger are not known here" in done.not_known


def test_what_the_own_ledger_says_is_erased_does_not_come_back_with_older_keys(before: Before) -> None:
    back_up(before.home, before.folder / "later.tar")
    done = restore(
        before.folder / "later.tar", before.folder / "restored", before.old_keys, Surroundings.real()
    )
    assert [_known(done.home, one) for one in (ERASED, STAYING)] == [False, True]
    assert (done.carried, done.taken_away) == (0, 1)


def test_an_old_backup_with_nothing_else_says_plainly_what_it_cannot_know(before: Before) -> None:
    done = before.restored()
    assert _known(done.home, ERASED)
    assert (done.carried, done.taken_away) == (0, 0)
    assert "Erasures made after entry 4 of the old ledger are not known here" in done.not_known
    assert "Erase them again" in done.not_known


def test_a_checkpoint_tells_that_entries_are_lost_but_not_which_erasures(before: Before) -> None:
    done = before.restored(known=known_checkpoint(publish(before.home).note.encode()))
    assert done.home.ledger.body(done.home.ledger.last(Kind.EPOCH))["lost"] == [{"from": 5, "to": 7}]  # type: ignore[arg-type]
    assert "are not known here" in done.not_known


def test_an_erasure_whose_body_is_lost_is_counted_and_named(before: Before) -> None:
    body = before.home.ledger.entry(6).body.hex()
    before.home.evidence.store.remove(f"bodies/{body[:2]}/{body}")
    done = before.restored(known=known_of(before.home), erasures=erasures_of(before.home))
    assert done.carried == 2
    assert (
        "1 erasure after this backup is not known here: the body of entry 6 cannot be read" in done.not_known
    )


def test_one_copy_of_the_keys_renewed_after_an_erasure_serves_the_older_backup(before: Before) -> None:
    """The key of an erased person is not in the copy any more, so an older backup cannot bring them back, whoever restores it."""
    kept = before.folder / "kept-elsewhere"
    shutil.copytree(before.old_keys, kept)
    copy_keys(before.home, kept)
    done = restore(before.folder / "backup.tar", before.folder / "restored", kept, Surroundings.real())
    assert [_known(done.home, one) for one in (ERASED, STAYING)] == [False, True]


def test_a_copy_of_the_keys_inside_the_home_is_refused(before: Before) -> None:
    with pytest.raises(KeysCopyError, match="lies in the home"):
        copy_keys(before.home, before.home.path / "keys" / "copy")


def test_another_homes_erasures_and_a_list_cut_off_restore_nothing(before: Before) -> None:
    other = small_home(before.folder / "other")
    strange = erasures_of(other)
    object.__setattr__(strange, "home", "ff" * 8)
    with pytest.raises(RestoreError, match="Nothing was restored"):
        before.restored(erasures=strange)
    write_erasure_list(erasures_of(before.home), before.folder / "erasures.json")
    whole = (before.folder / "erasures.json").read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        (before.folder / "cut.json").write_bytes(whole[:cut])
        with pytest.raises(ErasureListError, match="Nothing was restored"):
            read_erasure_list(before.folder / "cut.json")
    (before.folder / "cut.json").write_bytes(whole.replace(b'"basis":"asked"', b'"basis":"other"'))
    with pytest.raises(ErasureListError, match="Nothing was restored"):
        read_erasure_list(before.folder / "cut.json")
    assert not (before.folder / "restored").exists()


def test_restoring_twice_from_the_same_list_carries_nothing_over_a_second_time(before: Before) -> None:
    done = before.restored(known=known_of(before.home), erasures=erasures_of(before.home))
    back_up(done.home, before.folder / "again.tar")
    again = restore(
        before.folder / "again.tar",
        before.folder / "restored-again",
        done.home.path / "keys",
        Surroundings.real(),
        erasures=erasures_of(before.home),
    )
    assert again.carried == 0
