"""One process at a time: locks on files in the home, which a process that dies lets go of by dying."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import AssayError

PUBLISH_LOCK = "publish.lock"
"""Held by the one process that publishes a checkpoint."""
KEYS_LOCK = "keys.lock"
"""Held while keys are rotated or copied; always taken before the publisher's."""


class LockedError(AssayError):
    """Another process holds the lock."""


class LockFileError(AssayError):
    """The file of a lock cannot be made."""


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock that is the file `path`; where another process holds it, wait for it or raise LockedError."""
    try:
        file = path.open("w")
    except OSError as error:
        raise LockFileError(
            f"{path} cannot be made ({error.strerror}). Nothing was changed; free space or mend the disk, then run the command again."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"Another process holds {path}. Wait for it to end.") from error
        yield
