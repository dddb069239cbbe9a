"""The content in force, as bytes by path: shipped files, a home's overlay, or the copy inside a pack, all read by the same loaders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from assay.evidence.canonical import decode, encode


@dataclass(frozen=True)
class Content:
    """An immutable tree of content files: `frameworks/ controls/ mappings/ parameters/ tables/ checks/ families/`, path to bytes."""

    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def shipped(cls) -> Content:
        """Give the content that this installation of Assay brings."""
        return cls(dict(_walk(resources.files("assay") / "content")))

    @classmethod
    def from_folder(cls, folder: Path) -> Content:
        """Give the files under `folder`; an absent folder is an empty tree."""
        return cls(dict(_walk(folder)) if folder.is_dir() else {})

    def overlaid(self, other: Content) -> Content:
        """Give this tree with the files of `other` added; `other` wins where both have a path."""
        return Content({**self.files, **other.files})

    def __getitem__(self, path: str) -> bytes:
        return self.files[path]

    def paths(self, prefix: str, suffix: str) -> list[str]:
        """Give the sorted paths below `prefix` that end in `suffix`."""
        return sorted(path for path in self.files if path.startswith(prefix) and path.endswith(suffix))

    def digest(self, path: str) -> str:
        """Give SHA-256 of one file, in hex."""
        return hashlib.sha256(self.files[path]).hexdigest()

    @cached_property
    def archive(self) -> bytes:
        """All files in one canonical JSON object, path to text: kept as an object, it lets conclusions be performed again after an upgrade."""
        return encode({path: content.decode() for path, content in self.files.items()})

    @cached_property
    def archive_digest(self) -> str:
        """SHA-256 of the archive: one digest that names all content in force (formats.md, section 9)."""
        return hashlib.sha256(self.archive).hexdigest()

    @classmethod
    def from_archive(cls, archive: bytes) -> Content:
        """Give the tree that an archive holds; raises NotCanonicalError when it is none."""
        return cls({path: text.encode() for path, text in decode(archive).items()})


def _walk(folder: Traversable | Path, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")) or entry.name.endswith(".py"):
            continue
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()
