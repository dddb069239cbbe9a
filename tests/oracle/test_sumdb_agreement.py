"""Roots, proofs, tiles and notes agree with an implementation that is not ours: Go's golang.org/x/mod/sumdb, from Debian."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.checkpoint import Checkpoint, sign_checkpoint
from assay.evidence.cosignature import Cosigner
from assay.evidence.merkle import (
    CompactRange,
    leaf_hash,
    nodes_of,
    prove_consistency,
    prove_inclusion,
    root_of_hashes,
    verify_consistency,
    verify_inclusion,
)
from assay.evidence.note import Ed25519Signer, base64_text, open_note, sign_note
from assay.evidence.tiles import tile_bytes, tiles_for_growth

SIZE = 1500
SEED = 20261123
LEAVES = [f"entry {number}".encode() * (number % 5) for number in range(SIZE)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
NODES = nodes_of(HASHES)
SIGNER = Ed25519Signer("assay/0f3c", Ed25519PrivateKey.from_private_bytes(b"\x21" * 32))
CHLOE = Cosigner("witness.example/chloe", Ed25519PrivateKey.from_private_bytes(b"\x22" * 32))
TEXTS = [
    "one line\n",
    "two\nlines\n",
    "an empty\n\nline\n",
    "ends in one\n\n",
    "Grüße, 证据 \u00a0\n",
    "— like a signature\n",
]

Ask = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def ask(sumdb_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Build the Go program and give a function that asks it."""
    folder = tmp_path_factory.mktemp("sumdb")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
    }
    program = folder / "oracle"
    subprocess.run(["go", "build", "-o", program, "."], cwd=sumdb_source, env=environment, check=True)

    def question(asked: dict[str, Any]) -> dict[str, Any]:
        done = subprocess.run([program], input=json.dumps(asked).encode(), stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    return question


def texts(proof: list[bytes]) -> list[str]:
    return [base64_text(each) for each in proof]


def proof_of(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


def test_every_root_up_to_1500_agrees(ask: Ask) -> None:
    told = ask({"Leaves": texts(LEAVES)})["Roots"]

    edge, ours = CompactRange(), []
    for each in HASHES:
        edge.append(each)
        ours.append(base64_text(edge.root()))
    assert told == ours
    assert told[-1] == base64_text(root_of_hashes(HASHES))


def test_a_thousand_inclusion_proofs_agree(ask: Ask) -> None:
    drawn = random.Random(SEED)
    sizes = [drawn.randint(1, SIZE) for _ in range(1000)]
    places = [(drawn.randrange(size), size) for size in sizes]
    asked = [
        {"Index": index, "Size": size, "Proof": texts(prove_inclusion(index, size, NODES))}
        for index, size in places
    ]

    told = ask({"Leaves": texts(LEAVES), "Inclusions": asked})

    assert told["InclusionsRefused"] is None
    assert len(told["Inclusions"]) == 1000
    for each, theirs in zip(asked, told["Inclusions"], strict=True):
        assert each["Proof"] == theirs
    for (index, size), theirs in zip(places, told["Inclusions"], strict=True):
        verify_inclusion(HASHES[index], index, size, proof_of(theirs), root_of_hashes(HASHES[:size]))


def test_a_thousand_consistency_proofs_agree(ask: Ask) -> None:
    drawn = random.Random(SEED)
    places = [tuple(sorted(drawn.sample(range(1, SIZE + 1), 2))) for _ in range(1000)]
    asked = [
        {"Old": old, "New": new, "Proof": texts(prove_consistency(old, new, NODES))} for old, new in places
    ]

    told = ask({"Leaves": texts(LEAVES), "Consistencies": asked})

    assert told["ConsistencyRefused"] is None
    assert len(told["Consistencies"]) == 1000
    for each, theirs in zip(asked, told["Consistencies"], strict=True):
        assert each["Proof"] == theirs
    for (old, new), theirs in zip(places, told["Consistencies"], strict=True):
        verify_consistency(
            old, root_of_hashes(HASHES[:old]), new, root_of_hashes(HASHES[:new]), proof_of(theirs)
        )


def test_damaged_proofs_are_refused_there_as_here(ask: Ask) -> None:
    damaged = [bytes(32), *prove_inclusion(700, 1400, NODES)[1:]]
    steps = [*prove_consistency(700, 1400, NODES)[:-1], bytes(32)]

    told = ask(
        {
            "Leaves": texts(LEAVES),
            "Inclusions": [{"Index": 700, "Size": 1400, "Proof": texts(damaged)}],
            "Consistencies": [{"Old": 700, "New": 1400, "Proof": texts(steps)}],
        }
    )

    assert (told["InclusionsRefused"], told["ConsistencyRefused"]) == ([0], [0])


def test_tiles_of_a_growth_agree_in_name_and_content(ask: Ask) -> None:
    drawn = random.Random(SEED)
    growths = [
        (0, SIZE),
        (0, 256),
        (255, 257),
        (256, 512),
        *(tuple(sorted(drawn.sample(range(SIZE + 1), 2))) for _ in range(50)),
    ]

    told = ask({"Leaves": texts(LEAVES), "Growths": [{"Old": old, "New": new} for old, new in growths]})[
        "Growths"
    ]

    ours = [
        {tile.path: base64_text(tile_bytes(tile, NODES)) for tile in tiles_for_growth(old, new)}
        for old, new in growths
    ]
    assert told == ours


def test_notes_signed_here_open_there(ask: Ask) -> None:
    notes = [sign_note(text, SIGNER).encode().decode() for text in TEXTS]

    told = ask({"Notes": [{"Key": SIGNER.key.text(), "Note": note} for note in notes]})["Notes"]

    assert told == TEXTS


def test_a_note_signed_there_opens_here_and_is_the_same(ask: Ask) -> None:
    secret = base64_text(b"\x01" + b"\x21" * 32)
    key = f"PRIVATE+KEY+{SIGNER.name}+{SIGNER.key.key_id.hex()}+{secret}"

    for text in TEXTS:
        signed = ask({"SignKey": key, "SignText": text})["Signed"].encode()
        note, _ = open_note(signed, [SIGNER.key])
        assert note.text == text
        assert signed == sign_note(text, SIGNER).encode()


def test_changed_notes_are_refused_there_as_here(ask: Ask) -> None:
    note = sign_note("one line\n", SIGNER).encode().decode()
    changed = [
        note.replace("one", "two"),
        note[:-1],
        note + "x",
        note.replace("\n\n", "\n"),
        note.replace("one", "o\tne"),
    ]

    told = ask({"Notes": [{"Key": SIGNER.key.text(), "Note": each} for each in changed]})["Notes"]

    assert told == [""] * 5


def test_a_cosignature_holds_by_another_reading_of_the_specification(ask: Ask) -> None:
    note = sign_checkpoint(Checkpoint(SIGNER.name, SIZE, root_of_hashes(HASHES)), SIGNER)
    cosigned = note.signed_by(CHLOE.cosign(note.text, datetime(2026, 11, 23, tzinfo=UTC))).encode().decode()

    told = ask(
        {
            "Cosigned": [
                {"Key": CHLOE.key.text(), "Note": each}
                for each in (cosigned, cosigned.replace("\n1500\n", "\n1501\n"))
            ]
        }
    )["Cosigned"]

    assert told == [True, False]
