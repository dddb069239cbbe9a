"""Two hundred people are erased: nothing of them is anywhere in the home, every proof stays whole, and what rested on them is unknown, reason erased."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard

from assay.evidence.canonical import decode, encode
from assay.evidence.commitment import commit
from assay.evidence.gaps import Gap, Reason
from assay.evidence.ledger import Kind
from assay.evidence.records import Erased, Place, read_records
from assay.home import Home, publish, signer
from assay.home.erasure import ErasureError, erase, erase_objects, erase_records, finish_erasures
from assay.home.fsck import examine, mend
from assay.home.personal import personal
from assay.verification import Trusted, report_again, verify_pack
from tests.home.world import ACCOUNT, collect, conclude, notes, person, seen, thing
from tests.tampering.small_home import small_home, small_pack

PEOPLE = [f"canary{number:03d}.quillfeather@northwind.example" for number in range(200)]
STAYING = ["ada@northwind.example", "ben@northwind.example"]
CANARIES = [word for email in PEOPLE for word in (email, email.partition("@")[0], email.upper())]
THINGS = Place("aws_thing", ACCOUNT, "eu-central-1")


@dataclass(frozen=True)
class Erasure:
    """A home after the erasure, with what was known before it: keys, a checkpoint, and the entry's index."""

    home: Home
    subject_keys: list[bytes]
    kept: bytes
    entry: int


@pytest.fixture(scope="module")
def erasure(tmp_path_factory: pytest.TempPathFactory) -> Erasure:
    home = small_home(tmp_path_factory.mktemp("erasure") / "home")
    refused = Gap("aws_person", Reason.MALFORMED, ACCOUNT, "", key=PEOPLE[0], columns=frozenset({"trained"}))
    for trained in (False, True):
        people = [person(email, trained=trained) for email in (*PEOPLE, *STAYING)]
        collect(home, seen(*people, region="", table="aws_person", gaps=[refused]), seen(thing("a")))
        conclude(home)
    kept = publish(home).note.encode()
    with personal(home) as people_kept:
        subjects = [people_kept.keys.find(email) for email in PEOPLE]
        keys = [people_kept.keys.key(subject) for subject in subjects if subject is not None]
    assert len({key for key in keys if key}) == 200
    assert any(key in everything(home.path) for key in keys if key)
    entry = erase(home, PEOPLE, "ada", "They asked for it (Article 17 GDPR).")
    conclude(home)
    return Erasure(home, [key for key in keys if key], kept, entry)


