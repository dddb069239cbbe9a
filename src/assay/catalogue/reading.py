"""Reading of content files: strict YAML, and fields taken one by one, so that an error names the file, the field and the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from assay.content_tree import Content
from assay.errors import AssayError
from assay.strict_yaml import StrictYamlError, read_strict_yaml

E = TypeVar("E", bound=StrEnum)


class CatalogueError(AssayError):
    """A content file that the catalogue cannot take; the text names file, field and remedy."""


class Fields:
    """The fields of one mapping in one file. Take each with a typed method, then call `done`, which refuses what nobody took."""

    __slots__ = ("_left", "_where", "path")

    def __init__(self, path: str, value: object, where: str = "") -> None:
        self.path = path
        self._where = where
        if not isinstance(value, dict):
            raise self.error(where or "The file", "must hold fields, each a name and a value")
        for key in value:
            if not isinstance(key, str):
                raise self.error(
                    where or "The file", f"has the field name {key!r}, which must be text; put it in quotes"
                )
        self._left: dict[str, object] = dict(value)

    def error(self, field: str, problem: str) -> CatalogueError:
        """Give the error that says of which file and field what is wrong."""
        return CatalogueError(f"{self.path}: {field} {problem}.")

    def name(self, field: str) -> str:
        """Give the full name of a field, for messages."""
        return f"{self._where}.{field}" if self._where else field

    def names(self) -> list[str]:
        """Give the names of the fields not taken yet, in the order of the file."""
        return list(self._left)

    def __contains__(self, field: str) -> bool:
        return field in self._left

    def take(self, field: str) -> object:
        """Take a field that must be there, whatever its type."""
        if field not in self._left:
            raise self.error(self.name(field), "is missing; add it")
        return self._left.pop(field)

    def text(self, field: str) -> str:
        """Take a text that is not empty."""
        value = self.take(field)
        if not isinstance(value, str) or not value.strip():
            raise self.error(self.name(field), f"must be a text that is not empty, and is {value!r}")
        return value

    def optional_text(self, field: str) -> str | None:
        """Take a text, or None where the field is absent."""
        return self.text(field) if field in self._left else None

    def integer(self, field: str) -> int:
        """Take an integer."""
        value = self.take(field)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(self.name(field), f"must be a whole number, and is {value!r}")
        return value

    def decimal(self, field: str) -> Decimal:
        """Take a decimal, written as a number or as text."""
        value = self.take(field)
        try:
            if isinstance(value, (int, str)) and not isinstance(value, bool):
                found = Decimal(value)
                if found.is_finite():
                    return found
        except InvalidOperation:
            pass
        raise self.error(self.name(field), f"must be a number, and is {value!r}")

    def boolean(self, field: str) -> bool:
        """Take true or false."""
        value = self.take(field)
        if not isinstance(value, bool):
            raise self.error(self.name(field), f"must be true or false, and is {value!r}")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Take a list of texts in which none is empty or occurs twice; an absent field is an empty list."""
        value = self._left.pop(field, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.error(self.name(field), f"must be a list of texts, and is {value!r}")
        for one in value:
            if value.count(one) > 1:
                raise self.error(self.name(field), f"names {one} twice; keep it once")
        return tuple(value)

    def choice(self, field: str, among: type[E]) -> E:
        """Take one word of a closed vocabulary."""
        return self._member(field, self.text(field), among)

    def optional_choice(self, field: str, among: type[E]) -> E | None:
        """Take one word of a closed vocabulary, or None where the field is absent."""
        return self.choice(field, among) if field in self._left else None

    def choices(self, field: str, among: type[E]) -> tuple[E, ...]:
        """Take a list of words of a closed vocabulary."""
        return tuple(self._member(field, word, among) for word in self.texts(field))

    def _member(self, field: str, word: str, among: type[E]) -> E:
        try:
            return among(word)
        except ValueError:
            known = ", ".join(sorted(among))
            raise self.error(self.name(field), f"is {word!r}, which is none of: {known}") from None

    def fields(self, field: str) -> Fields:
        """Take a mapping as fields of its own."""
        return Fields(self.path, self.take(field), self.name(field))

    def each(self, field: str) -> Iterator[Fields]:
        """Take a list of mappings."""
        value = self.take(field)
        if not isinstance(value, list) or not value:
            raise self.error(self.name(field), "must be a list with at least one entry")
        for number, one in enumerate(value, 1):
            yield Fields(self.path, one, f"{self.name(field)}[{number}]")

    def done(self) -> None:
        """Refuse fields that nobody took: they are misspelt or mean nothing."""
        for field in self._left:
            raise self.error(self.name(field), "is no field of such a file; remove it or mend its name")


def read_yaml(path: str, data: bytes) -> object:
    """Read one YAML document as content may use it (`assay.strict_yaml`). Raises CatalogueError."""
    try:
        return read_strict_yaml(data, path)
    except StrictYamlError as error:
        raise CatalogueError(str(error)) from None


def read_fields(content: Content, path: str) -> Fields:
    """Give the fields of one content file. Raises CatalogueError where it is missing or no strict YAML mapping in UTF-8."""
    if path not in content.files:
        raise CatalogueError(f"{path}: The file is missing from the content. Put it there.")
    return Fields(path, read_yaml(path, content[path]))


def stem(path: str) -> str:
    """Give the id that a file has by its place: `controls/IAM-04.yaml` is IAM-04."""
    return path.rsplit("/", 1)[-1].removesuffix(".yaml")
