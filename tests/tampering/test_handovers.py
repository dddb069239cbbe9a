"""Attacks on a home whose signing key was handed over: by somebody who holds the key in force, or the one before it.

docs/reference/tampering.md lists them with the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.checkpoint import Checkpoint
from assay.evidence.handover import make_handover
from assay.evidence.ledger import Kind
from assay.evidence.merkle import root_of_hashes
from assay.evidence.note import Ed25519Key, Ed25519Signer, parse_note
from assay.home import Home, publish, signer
from assay.home.rotating import rotate_signing_key
from assay.verification import Trusted, Verification, report_again, verify_pack
from tests.tampering.forger import Forger, Leaf
from tests.tampering.small_home import concluded_home, small_pack

MALLORY = Ed25519PrivateKey.from_private_bytes(b"\x15" * 32)


@dataclass(frozen=True)
class Scene:
    """A home that handed its key over, the key before, and what somebody outside kept: both public keys, a checkpoint by each."""

    home: Home
    old: Ed25519Signer
    kept: bytes
    kept_since: bytes

    def forger(self) -> Forger:
        """Somebody who holds everything on the host as it is now, so the key in force and not the one before."""
        return Forger.of(self.home)

    def thief(self) -> Forger:
        """Somebody who stole the key before it was handed over, and a pack of now."""
        return Forger.taking(small_pack(self.home), self.old)

    @property
    def keys(self) -> tuple[Ed25519Key, Ed25519Key]:
        return self.old.key, signer(self.home).key


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    home = concluded_home(tmp_path_factory.mktemp("scene") / "home")
    home.act("note.made", "ben", {"note": "the lock was repaired"})
    old, kept = signer(home), publish(home).note.encode()
    rotate_signing_key(home, "ada", "A laptop was stolen.")
    home.act("note.made", "ada", {"note": "read"})
    return Scene(home, old, kept, publish(home).note.encode())


def verified(files: dict[str, bytes], **trusted: Any) -> Verification:
    return verify_pack(files, Trusted(**trusted), report_again)


def test_the_pack_holds_as_long_as_nobody_attacks(scene: Scene) -> None:
    for key in scene.keys:
        for kept in (scene.kept, scene.kept_since):
            assert verified(small_pack(scene.home), key=key, checkpoint=kept).findings == []
    assert verified(scene.forger().lived_through_again()).findings == []


# --------------------------------------------------------------------------------------------------------------- found by the pack alone


def leave_out_the_handover(scene: Scene) -> dict[str, bytes]:
    forger = scene.forger()
    forger.leaves = [leaf for leaf in forger.leaves if leaf.kind != Kind.KEY]
    return forger.lived_through_again()


def withhold_the_handover(scene: Scene) -> dict[str, bytes]:
    forger = scene.forger()
    del forger.files[f"bodies/{forger.last(Kind.KEY).commitment().hex()}.json"]
    return forger.signed()


def hand_over_to_a_key_of_one_s_own(scene: Scene) -> dict[str, bytes]:
    """Mallory signs for both sides: she does not hold the key before hers."""
    forger = scene.forger()
    note = make_handover(
        _head(forger, len(forger.leaves)), MALLORY, Ed25519PrivateKey.from_private_bytes(b"\x16" * 32)
    )
    body = {"by": "ada", "format": 1, "handover": note, "why": "It was time."}
    forger.leaves.append(Leaf(scene.home.now(), Kind.KEY, body, bytes(16)))
    forger.signer = Ed25519Signer(forger.signer.name, Ed25519PrivateKey.from_private_bytes(b"\x16" * 32))
    return forger.lived_through_again()


def sign_a_handover_for_one_side(scene: Scene) -> dict[str, bytes]:
    forger = scene.forger()
    body = forger.last(Kind.KEY).body
    note = parse_note(body["handover"].encode())
    body["handover"] = type(note)(note.text, note.signatures[:1]).encode().decode()
    return forger.lived_through_again()


def name_another_key_in_a_handover(scene: Scene) -> dict[str, bytes]:
    forger = scene.forger()
    body = forger.last(Kind.KEY).body
    body["handover"] = body["handover"].replace(
        forger.signer.key.public.hex(), MALLORY.public_key().public_bytes_raw().hex()
    )
    forger.signer = Ed25519Signer(forger.signer.name, MALLORY)
    return forger.lived_through_again()


def bring_a_handover_of_another_log(scene: Scene) -> dict[str, bytes]:
    """Both keys signed it, but for a log of another origin."""
    forger = scene.forger()
    head = _head(forger, 7)
    other = Checkpoint("assay/ffffffffffffffff", head.size, head.root)
    forger.last(Kind.KEY).body["handover"] = make_handover(other, scene.old.private, forger.signer.private)
    return forger.lived_through_again()


def enter_a_handover_twice(scene: Scene) -> dict[str, bytes]:
    forger = scene.forger()
    forger.leaves.append(forger.last(Kind.KEY))
    return forger.lived_through_again()


def sign_with_the_key_that_was_handed_over(scene: Scene) -> dict[str, bytes]:
    return scene.thief().lived_through_again()


def rewrite_the_past_before_a_handover(scene: Scene) -> dict[str, bytes]:
    """Whoever holds everything on the host now does not hold the key that signed then."""
    forger = scene.forger()
    _change_the_note(forger)
    return forger.lived_through_again()


def take_an_entry_from_before_a_handover(scene: Scene) -> dict[str, bytes]:
    forger = scene.forger()
    forger.leaves = [leaf for leaf in forger.leaves if leaf.body.get("by") != "ben"]
    return forger.lived_through_again()


FOUND_ALONE = [
    leave_out_the_handover, withhold_the_handover, hand_over_to_a_key_of_one_s_own, sign_a_handover_for_one_side,
    name_another_key_in_a_handover, bring_a_handover_of_another_log, enter_a_handover_twice, sign_with_the_key_that_was_handed_over,
    rewrite_the_past_before_a_handover, take_an_entry_from_before_a_handover,
]  # fmt: skip


@pytest.mark.parametrize("attack", FOUND_ALONE, ids=lambda attack: attack.__name__)
def test_found_by_the_pack_alone(scene: Scene, attack: Any) -> None:
    findings = verified(attack(scene)).findings
    assert findings != []
    assert all(one.file and "cannot be performed again (" not in one.problem for one in findings), findings


# --------------------------------------------------------------------------------------------------- found only against a kept checkpoint


def hide_a_rewritten_past_behind_an_epoch(scene: Scene) -> dict[str, bytes]:
    """An epoch before the handover says that an old backup was restored; what the handover was signed over is then named as lost."""
    forger = scene.forger()
    _change_the_note(forger)
    place = next(number for number, leaf in enumerate(forger.leaves) if leaf.kind == Kind.KEY)
    head = _head(forger, 3)
    body = {
        "format": 1,
        "known_head": {"root": "00" * 32, "size": place},
        "lost": [{"from": 3, "to": place}],
        "reason": "A backup older than the known head was restored.",
        "restored_head": {"root": head.root.hex(), "size": 3},
    }
    forger.leaves.insert(place, Leaf(forger.leaves[place].at, Kind.EPOCH, body, bytes(16)))
    forger.signer = Ed25519Signer(f"{forger.signer.name}/1", forger.signer.private)
    return forger.lived_through_again()


FOUND_AGAINST_A_CHECKPOINT = [hide_a_rewritten_past_behind_an_epoch]


@pytest.mark.parametrize("attack", FOUND_AGAINST_A_CHECKPOINT, ids=lambda attack: attack.__name__)
def test_found_only_against_a_checkpoint_that_was_kept(scene: Scene, attack: Any) -> None:
    files = attack(scene)
    assert verified(files, key=scene.keys[1]).findings == []
    assert [one.file for one in verified(files, checkpoint=scene.kept).findings] == ["data/ledger.jsonl"]


# ------------------------------------------------------------------------------------- found by the key in force, or a kept checkpoint


def fork_below_a_handover(scene: Scene) -> dict[str, bytes]:
    """The thief of the key before makes a past without the handover: the key before still fits it."""
    thief = scene.thief()
    del thief.leaves[next(n for n, leaf in enumerate(thief.leaves) if leaf.kind == Kind.KEY) :]
    _change_the_note(thief)
    return thief.lived_through_again()


FOUND_BY_THE_KEY = [fork_below_a_handover]


def test_a_fork_below_a_handover_is_found_by_the_key_in_force_or_a_kept_checkpoint(scene: Scene) -> None:
    old, new = scene.keys
    files = fork_below_a_handover(scene)
    assert verified(files, key=old).findings == []
    for trusted in ({"key": new}, {"checkpoint": scene.kept}, {"checkpoint": scene.kept_since}):
        assert verified(files, **trusted).findings != []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "x\n\n— a AAAAAAAA\n",
        "assay key handover\n\n— a AAAAAAAA\n",
        "assay key handover\na\n1\nAA==\n" + "z" * 64 + "\n\n— a AAAAAAAA\n",
    ],
)
def test_a_handover_that_is_none_is_said_in_a_sentence(scene: Scene, text: str) -> None:
    forger = scene.forger()
    forger.last(Kind.KEY).body["handover"] = text
    (finding,) = verified(forger.as_it_is()).findings
    assert (finding.file, "is not a handover from the signing key before it" in finding.problem) == (
        "data/ledger.jsonl",
        True,
    )


# ------------------------------------------------------------------------------------------------------------------------------ means


def _head(forger: Forger, size: int) -> Checkpoint:
    hashes = [leaf.envelope().leaf_hash() for leaf in forger.leaves[:size]]
    return Checkpoint(forger.signer.name, size, root_of_hashes(hashes))


def _change_the_note(forger: Forger) -> None:
    note = next(leaf for leaf in forger.leaves if leaf.body.get("by") == "ben")
    note.body["details"] = {"note": "nothing happened"}