def everything(folder: Path) -> bytes:
    """Give every byte under a folder, names of files included, and once more what compressed files hold."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(str(path).encode())
        if path.is_file():
            content = path.read_bytes()
            parts.append(content)
            if content.startswith(zstandard.FRAME_HEADER):
                parts.append(zstandard.ZstdDecompressor().decompress(content, max_output_size=2**28))
    return b"\n".join(parts)


def test_no_canary_is_anywhere_in_the_home(erasure: Erasure) -> None:
    held = everything(erasure.home.path)
    assert (
        b'{"account":"111122223333","format":1,"kind":"records"' in held
    )  # what is compressed is looked through
    assert [canary for canary in CANARIES if canary.encode() in held] == []
    assert [key.hex() for key in erasure.subject_keys if key in held or key.hex().encode() in held] == []


def test_those_who_stay_can_still_be_read(erasure: Erasure) -> None:
    with personal(erasure.home) as people:
        assert all(people.keys.find(email) is not None for email in STAYING)
        assert all(people.keys.find(email) is None for email in PEOPLE)


def test_every_proof_still_verifies_and_says_why_conclusions_cannot_be_performed_again(
    erasure: Erasure,
) -> None:
    files = small_pack(erasure.home)
    assert list(examine(erasure.home)) == []
    result = verify_pack(files, Trusted(signer(erasure.home).key, erasure.kept), report_again)
    assert result.findings == []
    assert (result.populations, result.older_checkpoint) == (4, erasure.entry)
    before = [entry.ordinal for entry in erasure.home.ledger.entries(kind=Kind.CONCLUSIONS)][:2]
    assert result.not_performed == [
        f"Entry {ordinal}: aws.person.trained cannot be performed again, because records were erased later (entry {erasure.entry})."
        for ordinal in before
    ]


def test_no_canary_is_in_a_pack_made_afterwards(erasure: Erasure) -> None:
    packed = b"\n".join(small_pack(erasure.home).values())
    assert [canary for canary in CANARIES if canary.encode() in packed] == []


def test_their_conclusions_read_unknown_because_erased(erasure: Erasure) -> None:
    unknown = notes(erasure.home, "aws.person.trained")
    assert {(conclusion, reason) for _, conclusion, reason in unknown} == {("UNKNOWN", "erased")}
    assert len(unknown) == 200
    assert conclude(erasure.home)["aws.person.trained"] == {
        "CONFORMS": 2,
        "DEVIATES": 0,
        "NOT_APPLICABLE": 0,
        "UNKNOWN": 200,
    }


def test_ten_thousand_guesses_confirm_none(erasure: Erasure) -> None:
    """Every digest in the home is compared with digests of what was erased, under every salt that is left and under none."""
    digests = set(re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", everything(erasure.home.path)))
    digests |= {
        leaf.hex().encode() for leaf in erasure.home.ledger.leaf_hashes(0, erasure.home.ledger.size())
    }
    salts = [bytes(16), *itertools.islice(_salts(erasure.home), 9)]
    assert len(salts) == 10
    guesses = 0
    for email in PEOPLE:
        for value in _values(email):
            for salt in salts:
                guesses += 1
                assert commit(salt, value).hex().encode() not in digests
            guesses += 1
            assert hashlib.sha256(encode(value)).hexdigest().encode() not in digests
            assert hmac.digest(bytes(32), encode(value), "sha256").hex().encode() not in digests
    assert guesses >= 10_000


def test_somebody_unknown_is_not_erased_and_nothing_is(erasure: Erasure) -> None:
    size = erasure.home.ledger.size()
    with pytest.raises(ErasureError, match="1 of 2 people are not known"):
        erase(erasure.home, ["nobody@northwind.example", STAYING[0]], "ada", "none")
    assert erasure.home.ledger.size() == size


def test_keys_that_came_back_with_an_old_copy_are_destroyed_again(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(person(PEOPLE[0]), person(STAYING[0]), region="", table="aws_person"))
    shutil.copy(home.path / "keys" / "subjects.db", tmp_path / "old.db")
    erase(home, PEOPLE[:1], "ada", "asked")
    shutil.copy(tmp_path / "old.db", home.path / "keys" / "subjects.db")
    assert [one.thing for one in examine(home) if one.thing == "erasure"] == ["erasure"]
    mend(home)
    with personal(home) as people:
        assert [people.keys.find(email) is None for email in (PEOPLE[0], STAYING[0])] == [True, False]
    assert [one.thing for one in examine(home) if one.thing == "erasure"] == []


def test_a_person_who_is_seen_again_after_the_erasure_is_another_subject(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    answer = seen(person(PEOPLE[0]), person(STAYING[0]), region="", table="aws_person")
    collect(home, answer)
    erase(home, PEOPLE[:1], "ada", "asked")
    collect(home, answer)
    assert conclude(home)["aws.person.trained"]["CONFORMS"] == 2
    assert verify_pack(small_pack(home), Trusted(), report_again).findings == []


def test_a_record_outside_of_personal_tables_is_erased_and_its_population_stays_whole(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    for locked in (False, True):
        collect(home, seen(thing("a"), thing("quillfeather", locked=locked), thing("z")))
        conclude(home)
    entry = erase_records(home, "aws-main", THINGS, ["quillfeather"], "ada", "It named a person.")
    assert conclude(home)["aws.thing.locked"]["UNKNOWN"] == 1
    assert notes(home) == [("quillfeather", "UNKNOWN", "erased")]
    lines = [
        line
        for body in (home.ledger.body(one) for one in home.ledger.entries(kind=Kind.COLLECTION))
        for line in read_records(home.ledger.object(body["populations"][0]["records"]))[1]
    ]
    assert [line.key for line in lines if isinstance(line, Erased)] == ["quillfeather", "quillfeather"]
    assert [one for one in examine(home) if not one.mendable] == []
    assert b'{"Id":"quillfeather"' not in everything(home.path)
    result = verify_pack(small_pack(home), Trusted(), report_again)
    assert result.findings == []
    assert all(f"erased later (entry {entry})" in sentence for sentence in result.not_performed)
    collect(home, seen(thing("a"), thing("quillfeather"), thing("z")))
    collect(home, seen(thing("a"), thing("z")))
    assert conclude(home)["aws.thing.locked"]["CONFORMS"] == 2
    assert verify_pack(small_pack(home), Trusted(), report_again).findings == []


def test_an_erased_record_that_is_gone_at_the_next_look_is_removed(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a"), thing("b")))
    erase_records(home, "aws-main", THINGS, ["a"], "ada", "none")
    collect(home, seen(thing("b")))
    assert conclude(home)["aws.thing.locked"] == {
        "CONFORMS": 1,
        "DEVIATES": 0,
        "NOT_APPLICABLE": 0,
        "UNKNOWN": 0,
    }
    assert verify_pack(small_pack(home), Trusted(), report_again).findings == []


def test_a_call_log_is_erased_and_anything_else_is_refused(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    body = home.ledger.body(home.ledger.entry(collect(home, seen(thing("a")))))
    conclude(home)
    with pytest.raises(ErasureError, match="1 of 1 objects are neither"):
        erase_objects(home, [body["populations"][0]["records"]], "ada", "none")
    erase_objects(home, [body["calls"]["object"]], "ada", "none")
    assert [one for one in examine(home) if not one.mendable] == []
    assert finish_erasures(home) == 0
    assert verify_pack(small_pack(home), Trusted(), report_again).findings == []


def test_the_entry_says_who_why_and_what_without_naming_anybody(erasure: Erasure) -> None:
    body = erasure.home.ledger.body(erasure.home.ledger.entry(erasure.entry))
    assert (body["by"], body["basis"], body["objects"]) == ("ada", "They asked for it (Article 17 GDPR).", {})
    assert len(body["commitments"]) == 400
    assert body["entries"] == [entry.ordinal for entry in erasure.home.ledger.entries(kind=Kind.COLLECTION)]


def _salts(home: Home) -> Iterator[bytes]:
    for entry in home.ledger.entries():
        yield bytes.fromhex(decode(home.evidence.body_bytes(entry.body))["salt"])


def _values(email: str) -> Iterator[object]:
    """Give what a guesser would try: the key, the record, both, in each of the two states that were seen."""
    yield email
    for trained in (False, True):
        record = {"list_people": {"Email": email, "Trained": trained}}
        yield record
        yield {"key": email, "record": record}
