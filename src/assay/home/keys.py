"""The home's keys: the signing key, the master key that seals credentials, and the sealing itself.

Files are made with mode 0600 in a folder of mode 0700. The master key may come from outside instead: `ASSAY_MASTER_KEY` (64 hexadecimal
digits), `ASSAY_MASTER_KEY_FILE`, or the systemd credential `assay-master-key`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.errors import AssayError
from assay.evidence.canonical import encode
from assay.stores import make_folder, sync_folder

NONCE_BYTES = 12


class KeyProblemError(AssayError):
    """A key is missing, malformed or not the one that sealed something."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What a home can sign and unseal with. Its repr shows nothing."""

    signing: Ed25519PrivateKey
    master: bytes

    def __repr__(self) -> str:
        return "Keys(‹secret›)"


def make_keys(folder: Path, random: Callable[[int], bytes], environment: Mapping[str, str]) -> None:
    """Make the keys of a new home; a master key that comes from outside is not written."""
    make_folder(folder)
    write_secret(folder / "signing.key", random(32).hex())
    if _outside_master(environment) is None:
        write_secret(folder / "master.key", random(32).hex())


def read_keys(folder: Path, environment: Mapping[str, str]) -> Keys:
    """Read a home's keys; raises KeyProblemError that says which is missing and where it is looked for."""
    signing = _key_bytes(_read(folder / "signing.key"), "signing key")
    master = _outside_master(environment) or _read(folder / "master.key")
    return Keys(Ed25519PrivateKey.from_private_bytes(signing), _key_bytes(master, "master key"))


def seal_credential(
    keys: Keys, home: str, source: str, field: str, secret: str, random: Callable[[int], bytes]
) -> str:
    """Seal a credential, bound to its place: a sealed text moved to another row does not open (formats.md, section 11)."""
    nonce = random(NONCE_BYTES)
    return (nonce + AESGCM(keys.master).encrypt(nonce, secret.encode(), _place(home, source, field))).hex()


def open_credential(keys: Keys, home: str, source: str, field: str, sealed: str) -> str:
    """Open a sealed credential; raises KeyProblemError when the master key or the place is another one."""
    data = bytes.fromhex(sealed)
    try:
        return (
            AESGCM(keys.master)
            .decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _place(home, source, field))
            .decode()
        )
    except InvalidTag as error:
        raise KeyProblemError(
            f"The credential “{field}” of the source “{source}” does not open with this master key. Give the key it was sealed with, or connect the source again."
        ) from error


def write_secret(path: Path, text: str) -> None:
    """Write a secret file with mode 0600, replacing an older one only when the new one is durable."""
    write_private(path, text.encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600, replacing an older one only when the new one is durable; raises OSError."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    os.rename(temporary, path)
    sync_folder(path.absolute().parent)


def _place(home: str, source: str, field: str) -> bytes:
    return encode(["assay credential", 1, home, source, field])


def _outside_master(environment: Mapping[str, str]) -> str | None:
    if value := environment.get("ASSAY_MASTER_KEY"):
        return value
    if name := environment.get("ASSAY_MASTER_KEY_FILE"):
        return _read(Path(name))
    if folder := environment.get("CREDENTIALS_DIRECTORY"):
        credential = Path(folder) / "assay-master-key"
        return _read(credential) if credential.exists() else None
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise KeyProblemError(
            f"The key file {path.name} cannot be read ({error.strerror}). Restore it from where you keep it apart from backups."
        ) from error


def _key_bytes(text: str, what: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeyProblemError(f"The {what} must be 64 hexadecimal digits.")
    return key
