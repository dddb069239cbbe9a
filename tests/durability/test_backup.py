"""A backup made while others write restores to the root that it names; a cut-off one restores nothing; an old one says what it lacks."""

from __future__ import annotations

import random
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.evidence.ledger import Kind, ledger_root
from assay.home import Home, Surroundings, publish
from assay.home.backup import BackupError, back_up, read_backup
from assay.home.fsck import examine
from assay.home.restore import known_checkpoint, known_of, restore
from assay.verification import Trusted, report_again, verify_pack
from tests.durability.ingest import child, damage, ingesting, opened, prepared_home, unreadable
from tests.home.world import Clock, collect, conclude, numbered, seen, thing
from tests.tampering.small_home import concluded_home, small_pack, with_small_content

LATER = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def test_a_backup_made_under_load_restores_to_the_same_root(folder: Path) -> None:
    prepared_home(folder / "home")
    with ExitStack() as stack:
        writers = [stack.enter_context(child(ingesting_acts(folder / "home"))) for _ in range(3)]
        writers.append(stack.enter_context(child(ingesting(folder / "home", 10_000))))
        for writer in writers:
            writer.go_on()
            writer.until(3)
        home = opened(folder / "home")
        heads = []
        for number in range(2):
            publish(home)
            heads.append(back_up(home, folder / f"backup-{number}.tar"))
            while home.ledger.size() == heads[-1].size:
                writers[0].one_more()
        for writer in writers:
            writer.kill()
    assert heads[0].size < heads[1].size
    for number, head in enumerate(heads):
        assert head.root == ledger_root(home.ledger, head.size).hex()
        restored = restore(
            folder / f"backup-{number}.tar",
            folder / f"restored-{number}",
            folder / "home" / "keys",
            Surroundings.real(),
        ).home
        assert (restored.ledger.size(), ledger_root(restored.ledger).hex()) == (head.size, head.root)
        assert damage(restored) == []
        assert unreadable(restored) == []
        restored.close()
    home.close()


def test_twenty_backups_that_were_cut_off_are_refused(folder: Path) -> None:
    home = concluded_home(folder / "home")
    publish(home)
    back_up(home, folder / "backup.tar")
    whole = (folder / "backup.tar").read_bytes()
    chance = random.Random(20260302)
    cuts = [
        0,
        1,
        512,
        len(whole) - 1,
        len(whole) - 10_240,
        *(chance.randrange(len(whole)) for _ in range(15)),
    ]
    for number, cut in enumerate(cuts):
        (folder / "cut.tar").write_bytes(whole[:cut])
        with pytest.raises(BackupError, match="Nothing was restored"):
            restore(
                folder / "cut.tar",
                folder / f"restored-{number}",
                folder / "home" / "keys",
                Surroundings.real(),
            )
        assert not (folder / f"restored-{number}").exists()
    assert len(cuts) == 20
    assert read_backup(folder / "backup.tar").head.size == home.ledger.size()


def test_an_old_backup_opens_an_epoch_that_names_what_is_lost(folder: Path) -> None:
    home, backup = _backed_up_then_grown(folder)
    known = known_of(home)
    restored = _restored(folder, backup, known)
    epoch = restored.ledger.body(restored.ledger.entry(restored.ledger.size() - 1))
    assert restored.ledger.last(Kind.EPOCH).ordinal == restored.ledger.size() - 1  # type: ignore[union-attr]
    assert epoch["restored_head"] == read_backup(backup).head.to_json()
    assert epoch["known_head"] == known.head.to_json()
    assert [(lost["ordinal"], lost["kind"]) for lost in epoch["lost"]] == [(7, "act"), (8, "collection")]
    assert damage(restored) == []


def test_an_epoch_known_only_from_a_checkpoint_names_the_range_that_is_lost(folder: Path) -> None:
    home, backup = _backed_up_then_grown(folder)
    restored = _restored(folder, backup, known_checkpoint(publish(home).note.encode()))
    epoch = restored.ledger.body(restored.ledger.last(Kind.EPOCH))  # type: ignore[arg-type]
    assert epoch["lost"] == [{"from": 7, "to": 8}]


def test_packs_of_a_home_with_an_epoch_verify_and_conclusions_go_on(folder: Path) -> None:
    home, backup = _backed_up_then_grown(folder)
    restored = _restored(folder, backup, known_of(home))
    collect(restored, seen(thing("a"), thing("z", locked=False)))
    conclude(restored)
    result = verify_pack(small_pack(restored), Trusted(), report_again)
    assert result.findings == []
    assert result.performed == 4
    assert result.checkpoint is not None
    assert result.checkpoint.origin == f"assay/{restored.id}/1"
    assert list(examine(restored)) == []


def test_a_checkpoint_from_before_the_epoch_still_proves_the_past_or_names_what_was_lost(
    folder: Path,
) -> None:
    home, backup = _backed_up_then_grown(folder)
    newest = publish(home).note.encode()
    kept = next(content for name, content in read_backup(backup).members() if name == "store/log/checkpoint")
    files = small_pack(_restored(folder, backup, known_of(home)))
    assert verify_pack(files, Trusted(checkpoint=kept), report_again).older_checkpoint == 7
    (finding,) = verify_pack(files, Trusted(checkpoint=newest), report_again).findings
    assert "lacks entries 7 to 8" in finding.problem
    assert "entry 7 says that a backup without them was restored" in finding.problem


def _backed_up_then_grown(folder: Path) -> tuple[Home, Path]:
    """Make a backup of six entries, then let the home grow by an act and a collection and publish that."""
    home = concluded_home(folder / "home")
    publish(home)
    back_up(home, folder / "backup.tar")
    home.act("note.made", "ada", {})
    collect(home, seen(thing("a"), thing("y")))
    publish(home)
    return home, folder / "backup.tar"


def _restored(folder: Path, backup: Path, known) -> Home:  # type: ignore[no-untyped-def]
    surroundings = Surroundings(Clock(LATER), numbered(), {})  # type: ignore[arg-type]
    return with_small_content(
        restore(backup, folder / "restored", folder / "home" / "keys", surroundings, known).home
    )


def ingesting_acts(home_folder: Path):  # type: ignore[no-untyped-def]
    def work(acknowledge) -> None:  # type: ignore[no-untyped-def]
        home = opened(home_folder)
        for number in range(10_000):
            acknowledge(f"act {home.act('note.made', 'ada', {'number': number})}")

    return work
