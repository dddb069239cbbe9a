"""The home's keys: the signing key, the master key that seals credentials, and the sealing itself.

Files are made with mode 0600 in a folder of mode 0700. The master key may come from outside instead: `ASSAY_MASTER_KEY` (64 hexadecimal
digits), `ASSAY_MASTER_KEY_FILE`, or the systemd credential `assay-master-key`. A file that ends in `.next` holds the key that a rotation has
begun with (`assay.home.rotating`); it is read beside the other, so nothing becomes unreadable wherever a rotation is cut off.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.errors import AssayError
from assay.evidence.canonical import NotCanonicalError, decode, encode
from assay.stores import make_folder, sync_folder

NONCE_BYTES = 12
SIGNING, MASTER, LOOKUP = "signing.key", "master.key", "lookup.key"
NEXT = ".next"


class KeyProblemError(AssayError):
    """A key is missing, malformed or not the one that sealed something."""


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private signing key, and the handovers by which it came after the founding key, oldest first. Its repr shows nothing."""

    private: Ed25519PrivateKey
    handovers: tuple[str, ...] = ()

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    def text(self) -> str:
        """Give what the key's file holds: the seed, then each handover as a JSON text on a line of its own."""
        lines = (self.private.private_bytes_raw().hex(), *(encode(one).decode() for one in self.handovers))
        return "".join(f"{line}\n" for line in lines)

    def __repr__(self) -> str:
        return "SigningKey(‹secret›)"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What a home can sign and unseal with. Its repr shows nothing.

    `signing`: the key, and one that a rotation has begun with. `masters`: the key that seals, then any other that may have sealed.
    """

    signing: tuple[SigningKey, ...]
    masters: tuple[bytes, ...]

    def signing_key(self, public: bytes) -> SigningKey:
        """Give the private half of a public key; raises KeyProblemError when it is not here."""
        found = next((one for one in self.signing if one.public == public), None)
        if found is None:
            raise KeyProblemError(
                f"The file {SIGNING} does not hold the key {public.hex()[:16]}…, with which this home signs now. "
                "Give it back from the newest copy of the keys; nothing is signed with another."
            )
        return found

    def __repr__(self) -> str:
        return "Keys(‹secret›)"


def make_keys(folder: Path, random: Callable[[int], bytes], environment: Mapping[str, str]) -> None:
    """Make the keys of a new home; a master key that comes from outside is not written."""
    make_folder(folder)
    write_secret(folder / SIGNING, f"{random(32).hex()}\n")
    if not master_is_outside(environment):
        write_secret(folder / MASTER, random(32).hex())


def read_keys(folder: Path, environment: Mapping[str, str]) -> Keys:
    """Read a home's keys; raises KeyProblemError that says which is missing and where it is looked for."""
    outside = _outside_master(environment)
    signing = _read_both(folder / SIGNING)
    masters = [outside] if outside is not None else _read_both(folder / MASTER)[::-1]
    return Keys(tuple(map(_signing_key, signing)), tuple(map(master_key, masters)))


def master_key(text: str) -> bytes:
    """Read a master key; raises KeyProblemError unless it is 64 hexadecimal digits."""
    return _key_bytes(text, "master key")


def master_is_outside(environment: Mapping[str, str]) -> bool:
    """Tell whether the master key comes from outside the home; raises KeyProblemError where it is said to, and cannot be read."""
    return _outside_master(environment) is not None


def seal_credential(
    keys: Keys, home: str, source: str, field: str, secret: str, random: Callable[[int], bytes]
) -> str:
    """Seal a credential, bound to its place: a sealed text moved to another row does not open (formats.md, section 11)."""
    return seal(keys.masters[0], secret.encode(), _place(home, source, field), random)


def open_credential(keys: Keys, home: str, source: str, field: str, sealed: str) -> str:
    """Open a sealed credential; raises KeyProblemError when the master key or the place is another one."""
    opened = unseal(keys.masters, sealed, _place(home, source, field))
    if opened is None:
        raise KeyProblemError(
            f"The credential “{field}” of the source “{source}” does not open with this master key. Give the key it was sealed with, or connect the source again."
        )
    return opened.decode()


def seal(master: bytes, secret: bytes, place: bytes, random: Callable[[int], bytes]) -> str:
    """Seal a secret to its place: hex of nonce and AES-256-GCM."""
    nonce = random(NONCE_BYTES)
    return (nonce + AESGCM(master).encrypt(nonce, secret, place)).hex()


def unseal(masters: Iterable[bytes], sealed: str, place: bytes) -> bytes | None:
    """Open a sealed secret with the master key that it was sealed under; None when that is none of these, or the place is another."""
    data = bytes.fromhex(sealed)
    for master in masters:
        with contextlib.suppress(InvalidTag):
            return AESGCM(master).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place)
    return None


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


def _read_both(path: Path) -> list[str]:
    """Read a key, and the one that a rotation has begun with: the latter first, since it may take the other's place between the two."""
    try:
        begun = [path.with_name(path.name + NEXT).read_text().strip()]
    except OSError:
        begun = []
    return [_read(path), *begun]


def _signing_key(text: str) -> SigningKey:
    seed, *handovers = text.splitlines() or [""]
    private = Ed25519PrivateKey.from_private_bytes(_key_bytes(seed, "signing key"))
    try:
        said = tuple(decode(line.encode()) for line in handovers)
    except NotCanonicalError:
        said = (None,)
    if not all(isinstance(one, str) for one in said):
        raise KeyProblemError(
            f"The file {SIGNING} was changed behind its first line. Give it back from the copy of the keys."
        )
    return SigningKey(private, said)


def _key_bytes(text: str, what: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeyProblemError(f"The {what} must be 64 hexadecimal digits.")
    return key
