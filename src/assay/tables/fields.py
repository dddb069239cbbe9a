"""Reading one object of a table spec field by field: every field is asked for once, and what nobody asked for is refused."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from assay.evidence.canonical import Json
from assay.tables.errors import TableSpecError
from assay.tables.paths import Extract, Keep, PathError, Template, compile_path

_Enum = TypeVar("_Enum", bound=StrEnum)
_Read = TypeVar("_Read")


class Fields:
    """The members of one object, with the file and field that it stands under for the errors."""

    def __init__(self, file: str, under: str, value: Any) -> None:
        self.file, self.under = file, under
        if not isinstance(value, Mapping):
            raise self.error("", f"must be an object of fields, not {_kind(value)}")
        self._left: dict[Any, Any] = dict(value)
        self._asked: list[str] = []

    def error(self, name: str, what: str) -> TableSpecError:
        """Give the error over one field."""
        where = ".".join(step for step in (self.under, name) if step)
        return TableSpecError(f"{self.file}: {f'`{where}` ' if where else 'the file '}{what}.")

    def take(self, name: str, default: Any = None) -> Any:
        self._asked.append(name)
        return self._left.pop(name, default)

    def has(self, name: str) -> bool:
        return name in self._left

    def peek(self, name: str) -> Any:
        return self._left.get(name)

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not value.strip():
            raise self.error(name, f"must be a text, not {_kind(value)}")
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else self.take(name)

    def flag(self, name: str) -> bool:
        value = self.take(name, False)
        if not isinstance(value, bool):
            raise self.error(name, "must be true or false")
        return value

    def texts(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self.take(name, [])
        if not isinstance(value, list) or not all(isinstance(member, str) and member for member in value):
            raise self.error(name, "must be a list of texts; write it as [one, two]")
        if needed and not value:
            raise self.error(name, "is missing; write a list of texts")
        if len(set(value)) != len(value):
            raise self.error(name, "names the same thing twice; leave one away")
        return tuple(value)

    def choice(self, name: str, kind: type[_Enum]) -> _Enum:
        value = self.take(name)
        try:
            return kind(value)
        except ValueError:
            raise self.error(name, f"is {_kind(value)}; write one of {', '.join(kind)}") from None

    def below(self, name: str) -> Fields:
        """Give the object under `name`."""
        return Fields(self.file, ".".join(step for step in (self.under, name) if step), self.take(name))

    def each_below(self, name: str) -> list[Fields]:
        """Give the objects of the list under `name`."""
        value = self.take(name, [])
        if not isinstance(value, list):
            raise self.error(name, "must be a list of objects")
        return [Fields(self.file, f"{name}[{index}]", member) for index, member in enumerate(value)]

    def members(self, name: str) -> Mapping[str, Any]:
        """Give a free object: names that the file chooses."""
        value = self.take(name, {})
        if not isinstance(value, Mapping) or not all(isinstance(member, str) for member in value):
            raise self.error(name, "must be an object whose names are texts")
        return value

    def path(self, name: str) -> tuple[str, Extract]:
        text = self.text(name)
        return text, self._read(name, compile_path, text)

    def paths(self, name: str) -> tuple[Extract, ...]:
        texts = self.texts(name, needed=True)
        return tuple(self._read(name, compile_path, text) for text in texts)

    def keep(self, name: str) -> Keep:
        return self._read(name, Keep.of, self.texts(name, needed=True))

    def template(self, name: str) -> Template:
        return self._read(name, Template.of, self.text(name))

    def ask(self, name: str) -> Mapping[str, Json]:
        """Give arguments, their templates checked."""
        value = self.members(name)
        self._read(name, _check_templates, value)
        return value

    def _read(self, name: str, read: Callable[[Any], _Read], value: Any) -> _Read:
        try:
            return read(value)
        except PathError as error:
            raise self.error(name, f"cannot be used: {error}") from error

    def done(self) -> None:
        """Refuse what was not asked for."""
        for name in self._left:
            near = difflib.get_close_matches(str(name), self._asked, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(sorted(self._asked))}"
            raise self.error(str(name), f"is no field of a table spec; {hint}")


def _check_templates(value: Any) -> None:
    if isinstance(value, str) and ("{" in value or "}" in value):
        Template.of(value)
    elif isinstance(value, Mapping):
        for member in value.values():
            _check_templates(member)
    elif isinstance(value, list):
        for member in value:
            _check_templates(member)


def _kind(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, str | int | float | bool):
        return f"“{value}”"
    return "a list" if isinstance(value, list) else "an object"
