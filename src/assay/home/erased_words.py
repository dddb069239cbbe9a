"""The words that name a person, where they stand in texts, and the texts without them. Words match whole, whatever their capitals."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assay.errors import AssayError
from assay.evidence.canonical import Json

SHORTEST = 3
LARGEST_MEMBER = 2**26
NO_NAMES: Mapping[str, str] = {}


class WordsError(AssayError):
    """A word is too short to be looked for."""


@dataclass(frozen=True)
class Words:
    """What a person is called, and the mark of their erasure: 8 random hexadecimal digits, which name nobody."""

    words: tuple[str, ...]
    mark: str

    @classmethod
    def of(cls, words: tuple[str, ...], mark: str) -> Words:
        """Take the words without repetition; raises WordsError where one has fewer than three characters."""
        cleaned = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
        for word in cleaned:
            if len(word) < SHORTEST:
                raise WordsError(
                    f"“{word}” is too short to be looked for: it would stand in too much. Give at least {SHORTEST} characters."
                )
        return cls(cleaned, mark)

    @property
    def instead(self) -> str:
        """What stands in the place of each word."""
        return instead_of(self.mark)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(map(re.escape, self.words), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)

    def names(self, text: str) -> bool:
        """Tell whether a text names the person."""
        return self._pattern.search(text) is not None

    def without(self, text: str) -> str:
        """Give a text without the person."""
        return self._pattern.sub(self.instead, text)

    def in_json(self, value: Json) -> bool:
        """Tell whether a text anywhere in a value, names of members included, names the person."""
        return any(map(self.names, texts(value)))

    def json_without(self, value: Json, renamed: Mapping[str, str] = NO_NAMES) -> Json:
        """Give a value without the person; a text that is one of `renamed` becomes the other name."""
        match value:
            case str():
                return renamed.get(value) or self.without(value)
            case list():
                return [self.json_without(one, renamed) for one in value]
            case dict():
                return {self.without(name): self.json_without(one, renamed) for name, one in value.items()}
        return value

    def in_bytes(self, content: bytes) -> bool:
        """Tell whether a file names the person in what can be read of it: text, and the text of a zip's members (XLSX and DOCX are such)."""
        return any(self.names(text) for text in _readable(content))


def instead_of(mark: str) -> str:
    """Give what stands in the place of the words of the erasure with this mark."""
    return f"[erased {mark}]"


def texts(value: Json) -> Iterator[str]:
    """Give every text in a value, names of members included."""
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from texts(one)
        case dict():
            for name, one in value.items():
                yield name
                yield from texts(one)


def _readable(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield content.decode("utf-16", "replace")
    if content[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist():
                    with archive.open(member) as file:
                        yield file.read(LARGEST_MEMBER).decode("utf-8", "replace")
        except Exception:  # a file that somebody sent, which need be no zip
            return
