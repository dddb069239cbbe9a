"""Where a home keeps its evidence: in its own folder, or in the bucket that EVIDENCE_URL named when it was made or restored.

The home remembers it in its file `evidence.url`, so that no later command looks, or writes, elsewhere. To move, restore a backup.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from assay.stores import (
    EvidenceUrl,
    FolderStore,
    S3Store,
    Store,
    StoreError,
    disk_under,
    new_s3_store,
    sync_folder,
)

URL_FILE = "evidence.url"
VARIABLE = "EVIDENCE_URL"


def new_store(path: Path, environment: Mapping[str, str], clock: Callable[[], datetime]) -> Store:
    """Give the store of a home that is being made in the folder `path`, and remember where it is; raises StoreError where it cannot be kept there."""
    text = environment.get(VARIABLE, "")
    if not text:
        (path / URL_FILE).unlink(missing_ok=True)  # an earlier try that was cut off may have left it
        return FolderStore(path / "evidence", disk_under(path))
    store = new_s3_store(EvidenceUrl.parse(text), clock)
    _remember(path, text)
    return store


def store_of(path: Path, clock: Callable[[], datetime]) -> Store:
    """Give the store of the home in the folder `path`."""
    text = _remembered(path)
    if text is None:
        return FolderStore(path / "evidence", disk_under(path))
    return S3Store(EvidenceUrl.parse(text), clock)


def disagreement(path: Path, environment: Mapping[str, str]) -> str | None:
    """Say that EVIDENCE_URL names another place than where this home keeps its evidence; None where it does not."""
    text, kept = environment.get(VARIABLE, ""), _remembered(path)
    if not text or text == kept:
        return None
    return (
        f"{VARIABLE} names {text}, but this home keeps its evidence in {kept or 'its own folder'}, and goes on to. "
        f"To move it, make a backup and restore it with {VARIABLE} set into a new folder."
    )


def _remember(path: Path, text: str) -> None:
    partial = path / f".{URL_FILE}.new"
    with partial.open("w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.rename(partial, path / URL_FILE)
    sync_folder(path)


def _remembered(path: Path) -> str | None:
    try:
        return (path / URL_FILE).read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"The file {path / URL_FILE}, which says where the evidence is, cannot be read ({error.strerror}). See that you may read it."
        ) from error
