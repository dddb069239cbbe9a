"""Another key signs, another key seals: verifiers follow, nothing becomes unreadable wherever it is cut off, and backups made before still serve."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assay.cli.root import assay
from assay.evidence.ledger import Kind
from assay.evidence.note import Ed25519Key
from assay.home import Home, Surroundings, open_home, publish, rotating, signer
from assay.home.backup import back_up
from assay.home.doctor import Weight, diagnose
from assay.home.fsck import examine
from assay.home.keys import KeyProblemError
from assay.home.keys_copy import copy_keys
from assay.home.personal import personal
from assay.home.restore import known_checkpoint, restore
from assay.home.rotating import begun, rotate_master_key, rotate_signing_key, signing_keys
from assay.home.sources import Source, connect_source, credentials
from assay.home.ways_out import WayOut, WayOutKind, add_way_out, credentials_of
from assay.verification import Trusted, Verification, report_again, verify_pack
from tests.home.world import Clock, collect, conclude, new_home, person, seen, thing
from tests.tampering.small_home import concluded_home, small_home, small_pack, with_small_content

on_each_database = pytest.mark.usefixtures("on_each_database")
ADA, BEN = "ada@northwind.example", "ben@northwind.example"
MAIL = WayOut("mailto:chloe@firm.example", WayOutKind.MAILBOX, {"from": ADA, "to": "chloe@firm.example"})
WHY = "Ada's laptop was stolen."


def verified(home: Home, **trusted: Any) -> Verification:
    return verify_pack(small_pack(home), Trusted(**trusted), report_again)


# ------------------------------------------------------------------------------------------------------------------------- signing


def test_another_key_signs_and_verifiers_follow_it(tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    kept, first = publish(home).note.encode(), signer(home).key
    done = rotate_signing_key(home, "ada", WHY)
    assert (done.before, done.after) == (first, signer(home).key)
    assert done.before.public != done.after.public
    home.act("note.made", "ada", {})
    later = publish(home).note.encode()

    by_the_new = verified(home, key=done.after, checkpoint=kept)
    assert (by_the_new.findings, by_the_new.origin_proven, by_the_new.handed_over) == ([], True, None)
    assert by_the_new.older_checkpoint == 7
    by_the_old = verified(home, key=first, checkpoint=later)
    assert (by_the_old.findings, by_the_old.origin_proven, by_the_old.handed_over) == ([], True, done.entry)
    stranger = Ed25519Key(first.name, bytes(32))
    assert [one.file for one in verified(home, key=stranger).findings] == ["data/ledger.jsonl"]
    assert list(examine(home)) == []


def test_keys_follow_each_other_any_number_of_times(tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    first = signer(home).key
    entries = [rotate_signing_key(home, "ada", WHY).entry for _ in range(3)]
    assert [key.since for key in signing_keys(home)] == [0, *entries]
    assert verified(home, key=signer(home).key).findings == []
    assert verified(home, key=first).handed_over == entries[0]


@on_each_database
def test_a_process_that_had_the_home_open_before_signs_with_the_new_key(tmp_path: Path) -> None:
    clock = Clock()
    home = new_home(tmp_path / "home", clock)
    other = open_home(home.path, home.surroundings)
    done = rotate_signing_key(home, "ada", WHY)
    other.act("note.made", "ben", {})
    assert publish(other).note.signatures[0].key_id == done.after.key_id


STEPS = ["publish_locked", "write_secret", "append_handover", "replace", "sync_folder"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_rotation_that_is_cut_off_loses_nothing_and_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    home = concluded_home(tmp_path / "home")
    with monkeypatch.context() as patched:
        _cut_off(patched, step, after)
        with pytest.raises(KeyboardInterrupt):
            rotate_signing_key(home, "ada", WHY)
    home = with_small_content(open_home(home.path, home.surroundings))
    home.act("note.made", "ben", {})
    publish(home)
    assert verified(home, key=signer(home).key).findings == []
    done = rotate_signing_key(home, "ada", WHY)
    assert verified(home, key=done.after).findings == []
    assert list(begun(home)) == []
    assert sorted(path.name for path in (home.path / "keys").glob("*.key*")) == ["master.key", "signing.key"]


def test_a_key_that_is_not_the_one_in_force_signs_nothing(tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    before = (home.path / "keys" / "signing.key").read_bytes()
    rotate_signing_key(home, "ada", WHY)
    (home.path / "keys" / "signing.key").write_bytes(before)
    home.act("note.made", "ben", {})
    with pytest.raises(KeyProblemError, match=r"newest copy of the keys; nothing is signed with another"):
        publish(home)
    assert (Weight.WRONG, "nothing can be signed with them") in [
        (one.weight, one.found) for one in diagnose(home)
    ]


@pytest.mark.parametrize("line", ["7", "not canonical", "[]"])
def test_a_key_file_that_was_changed_behind_its_first_line_is_said(tmp_path: Path, line: str) -> None:
    home = small_home(tmp_path / "home")
    path = home.path / "keys" / "signing.key"
    path.write_text(f"{path.read_text()}{line}\n")
    with pytest.raises(KeyProblemError, match=r"was changed behind its first line"):
        open_home(home.path, home.surroundings)


# ------------------------------------------------------------------------------------------------------------------- backups before


@pytest.mark.parametrize("acts", [0, 3])
def test_a_backup_from_before_a_rotation_is_restored_with_the_keys_from_after_it(
    tmp_path: Path, acts: int
) -> None:
    home = concluded_home(tmp_path / "home")
    first = signer(home).key
    kept = publish(home).note.encode()
    back_up(home, tmp_path / "backup.tar")
    for _ in range(acts):
        home.act("note.made", "ada", {})
    done = rotate_signing_key(home, "ada", WHY)
    late = publish(home).note.encode()
    copy_keys(home, tmp_path / "copy")

    restored = restore(
        tmp_path / "backup.tar", tmp_path / "restored", tmp_path / "copy", Surroundings.real()
    ).home
    with_small_content(restored)
    publish(restored)
    *_, epoch, key = restored.ledger.entries()
    assert (epoch.kind, key.kind) == (Kind.EPOCH, Kind.KEY)
    assert restored.ledger.body(epoch)["lost"] == [{"from": 7, "to": 7 + acts}]
    assert signer(restored).key.public == done.after.public
    for trusted in ({"key": done.after}, {"key": first}, {"checkpoint": kept}):
        assert verified(restored, **trusted).findings == []
    assert "lacks entries 7 to" in verified(restored, checkpoint=late).findings[0].problem
    assert list(examine(restored)) == []


def test_a_backup_from_after_a_rotation_needs_the_keys_from_after_it(tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    shutil.copytree(home.path / "keys", tmp_path / "old")
    done = rotate_signing_key(home, "ada", WHY)
    back_up(home, tmp_path / "backup.tar")
    copy_keys(home, tmp_path / "copy")
    good = restore(tmp_path / "backup.tar", tmp_path / "good", tmp_path / "copy", Surroundings.real())
    assert (good.cannot_sign, signer(good.home).key) == ("", done.after)
    bad = restore(tmp_path / "backup.tar", tmp_path / "bad", tmp_path / "old", Surroundings.real())
    assert "does not hold the key" in bad.cannot_sign
    assert bad.home.ledger.size() == good.home.ledger.size()  # what was seen is there all the same


def test_a_known_checkpoint_by_the_newer_key_opens_the_epoch_that_it_asks_for(tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    back_up(home, tmp_path / "backup.tar")
    rotate_signing_key(home, "ada", WHY)
    home.act("note.made", "ada", {})
    known = known_checkpoint(publish(home).note.encode())
    copy_keys(home, tmp_path / "copy")
    restored = restore(
        tmp_path / "backup.tar", tmp_path / "restored", tmp_path / "copy", Surroundings.real(), known
    ).home
    (epoch,) = restored.ledger.entries(kind=Kind.EPOCH)
    assert restored.ledger.body(epoch)["known_head"] == known.head.to_json()
    assert verified(with_small_content(restored), key=signer(home).key).findings == []


# -------------------------------------------------------------------------------------------------------------------------- sealing


def _with_secrets(folder: Path, environment: dict[str, str] | None = None) -> Home:
    home = with_small_content(new_home(folder, environment=environment))
    connect_source(home, Source("github", "github", {"organization": "northwind"}), {"token": "ghp_1"}, "ada")
    add_way_out(home, MAIL, {"password": "hunter2"}, "ada")
    collect(home, seen(person(ADA), person(BEN), region="", table="aws_person"), seen(thing("a")))
    return home


def _everything_opens(home: Home) -> None:
    assert credentials(home, "github") == {"token": "ghp_1"}
    assert credentials_of(home, MAIL.name) == {"password": "hunter2"}
    with personal(home) as people:
        assert [people.keys.find(one) is not None for one in (ADA, BEN, "eve@northwind.example")] == [
            True,
            True,
            False,
        ]


@on_each_database
def test_another_master_key_seals_everything_and_people_are_still_found(tmp_path: Path) -> None:
    home = _with_secrets(tmp_path / "home")
    before = home.keys.masters
    sealed = home.database.rows("select sealed from credential")
    for _ in range(2):
        done = rotate_master_key(home, "ada", WHY)
        assert (done.sealed, done.unopened) == (2, ())
        _everything_opens(home)
    assert home.keys.masters != before
    assert home.database.rows("select sealed from credential") != sealed
    acts = [home.ledger.body(entry) for entry in home.ledger.entries(kind=Kind.ACT)]
    assert acts[-1] == {
        "act": "master_key.rotated",
        "by": "ada",
        "details": {"from_outside": False, "why": WHY},
        "format": 1,
    }
    conclude(home)
    assert verified(home).findings == []


MASTER_STEPS = ["write_secret", "append", "replace", "sync_folder"]


@pytest.mark.parametrize("step", MASTER_STEPS)
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True])
def test_a_rotation_of_the_master_key_that_is_cut_off_leaves_everything_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, call: int, after: bool
) -> None:
    home = _with_secrets(tmp_path / "home")
    with monkeypatch.context() as patched:
        if step == "append":
            _interrupt(patched, home.ledger, "append", after, call)
        else:
            _cut_off(patched, step, after, call)
        try:
            rotate_master_key(home, "ada", WHY)
        except KeyboardInterrupt:
            pass
        else:
            assert call > 1  # fewer calls than that
    home = open_home(home.path, home.surroundings)
    _everything_opens(home)
    told = [one.remedy for one in diagnose(home) if "begun and not finished" in one.found]
    assert told == [f"Run `assay keys rotate {word}` to finish it." for _, word in begun(home)]
    connect_source(home, Source("github", "github", {"organization": "northwind"}), {"token": "ghp_1"}, "ada")
    rotate_master_key(home, "ada", WHY)
    _everything_opens(home)
    assert list(begun(home)) == []


def test_a_master_key_from_outside_is_replaced_by_one_from_outside(tmp_path: Path) -> None:
    old, new = "1f" * 32, "2e" * 32
    home = _with_secrets(tmp_path / "home", {"ASSAY_MASTER_KEY": old})
    with pytest.raises(KeyProblemError, match=r"the new one must, too: name the file that holds it"):
        rotate_master_key(home, "ada", WHY)
    with pytest.raises(KeyProblemError, match=r"must be 64 hexadecimal digits"):
        rotate_master_key(home, "ada", WHY, "not a key")
    rotate_master_key(home, "ada", WHY, new)
    with pytest.raises(KeyProblemError, match=r"does not open with this master key"):
        credentials(home, "github")
    surroundings = Surroundings(Clock(), os.urandom, {"ASSAY_MASTER_KEY": new})
    _everything_opens(open_home(home.path, surroundings))
    assert not (home.path / "keys" / "master.key").exists()


def test_a_key_in_the_home_is_not_replaced_by_one_from_outside(tmp_path: Path) -> None:
    with pytest.raises(KeyProblemError, match=r"a new one is drawn here; leave the file out"):
        rotate_master_key(_with_secrets(tmp_path / "home"), "ada", WHY, "2e" * 32)


@on_each_database
def test_what_did_not_open_before_is_named_and_left(tmp_path: Path) -> None:
    home = _with_secrets(tmp_path / "home")
    with home.database.transaction() as transaction:
        transaction.execute("update credential set sealed = ?", ("00" * 40,))
    done = rotate_master_key(home, "ada", WHY)
    assert (done.sealed, done.unopened) == (1, ("github: token",))
    assert credentials_of(home, MAIL.name) == {"password": "hunter2"}


def test_the_copy_of_the_keys_follows_and_older_backups_still_find_people(tmp_path: Path) -> None:
    home = _with_secrets(tmp_path / "home")
    back_up(home, tmp_path / "backup.tar")
    rotate_master_key(home, "ada", WHY)
    copy_keys(home, tmp_path / "copy")
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [
        "lookup.key",
        "master.key",
        "signing.key",
        "subjects.db",
    ]
    restored = restore(
        tmp_path / "backup.tar", tmp_path / "restored", tmp_path / "copy", Surroundings.real()
    ).home
    with personal(restored) as people:
        assert people.keys.find(ADA) is not None
    with pytest.raises(KeyProblemError, match=r"connect the source again"):
        credentials(restored, "github")


# --------------------------------------------------------------------------------------------------------------------- command line


@on_each_database
def test_the_commands_say_what_is_to_be_done_now_and_show_no_secret(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    secrets = [key.private.private_bytes_raw().hex() for key in home.keys.signing]
    secrets += [key.hex() for key in home.keys.masters]
    run = _runner(home)
    assert run("keys", "rotate", "signing", "--why", WHY, stdin="n\n").exit_code == 1
    assert len(signing_keys(home)) == 1
    done = run("keys", "rotate", "signing", "--why", WHY, "--yes", "--by", "ada")
    assert done.exit_code == 0
    assert f"  {signer(home).key.text()}\n" in done.output
    assert "Renew the copy of the keys" in done.output
    master = run("keys", "rotate", "master", "--why", WHY, "--yes", "--by", "ada")
    assert "Sealed 0 credentials under another master key (ledger entry 3)." in master.output
    listed = run("keys", "list", "--json")
    assert [one["since_entry"] for one in json.loads(listed.output)["signing"]] == [0, 2]
    assert json.loads(listed.output)["unfinished"] == []
    secrets += [key.private.private_bytes_raw().hex() for key in home.keys.signing]
    secrets += [key.hex() for key in home.keys.masters]
    history = run("history")
    assert f"Another signing key from here on, by ada: {WHY}" in history.output
    shown = done.output + master.output + listed.output + history.output
    assert not any(secret in shown for secret in secrets)


def test_verify_says_that_the_key_given_was_replaced(tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    first = signer(home).key.text()
    rotate_signing_key(home, "ada", WHY)
    run = _runner(home)
    assert run("pack", str(tmp_path / "pack.zip")).exit_code == 0
    told = run("verify", str(tmp_path / "pack.zip"), "--key", first)
    assert told.exit_code == 0
    assert "The key you gave handed over to another in entry 7. Ask for the key in force" in told.output
    assert (
        json.loads(run("verify", str(tmp_path / "pack.zip"), "--key", first, "--json").output)["handed_over"]
        == 7
    )


def _runner(home: Home) -> Callable[..., Any]:
    def run(*words: str, stdin: str | None = None) -> Any:
        environment = home.surroundings.environment
        return CliRunner().invoke(assay, ["--home", str(home.path), *words], input=stdin, env=environment)

    return run


def _cut_off(patched: pytest.MonkeyPatch, step: str, after: bool, call: int = 1) -> None:
    """Have a step of a rotation be interrupted at its n-th call, before or after it was done."""
    _interrupt(patched, os if step == "replace" else rotating, step, after, call)


def _interrupt(patched: pytest.MonkeyPatch, owner: object, name: str, after: bool, call: int) -> None:
    real, made = getattr(owner, name), 0

    def interrupted(*given: Any, **named: Any) -> Any:
        nonlocal made
        made += 1
        if made < call:
            return real(*given, **named)
        if after:
            real(*given, **named)
        raise KeyboardInterrupt

    patched.setattr(owner, name, interrupted)
