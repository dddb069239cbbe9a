"""What one process knows of the disk under a home: once a sync has failed there, this process writes nothing more to it.

After a failed fsync the kernel may take pages for clean that never reached the disk, so that a second fsync succeeds and proves nothing (LWN, “PostgreSQL's
fsync() surprise”, 2018; Rebello and others, “Can applications recover from fsync failures?”, USENIX ATC 2020). Trying again is therefore no remedy. Reading goes on. A new
process begins from what the disk gives: what it finds and was not acknowledged is written or synced anew before anything rests on it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from assay.errors import AssayError


class FailedSyncError(AssayError):
    """A sync failed in this process, now or earlier. The text says of which file, and what to do."""


class Disk:
    """The disk under one folder, as this process has come to know it. Everything that writes below the folder asks it first and syncs through it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._failure: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a sync has failed here since the process began."""
        return self._failure is not None

    def refuse_writing_after_failure(self) -> None:
        """Raise FailedSyncError when a sync has failed here since the process began."""
        if self._failure is not None:
            raise FailedSyncError(self._failure)

    def fail(self, path: Path, problem: str) -> FailedSyncError:
        """Remember that a sync of `path` failed, for as long as the process lives, and give the error to raise. The first failure is the one that is told."""
        if self._failure is None:
            self._failure = (
                f"Syncing {path} to the disk failed ({problem}). What this process wrote there last may not have reached the disk although the system takes it for written, "
                f"so this process writes nothing more to {self.folder}; reading goes on. Nothing acknowledged before is lost. Stop this process, see that the disk is "
                "well and has room, then run `assay fsck`."
            )
        return FailedSyncError(self._failure)

    def sync(self, descriptor: int, path: Path) -> None:
        """Make what was written to an open file, or the names in an open folder, durable; raises FailedSyncError."""
        try:
            os.fsync(descriptor)
        except OSError as error:
            raise self.fail(path, error.strerror or str(error)) from error

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable; raises FailedSyncError, or OSError when there is no such folder."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.sync(descriptor, folder)
        finally:
            os.close(descriptor)


_known: dict[Path, Disk] = {}
_lock = threading.Lock()


def disk_under(folder: Path) -> Disk:
    """Give the disk under a home's folder: one object in a process, however often the home is opened, since what failed is the process's own view."""
    with _lock:
        return _known.setdefault(folder.absolute(), Disk(folder.absolute()))
