"""One copy of the home's keys, kept apart from it and renewed in place: it serves every backup of the home, older ones too, and no erased person's key comes back with it."""

from __future__ import annotations

from pathlib import Path

from assay.errors import AssayError
from assay.home.keys import LOOKUP, MASTER, NEXT, SIGNING, write_private
from assay.home.locks import KEYS_LOCK, locked
from assay.home.personal import personal
from assay.home.place import Home
from assay.stores import make_folder

FILES = tuple(name + suffix for name in (SIGNING, MASTER, LOOKUP) for suffix in ("", NEXT))


class KeysCopyError(AssayError):
    """The copy of the keys could not be written."""


def copy_keys(home: Home, folder: Path) -> None:
    """Write the home's keys to `folder`, over an earlier copy; a master key that comes from outside is not in it."""
    if folder.resolve().is_relative_to(home.path.resolve()):
        raise KeysCopyError(
            f"{folder} lies in the home. Name a folder elsewhere: what happens to the home happens to it."
        )
    try:
        make_folder(folder)
        with locked(home.path / KEYS_LOCK, wait=True), personal(home) as people:
            for name in FILES:
                if (home.path / "keys" / name).exists():
                    write_private(folder / name, (home.path / "keys" / name).read_bytes())
                elif name.endswith(NEXT):
                    (folder / name).unlink(missing_ok=True)
            write_private(folder / "subjects.db", people.keys.copy())
    except OSError as error:
        raise KeysCopyError(
            f"The keys could not be copied to {folder} ({error.strerror}). Free space or mend the disk there, then run the command again."
        ) from error
