"""Evidence kept in a folder: write-once objects, each durable before its name is told to anybody.

An object is written to a temporary file in its own folder, synced, renamed, and the folder synced; a crash leaves at most a temporary file,
which `sweep` removes. A name that is found there may have been renamed by a process that died before its sync, so it is synced again before
anybody relies on it. Reading checks the name against the content wherever the name is a digest.

A failed sync ends all writing of this process (`assay.stores.disk`). The content of a file that could not be synced is never relied on by a later one either: it stands under a
temporary name, and is written anew.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from assay.errors import AssayError
from assay.stores.disk import Disk, FailedSyncError, disk_under

TEMPORARY = ".tmp-"


class StoreError(AssayError):
    """The store could not keep or give something. The text says what, and what to do."""


class FolderStore:
    """A store of named byte strings under one folder; names are relative paths with forward slashes."""

    at_once = 1

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        """`disk` is that of the home; without one the store stands for itself."""
        self.folder = folder
        self._disk = disk or disk_under(folder)
        self._durable: set[Path] = set()

    def put(self, name: str, content: bytes, *, lasting: bool = False) -> None:
        """Keep `content` under `name`, durably. A name that is already there is left as it is: names are write-once. A folder locks nothing, `lasting` or not."""
        path = self._path(name)
        self._disk.refuse_writing_after_failure()
        with _said(path):
            if not path.exists():
                self._write(path, content)
                return
            self._make_folder(path.parent)
            self._disk.sync_folder(path.parent)

    def replace(self, name: str, content: bytes) -> None:
        """Keep `content` under `name` whether or not it was there: only for the pointer to the newest checkpoint and erasure."""
        path = self._path(name)
        self._disk.refuse_writing_after_failure()
        with _said(path):
            self._write(path, content)

    def get(self, name: str) -> bytes | None:
        """Give what is kept under `name`, or None."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                f"The evidence store could not read {name} ({error.strerror}). See that the disk is well, then run the command again."
            ) from error

    def names(self, prefix: str) -> Iterator[str]:
        """Give the names below `prefix`, sorted; temporary files are none."""
        root = self.folder / prefix
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and not path.name.startswith(TEMPORARY):
                yield path.relative_to(self.folder).as_posix()

    def remove(self, name: str) -> None:
        """Remove `name` durably; nothing happens when it is not there."""
        path = self._path(name)
        self._disk.refuse_writing_after_failure()
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            self._disk.sync_folder(path.parent)

    def written(self, name: str) -> datetime | None:
        """Give when `name` was written, or None when it is not there."""
        try:
            return datetime.fromtimestamp(self._path(name).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def sweep(self, before: datetime) -> int:
        """Remove what writes that were interrupted before an instant left, and give how many there were."""
        left = [path for path in self.folder.rglob(f"{TEMPORARY}*") if path.is_file()]
        old = [path for path in left if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, name: str) -> Path:
        parts = name.split("/")
        if not all(parts) or any(part.startswith(".") for part in parts) or "\0" in name:
            raise StoreError(f"“{name}” is no name for an object.")
        return self.folder.joinpath(*parts)

    def _write(self, path: Path, content: bytes) -> None:
        self._make_folder(path.parent)
        temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _write_all(descriptor, content)
                self._disk.sync(descriptor, path)
            finally:
                os.close(descriptor)
            os.rename(temporary, path)
            self._disk.sync_folder(path.parent)
        except (OSError, FailedSyncError):
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and its parents, each durable in the folder above it; one that is there is synced once, whoever made it."""
        if folder in self._durable:
            return
        if folder == self.folder:
            make_folder(folder)
        else:
            self._make_folder(folder.parent)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        self._disk.sync_folder(folder.parent)
        self._durable.add(folder)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The evidence store could not write {path.name[:16]}… ({error.strerror}). Nothing already stored is lost; free space or mend the disk, then run the command again."
        ) from error


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def make_folder(folder: Path) -> None:
    """Make a folder, mode 0700, and what parents are missing, each durable in the folder above it."""
    missing = [one for one in (folder, *folder.parents) if not one.is_dir()]
    for one in reversed(missing):
        with contextlib.suppress(FileExistsError):
            one.mkdir(mode=0o700)
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
