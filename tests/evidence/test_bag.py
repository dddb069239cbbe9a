"""A pack's container: every changed bit is found before anything is read out of it, and the file is named."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.bag import (
    ContainerError,
    check_container,
    check_signature,
    make_bag,
    read_container,
    signed_container,
    zip_bytes,
)
from assay.evidence.note import Ed25519Signer

SIGNER = Ed25519Signer("assay/00aa", Ed25519PrivateKey.from_private_bytes(bytes(32)))
PAYLOAD = {"ledger.jsonl": b'{"at":"2026-11-23T06:12:48Z"}\n', "objects/ab": b"x" * 50, "report.json": b"{}"}


def bag() -> dict[str, bytes]:
    return make_bag(PAYLOAD, "2026-11-23T06:12:48Z", SIGNER, "00aa")


def test_a_bag_as_made_is_whole_and_signed() -> None:
    files = bag()
    check_container(files)
    check_signature(signed_container(files), SIGNER.key)


def test_every_flipped_bit_of_every_file_is_found_and_its_file_named() -> None:
    files = bag()
    for path, content in files.items():
        for position in range(len(content) * 8):
            flipped = bytearray(content)
            flipped[position // 8] ^= 1 << position % 8
            with pytest.raises(ContainerError) as caught:
                changed = {**files, path: bytes(flipped)}
                check_container(changed)
                check_signature(signed_container(changed), SIGNER.key)
            if path.startswith("data/"):
                assert caught.value.file == path


def test_every_flipped_bit_of_a_zip_is_found(tmp_path: Path) -> None:
    whole = zip_bytes(bag())
    target = tmp_path / "pack.zip"
    for position in range(0, len(whole) * 8, 7):
        flipped = bytearray(whole)
        flipped[position // 8] ^= 1 << position % 8
        target.write_bytes(bytes(flipped))
        with pytest.raises(ContainerError):
            files = read_container(target)
            check_container(files)
            check_signature(signed_container(files), SIGNER.key)


@pytest.mark.parametrize("tail", [b"\0", b"junk", b"PK\x05\x06" + bytes(18)])
def test_bytes_after_a_zip_are_found(tmp_path: Path, tail: bytes) -> None:
    target = tmp_path / "pack.zip"
    target.write_bytes(zip_bytes(bag()) + tail)
    with pytest.raises(ContainerError):
        check_container(read_container(target))


def test_a_file_too_many_or_too_few_is_named() -> None:
    files = bag()
    with pytest.raises(ContainerError, match="data/more: is not listed"):
        check_container({**files, "data/more": b""})
    with pytest.raises(ContainerError, match=r"notes.txt: does not belong"):
        check_container({**files, "notes.txt": b""})
    del files["data/report.json"]
    with pytest.raises(ContainerError, match=r"data/report.json: is listed"):
        check_container(files)


def test_a_note_made_for_another_container_is_found() -> None:
    other = make_bag({"report.json": b"[]"}, "2026-11-23T06:12:48Z", SIGNER, "00aa")
    with pytest.raises(ContainerError, match="made for other contents"):
        check_container({**bag(), "pack.note": other["pack.note"]})


def test_another_key_is_not_taken_for_the_homes() -> None:
    stranger = Ed25519Signer("assay/00aa", Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32))
    files = make_bag(PAYLOAD, "2026-11-23T06:12:48Z", stranger, "00aa")
    check_container(files)
    with pytest.raises(ContainerError, match="is not signed by the key"):
        check_signature(signed_container(files), SIGNER.key)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "report.json").symlink_to("/etc/hostname")
    with pytest.raises(ContainerError, match="is a link"):
        read_container(tmp_path)


def test_sha256sum_alone_checks_both_manifests(tmp_path: Path) -> None:
    for path, content in bag().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", manifest], cwd=tmp_path, check=True)
    assert (
        hashlib.sha256((tmp_path / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
        in bag()["pack.note"].decode()
    )
