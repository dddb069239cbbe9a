"""Checkpoints: the example of C2SP tlog-checkpoint, and texts that are almost checkpoints."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.checkpoint import (
    Checkpoint,
    CheckpointError,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from assay.evidence.note import Ed25519Signer, UnsignedNoteError, sign_note

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
SPEC = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
HOME = "assay/0f3c"
SIGNER = Ed25519Signer(HOME, Ed25519PrivateKey.from_private_bytes(b"\x03" * 32))
HEAD = Checkpoint(HOME, 7, base64.b64decode(ROOT))


def test_the_published_example_is_read_and_written_back() -> None:
    checkpoint = parse_checkpoint(SPEC)

    assert checkpoint == Checkpoint("example.com/behind-the-sofa", 20852163, base64.b64decode(ROOT))
    assert checkpoint.text() == SPEC


def test_extension_lines_are_kept() -> None:
    text = SPEC + "one more\nand another\n"

    assert parse_checkpoint(text).extensions == ("one more", "and another")
    assert parse_checkpoint(text).text() == text


@pytest.mark.parametrize("size", ["0", "1", str(2**63 - 1)])
def test_sizes_up_to_the_largest_are_read(size: str) -> None:
    assert parse_checkpoint(f"log\n{size}\n{ROOT}\n").size == int(size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "log\n7\n",
        f"\n7\n{ROOT}\n",
        f"log\n7\n{ROOT}",
        f"log\n7\n{ROOT}\n\n",
        f"log\n7\n{ROOT}\n\nafter an empty line\n",
        f"log\n\n{ROOT}\n",
        f"log\n07\n{ROOT}\n",
        f"log\n-7\n{ROOT}\n",
        f"log\n+7\n{ROOT}\n",
        f"log\n 7\n{ROOT}\n",
        f"log\n7.0\n{ROOT}\n",
        f"log\n1_0\n{ROOT}\n",
        f"log\n٧\n{ROOT}\n",
        f"log\n{2**63}\n{ROOT}\n",
        f"log\n{'9' * 5000}\n{ROOT}\n",
        f"log\n7\n{ROOT[:-1]}\n",
        "log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "log\n7\nAAAA\n",
        f"log\n7\nAAAA{ROOT}\n",
    ],
)
def test_a_text_that_is_almost_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        parse_checkpoint(text)


def test_a_signed_checkpoint_opens_for_its_own_log() -> None:
    data = sign_checkpoint(HEAD, SIGNER).encode()

    assert open_checkpoint(data, HOME, [SIGNER.key]).checkpoint == HEAD


def test_a_checkpoint_of_another_log_is_refused_though_the_key_is_right() -> None:
    data = sign_checkpoint(Checkpoint("assay/other", 7, HEAD.root), SIGNER).encode()

    with pytest.raises(CheckpointError, match="“assay/other”, not of “assay/0f3c”"):
        open_checkpoint(data, HOME, [SIGNER.key])


def test_a_checkpoint_signed_by_another_key_is_refused() -> None:
    other = Ed25519Signer(HOME, Ed25519PrivateKey.from_private_bytes(b"\x04" * 32))

    with pytest.raises(UnsignedNoteError):
        open_checkpoint(sign_checkpoint(HEAD, other).encode(), HOME, [SIGNER.key])


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(CheckpointError):
        open_checkpoint(sign_note("hello\n", SIGNER).encode(), HOME, [SIGNER.key])


@pytest.mark.parametrize("origin", ["log\n9", "", "log\n"])
def test_an_origin_that_would_read_as_something_else_is_not_signed(origin: str) -> None:
    with pytest.raises(CheckpointError):
        sign_checkpoint(Checkpoint(origin, 7, HEAD.root), SIGNER)
