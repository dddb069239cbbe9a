"""Attacks by somebody who holds the database, the files and the signing key, and signs whatever they change.

Each is found by the pack verifier alone, or only against a checkpoint that was kept outside before: those of the second kind are shown to be
invisible without it. docs/reference/tampering.md lists the same attacks, and a test here holds it to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.content_tree import Content
from assay.evidence.bag import read_zip, zip_bytes
from assay.evidence.canonical import decode, encode
from assay.evidence.cosignature import Cosigner
from assay.evidence.ledger import Kind
from assay.evidence.note import Ed25519Key, Ed25519Signer, parse_note
from assay.evidence.records import Patched, Removed, Whole
from assay.home import Home, publish, signer
from assay.verification import Trusted, Verification, report_again, verify_pack
from tests.tampering import test_handovers
from tests.tampering.forger import Forger, Leaf
from tests.tampering.small_home import concluded_home, small_pack

CHLOE = Cosigner("witness.example/chloe", Ed25519PrivateKey.from_private_bytes(b"\x13" * 32))
MALLORY = Cosigner(CHLOE.name, Ed25519PrivateKey.from_private_bytes(b"\x14" * 32))
DOCS = Path(__file__).parents[2] / "docs/reference/tampering.md"


@dataclass(frozen=True)
class Scene:
    """A home as it is attacked, and what somebody outside kept of it: its key and a checkpoint of before the last act."""

    home: Home
    kept: bytes
    key: Ed25519Key

    def forger(self) -> Forger:
        return Forger.of(self.home)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    home = concluded_home(tmp_path_factory.mktemp("scene") / "home")
    home.act("note.made", "ben", {"note": "the lock was repaired"})
    kept = publish(home).note.encode()
    home.act("note.made", "ada", {"note": "read"})
    return Scene(home, kept, signer(home).key)


def verified(files: dict[str, bytes], **trusted: Any) -> Verification:
    return verify_pack(files, Trusted(**trusted), report_again)


def test_the_pack_holds_as_long_as_nobody_attacks(scene: Scene) -> None:
    result = verified(small_pack(scene.home), key=scene.key, checkpoint=scene.kept)
    assert result.findings == []
    assert (result.performed, result.report_performed, result.not_performed) == (3, True, [])
    assert verified(scene.forger().lived_through_again()).findings == []


# ---------------------------------------------------------------------------------------------------------------- found by the pack alone

Attack = Callable[[Forger], dict[str, bytes]]


def drop_the_first_entry(forger: Forger) -> dict[str, bytes]:
    return _with_lines(forger, lambda lines: lines[1:])


def drop_a_middle_entry(forger: Forger) -> dict[str, bytes]:
    return _with_lines(forger, lambda lines: lines[:3] + lines[4:])


def drop_the_last_entry(forger: Forger) -> dict[str, bytes]:
    return _with_lines(forger, lambda lines: lines[:-1])


def insert_a_back_dated_entry(forger: Forger) -> dict[str, bytes]:
    early = Leaf(forger.leaves[1].at, Kind.ACT, {"act": "note.made", "by": "ada", "details": {}}, bytes(16))
    return _with_lines(forger, lambda lines: [*lines[:2], early.envelope().encode(), *lines[2:]])


def reorder_two_entries(forger: Forger) -> dict[str, bytes]:
    return _with_lines(forger, lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]])


def enter_an_entry_twice(forger: Forger) -> dict[str, bytes]:
    return _with_lines(forger, lambda lines: [*lines, lines[-1]])


def change_the_date_of_an_entry(forger: Forger) -> dict[str, bytes]:
    forger.leaves[2].at -= timedelta(days=30)
    return _with_lines(forger, lambda _: [leaf.envelope().encode() for leaf in forger.leaves])


def swap_two_bodies(forger: Forger) -> dict[str, bytes]:
    one, other = (f"bodies/{leaf.commitment().hex()}.json" for leaf in forger.leaves[1:3])
    forger.files[one], forger.files[other] = forger.files[other], forger.files[one]
    return forger.signed()


def swap_two_objects(forger: Forger) -> dict[str, bytes]:
    one, other = sorted(forger.objects)[:2]
    forger.files[f"objects/{one}"], forger.files[f"objects/{other}"] = (
        forger.objects[other],
        forger.objects[one],
    )
    return forger.signed()


def change_a_body(forger: Forger) -> dict[str, bytes]:
    return _in_body(forger, lambda text: text.replace(b'"asked_by":"ada"', b'"asked_by":"ben"'))


def give_a_key_twice_in_a_body(forger: Forger) -> dict[str, bytes]:
    return _in_body(
        forger, lambda text: text.replace(b'"asked_by":"ada"', b'"asked_by":"ben","asked_by":"ada"')
    )


def append_bytes_to_a_body(forger: Forger) -> dict[str, bytes]:
    return _in_body(forger, lambda text: text + b" ")


def write_a_number_as_a_fraction(forger: Forger) -> dict[str, bytes]:
    return _in_body(forger, lambda text: text.replace(b'"format":1', b'"format":1.0', 1))


def append_a_line_to_a_record_file(forger: Forger) -> dict[str, bytes]:
    statement = forger.last(Kind.COLLECTION).body["populations"][-1]
    forger.files[f"objects/{statement['records']}"] += b"\n"
    return forger.signed()


def change_a_verdict(forger: Forger) -> dict[str, bytes]:
    """The conclusion set is written anew, and every digest, root and signature with it."""
    _change_verdict(forger, "aws.thing.locked", first_of=0)
    return forger.rebuilt()


def change_a_verdict_about_a_person(forger: Forger) -> dict[str, bytes]:
    _change_verdict(forger, "aws.person.trained", first_of=0)
    return forger.rebuilt()


def change_the_counts_of_a_verdict(forger: Forger) -> dict[str, bytes]:
    one = _set_of(forger, "aws.thing.locked")
    one["counts"] = {**one["counts"], "CONFORMS": one["counts"]["CONFORMS"] + 1}
    return forger.rebuilt()


def leave_out_a_check_that_deviates(forger: Forger) -> dict[str, bytes]:
    body = forger.last(Kind.CONCLUSIONS).body
    body["sets"] = [one for one in body["sets"] if one["check"] != "aws.person.trained"]
    return forger.rebuilt()


def change_a_check_and_keep_its_verdicts(forger: Forger) -> dict[str, bytes]:
    _change_content(forger, "checks/aws/thing/locked.sql", b"when thing.locked", b"when not thing.locked")
    return forger.rebuilt()


def show_another_check_than_was_judged_by(forger: Forger) -> dict[str, bytes]:
    path = "content/checks/aws/thing/locked.sql"
    forger.files[path] = forger.files[path].replace(b"severity: high", b"severity: low")
    return forger.signed()


def change_a_parameter(forger: Forger) -> dict[str, bytes]:
    """Verdicts and report are made anew as well; but no act set the parameter."""
    forger.last(Kind.CONCLUSIONS).body["parameters"] = {"longest_name": 9}
    return forger.lived_through_again()


def date_conclusions_before_what_they_rest_on(forger: Forger) -> dict[str, bytes]:
    """Verdicts and report are made anew as well."""
    forger.last(Kind.CONCLUSIONS).body["as_of"] = "2026-03-02T07:59:00Z"
    return forger.lived_through_again()


def rest_on_an_older_collection(forger: Forger) -> dict[str, bytes]:
    """What came since is passed over; verdicts and report are made anew as well."""
    body = forger.last(Kind.CONCLUSIONS).body
    body["collections"] = _first(forger, Kind.CONCLUSIONS).body["collections"]
    return forger.lived_through_again()


def leave_a_source_out_of_the_conclusions(forger: Forger) -> dict[str, bytes]:
    forger.last(Kind.CONCLUSIONS).body["collections"] = {}
    return forger.lived_through_again()


def leave_out_an_episode(forger: Forger) -> dict[str, bytes]:
    one = next(one for one in forger.last(Kind.EPISODES).body["sets"] if one["check"] == "aws.thing.locked")
    one["object"] = forger.edit_object(
        one["object"],
        lambda said: {**said, "episodes": [it for it in said["episodes"] if it["conclusion"] != "DEVIATES"]},
    )
    return forger.rebuilt()


def shorten_an_episode(forger: Forger) -> dict[str, bytes]:
    one = next(one for one in forger.last(Kind.EPISODES).body["sets"] if one["check"] == "aws.thing.locked")
    one["object"] = forger.edit_object(
        one["object"],
        lambda said: {**said, "episodes": [{**it, "until": it["from"]} for it in said["episodes"]]},
    )
    return forger.rebuilt()


def change_a_parameter_of_a_period(forger: Forger) -> dict[str, bytes]:
    """Verdicts are made anew as well; but no act set the parameter."""
    forger.last(Kind.EPISODES).body["parameters"][0]["values"] = {"longest_name": 9}
    return forger.lived_through_again()


def change_the_zone(forger: Forger) -> dict[str, bytes]:
    forger.last(Kind.CONCLUSIONS).body["zone"] = "Pacific/Apia"
    return forger.lived_through_again()


def remove_a_record_from_a_record_file(forger: Forger) -> dict[str, bytes]:
    forger.change_records(_first(forger, Kind.COLLECTION), "aws_thing", lambda lines: lines[:-1])
    return forger.rebuilt()


def change_a_record(forger: Forger) -> dict[str, bytes]:
    _lock_everything(forger)
    return forger.rebuilt()


def state_another_size_of_a_population(forger: Forger) -> dict[str, bytes]:
    forger.last(Kind.COLLECTION).body["populations"][-1]["size"] += 1
    return forger.rebuilt()


def move_a_sealed_record_to_another_person(forger: Forger) -> dict[str, bytes]:
    """The two sealed lines change their subjects: what is sealed is bound to its person."""

    def exchanged(lines: list[Any]) -> list[Any]:
        one, other = lines
        return [
            type(one)(one.commitment, one.sealed, other.subject),
            type(one)(other.commitment, other.sealed, one.subject),
        ]

    forger.change_records(_first(forger, Kind.COLLECTION), "aws_person", exchanged)
    return forger.rebuilt()


def change_the_source_of_a_collection(forger: Forger) -> dict[str, bytes]:
    forger.last(Kind.COLLECTION).body["source"]["id"] = "aws-other"
    return forger.rebuilt()


def hide_a_gap(forger: Forger) -> dict[str, bytes]:
    """A gap is put in and judged honestly; then it is taken out and the verdicts are kept."""
    gap = dict.fromkeys(("account", "at", "call", "columns", "detail", "key", "parent", "region"))
    body = forger.last(Kind.COLLECTION).body
    body["gaps"] = [{**gap, "reason": "denied", "table": "aws_thing"}]
    forger.lived_through_again()
    body["gaps"] = []
    return forger.rebuilt()


def change_the_report(forger: Forger) -> dict[str, bytes]:
    forger.files["report.json"] = (
        forger.files["report.json"]
        .replace(b"DEVIATES", b"CONFORMS", 1)
        .replace(b'"deviates":1', b'"deviates":0', 1)
    )
    return forger.signed()


def change_the_date_on_the_cover(forger: Forger) -> dict[str, bytes]:
    forger.files["pack.json"] = encode({**decode(forger.files["pack.json"]), "as_of": "2026-06-30T00:00:00Z"})
    return forger.signed()


def list_other_commitments(forger: Forger) -> dict[str, bytes]:
    path = next(path for path in forger.files if path.startswith("populations/"))
    forger.files[path] = forger.files[path].replace(b'"commitments":["', b'"commitments":["00', 1)
    return forger.signed()


def lay_a_file_beside_the_evidence(forger: Forger) -> dict[str, bytes]:
    forger.files["objects/" + "a" * 63 + "\u0430"] = b"cyrillic"
    return forger.signed()


def sign_a_checkpoint_of_another_size(forger: Forger) -> dict[str, bytes]:
    forger.leaves.pop()
    forger.files["checkpoint"] = forger.checkpoint()
    return forger.signed()


def leave_out_a_collection(forger: Forger) -> dict[str, bytes]:
    del forger.files[f"bodies/{forger.last(Kind.COLLECTION).commitment().hex()}.json"]
    return forger.signed()


FOUND_ALONE: list[Attack] = [
    date_conclusions_before_what_they_rest_on, rest_on_an_older_collection, leave_a_source_out_of_the_conclusions,
    leave_out_an_episode, shorten_an_episode, change_a_parameter_of_a_period,
    drop_the_first_entry, drop_a_middle_entry, drop_the_last_entry, insert_a_back_dated_entry, reorder_two_entries,
    enter_an_entry_twice, change_the_date_of_an_entry, swap_two_bodies, swap_two_objects, change_a_body,
    give_a_key_twice_in_a_body, append_bytes_to_a_body, write_a_number_as_a_fraction, append_a_line_to_a_record_file,
    change_a_verdict, change_a_verdict_about_a_person, change_the_counts_of_a_verdict, leave_out_a_check_that_deviates,
    change_a_check_and_keep_its_verdicts, show_another_check_than_was_judged_by, change_a_parameter, change_the_zone,
    remove_a_record_from_a_record_file, change_a_record, state_another_size_of_a_population,
    move_a_sealed_record_to_another_person, change_the_source_of_a_collection, hide_a_gap, change_the_report,
    change_the_date_on_the_cover, list_other_commitments, lay_a_file_beside_the_evidence,
    sign_a_checkpoint_of_another_size, leave_out_a_collection,
]  # fmt: skip


@pytest.mark.parametrize("attack", FOUND_ALONE, ids=lambda attack: attack.__name__)
def test_found_by_the_pack_alone(scene: Scene, attack: Attack) -> None:
    result = verified(attack(scene.forger()))
    assert result.findings != []
    assert all(
        finding.file and "cannot be performed again (" not in finding.problem for finding in result.findings
    ), result.findings


# -------------------------------------------------------------------------------------------------- found only against a kept checkpoint


def rewrite_a_record_and_all_that_follows(forger: Forger) -> dict[str, bytes]:
    _lock_everything(forger)
    return forger.lived_through_again()


def take_a_record_out_of_the_population_and_all_that_follows(forger: Forger) -> dict[str, bytes]:
    def without_b(lines: list[Any]) -> list[Any]:
        return [line for line in lines if getattr(line, "key", None) != "b"]

    for leaf in forger.leaves:
        if leaf.kind == Kind.COLLECTION:
            forger.change_records(leaf, "aws_thing", without_b)
    return forger.lived_through_again()


def take_an_act_away_and_sign_anew(forger: Forger) -> dict[str, bytes]:
    del forger.leaves[-2]
    return forger.lived_through_again()


def back_date_an_entry_and_sign_anew(forger: Forger) -> dict[str, bytes]:
    forger.leaves[-2].at -= timedelta(days=30)
    return forger.lived_through_again()


def insert_an_entry_and_sign_anew(forger: Forger) -> dict[str, bytes]:
    forger.leaves.insert(
        -2, Leaf(forger.leaves[2].at, Kind.ACT, {"act": "note.made", "by": "ada", "details": {}}, bytes(16))
    )
    return forger.lived_through_again()


def take_a_check_out_of_the_content_and_sign_anew(forger: Forger) -> dict[str, bytes]:
    for leaf in forger.leaves:
        if leaf.kind == Kind.CONCLUSIONS:
            archive = forger.edit_object(
                leaf.body["content"],
                lambda files: {path: text for path, text in files.items() if "person/trained" not in path},
            )
            leaf.body["content"] = archive
    return forger.lived_through_again()


def move_the_as_of_instant_and_sign_anew(forger: Forger) -> dict[str, bytes]:
    forger.last(Kind.CONCLUSIONS).body["as_of"] = "2026-03-09T08:00:00Z"
    return forger.lived_through_again()


def roll_back_to_an_older_ledger(forger: Forger) -> dict[str, bytes]:
    del forger.leaves[-2:]
    return forger.lived_through_again()


def fork_the_ledger(forger: Forger) -> dict[str, bytes]:
    """Another ledger of the very size that the kept checkpoint was signed over."""
    del forger.leaves[-1]
    forger.leaves[-1].body = {
        "act": "note.made",
        "by": "ben",
        "details": {"note": "nothing happened"},
        "format": 1,
    }
    return forger.lived_through_again()


def change_who_did_something(forger: Forger) -> dict[str, bytes]:
    forger.leaves[-2].body["by"] = "ada"
    return forger.lived_through_again()


FOUND_AGAINST_A_CHECKPOINT: list[Attack] = [
    rewrite_a_record_and_all_that_follows, take_a_record_out_of_the_population_and_all_that_follows,
    take_an_act_away_and_sign_anew, back_date_an_entry_and_sign_anew, insert_an_entry_and_sign_anew,
    take_a_check_out_of_the_content_and_sign_anew, move_the_as_of_instant_and_sign_anew, roll_back_to_an_older_ledger,
    fork_the_ledger, change_who_did_something,
]  # fmt: skip


@pytest.mark.parametrize("attack", FOUND_AGAINST_A_CHECKPOINT, ids=lambda attack: attack.__name__)
def test_found_only_against_a_checkpoint_that_was_kept(scene: Scene, attack: Attack) -> None:
    files = attack(scene.forger())
    assert verified(files, key=scene.key).findings == []
    (finding,) = verified(files, checkpoint=scene.kept).findings
    assert finding.file == "data/ledger.jsonl"


# ------------------------------------------------------------------------------------------- found by a key that came from outside


def found_a_home_of_one_s_own(forger: Forger) -> dict[str, bytes]:
    """Everything is made anew under another key, which the first entry names."""
    forger.signer = Ed25519Signer(forger.signer.name, Ed25519PrivateKey.from_private_bytes(b"\x15" * 32))
    forger.leaves[0].body["public_key"] = forger.signer.key.public.hex()
    return forger.lived_through_again()


def test_another_home_is_found_by_the_key_that_was_given_outside(scene: Scene) -> None:
    files = found_a_home_of_one_s_own(scene.forger())
    assert verified(files).findings == []
    assert not verified(files).origin_proven
    assert [finding.file for finding in verified(files, key=scene.key).findings] == ["data/ledger.jsonl"]


def test_a_container_signed_by_another_key_is_found(scene: Scene) -> None:
    forger = scene.forger()
    forger.signer = Ed25519Signer(forger.signer.name, Ed25519PrivateKey.from_private_bytes(b"\x15" * 32))
    assert [finding.file for finding in verified(forger.signed()).findings] == ["pack.note"]


def test_a_witness_that_was_stripped_or_forged_is_found_by_its_key(scene: Scene) -> None:
    def cosigned(by: Cosigner | None) -> dict[str, bytes]:
        forger = scene.forger()
        note = parse_note(forger.files["checkpoint"])
        lines = [] if by is None else [by.cosign(note.text, scene.home.now())]
        forger.files["checkpoint"] = note.signed_by(*lines).encode()
        return forger.reported()

    assert [name for name, _ in verified(cosigned(CHLOE), witnesses=(CHLOE.key,)).witnesses] == [CHLOE.name]
    for attack in (cosigned(None), cosigned(MALLORY)):
        assert verified(attack).findings == []
        assert [finding.file for finding in verified(attack, witnesses=(CHLOE.key,)).findings] == [
            "data/checkpoint"
        ]


def test_a_verdict_about_a_person_is_not_believed_where_the_keys_are_withheld(scene: Scene) -> None:
    """It cannot be performed again, and the verifier says so; nobody takes it for performed."""
    forger = scene.forger()
    _change_verdict(forger, "aws.person.trained", first_of=0)
    del forger.files["subjects.json"]
    forger.files["pack.json"] = encode({**decode(forger.files["pack.json"]), "disclosed": []})
    del forger.files["report.json"]
    result = verified(forger.rebuilt())
    assert result.findings == []
    assert [sentence for sentence in result.not_performed if "aws.person.trained" in sentence] != []


def test_a_zip_with_two_members_of_one_name_is_refused(scene: Scene) -> None:
    files = small_pack(scene.home)
    with pytest.warns(UserWarning, match="Duplicate name"):
        import io
        import zipfile

        buffer = io.BytesIO(zip_bytes(files))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(zipfile.ZipInfo("data/report.json"), b"{}")
    read = read_zip("pack.zip", buffer.getvalue())
    assert zip_bytes(read) != buffer.getvalue()


def test_the_docs_list_every_attack_and_what_finds_it() -> None:
    listed = dict(
        re.findall(r"^\| ([a-z_]+) \|.*\| (pack|checkpoint|key|witness) \|$", DOCS.read_text(), re.M)
    )
    expected = {attack.__name__: "pack" for attack in [*FOUND_ALONE, *test_handovers.FOUND_ALONE]}
    expected |= {
        attack.__name__: "checkpoint"
        for attack in [*FOUND_AGAINST_A_CHECKPOINT, *test_handovers.FOUND_AGAINST_A_CHECKPOINT]
    }
    expected |= {attack.__name__: "key" for attack in test_handovers.FOUND_BY_THE_KEY}
    expected |= {
        "found_a_home_of_one_s_own": "key",
        "strip_a_witness": "witness",
        "forge_a_witness": "witness",
    }
    assert listed == expected
    assert len(expected) >= 24


# ------------------------------------------------------------------------------------------------------------------------------ means


def _with_lines(forger: Forger, change: Callable[[list[bytes]], list[bytes]]) -> dict[str, bytes]:
    lines = forger.files["ledger.jsonl"].splitlines()
    forger.files["ledger.jsonl"] = b"".join(line + b"\n" for line in change(lines))
    return forger.signed()


def _in_body(forger: Forger, change: Callable[[bytes], bytes]) -> dict[str, bytes]:
    path = f"bodies/{forger.last(Kind.COLLECTION).commitment().hex()}.json"
    changed = change(forger.files[path])
    assert changed != forger.files[path]
    forger.files[path] = changed
    return forger.signed()


def _first(forger: Forger, kind: Kind) -> Leaf:
    return next(leaf for leaf in forger.leaves if leaf.kind == kind)


def _set_of(forger: Forger, check: str) -> Any:
    return next(one for one in _first(forger, Kind.CONCLUSIONS).body["sets"] if one["check"] == check)


def _change_verdict(forger: Forger, check: str, *, first_of: int) -> None:
    """Make the first deviating item of a check conform, with its note and the counts."""
    one = _set_of(forger, check)
    assert one["counts"]["DEVIATES"] == 1
    one["object"] = forger.edit_object(
        one["object"], lambda said: {**said, "codes": said["codes"].replace("D", "C"), "notes": []}
    )
    one["counts"] = {**one["counts"], "CONFORMS": one["counts"]["CONFORMS"] + 1, "DEVIATES": first_of}


def _change_content(forger: Forger, path: str, old: bytes, new: bytes) -> None:
    body = _first(forger, Kind.CONCLUSIONS).body
    files = dict(Content.from_archive(forger.objects[body["content"]]).files)
    files[path] = files[path].replace(old, new)
    body["content"] = forger.put(Content(files).archive)


def _lock_everything(forger: Forger) -> None:
    """Rewrite the record of `b` so that it was always locked; what is a change afterwards goes."""

    def locked(lines: list[Any]) -> list[Any]:
        return [
            Whole(line.key, line.record.replace(b"false", b"true"), line.salt)
            if isinstance(line, Whole)
            else line
            for line in lines
            if not (isinstance(line, Patched | Removed) and line.key == "b")
        ]

    for leaf in forger.leaves:
        if leaf.kind == Kind.COLLECTION:
            forger.change_records(leaf, "aws_thing", locked)
