"""The content in force, as bytes by path: shipped files, a home's overlay, or the copy inside a pack, all read by the same loaders."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar, cast

from assay.evidence.canonical import NotCanonicalError, decode, encode

T = TypeVar("T")


@dataclass(frozen=True)
class Content:
    """An immutable tree of content files: `assets/ checklists/ frameworks/ controls/ mappings/ parameters/ tables/ checks/ families/ headings/ interview/ help/ reviews/ risks/ setup/`, path to bytes."""

    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def shipped(cls) -> Content:
        """Give the content that this installation of Assay brings; its files are read once in a process."""
        return _shipped()

    @classmethod
    def from_folder(cls, folder: Path) -> Content:
        """Give the files under `folder`; an absent folder is an empty tree."""
        return cls(dict(_walk(folder)) if folder.is_dir() else {})

    def overlaid(self, other: Content) -> Content:
        """Give this tree with the files of `other` added; `other` wins where both have a path."""
        if not other.files:
            return self
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

    @cached_property
    def fingerprint(self) -> bytes:
        """SHA-256 over every path and its bytes: what was read out of equal trees is equal."""
        made = hashlib.sha256()
        for path in sorted(self.files):
            made.update(f"{path} {self.digest(path)}\n".encode())
        return made.digest()

    @classmethod
    def from_archive(cls, archive: bytes) -> Content:
        """Give the tree that an archive holds; raises NotCanonicalError when it is none."""
        files = decode(archive)
        if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
            raise NotCanonicalError("The archive of the content is not an object of texts.")
        return cls({path: text.encode() for path, text in files.items()})


@cache
def _shipped() -> Content:
    return Content(dict(_walk(resources.files("assay") / "content")))


_READ: dict[tuple[str, bytes], object] = {}
_MOST_READ = 24


def read_once(what: str, content: Content, read: Callable[[], T]) -> T:
    """Give what `read` gives, once for each tree with these bytes: loading follows from the bytes alone, and parsing them takes a second or two."""
    name = (what, content.fingerprint)
    if name not in _READ:
        if len(_READ) >= _MOST_READ:
            _READ.pop(next(iter(_READ)))
        _READ[name] = read()
    return cast(T, _READ[name])


def _walk(folder: Traversable | Path, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")) or entry.name.endswith(".py"):
            continue
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()
