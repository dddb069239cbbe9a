"""Lists that people send: kept in the home, byte for byte, where the next collection reads them. The one place that writes such files."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePath

from assay.home import Home
from assay.home.keys import write_private

FOLDER = "uploads"


def keep_upload(home: Home, source: str, file_name: str, content: bytes) -> Path:
    """Keep a file for a source and give its path: named by its digest, so that an earlier one stays what an earlier collection read."""
    folder = home.path / FOLDER / source
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffix = PurePath(file_name).suffix.lower()
    ending = suffix if suffix in {".csv", ".xlsx", ".json", ".tsv", ".txt"} else ".bin"
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}{ending}"
    if not path.exists():
        write_private(path, content)
    return path
