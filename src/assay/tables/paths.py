"""Paths: what is kept of an answer, what fills a column, and texts with fields in braces.

Three small languages. *Keep paths* are an allow-list (`Rules[].Status`; an ancestor keeps its whole subtree). *Extracting paths* are
JMESPath (jmespath.org); plain dotted ones take a fast way. *Templates* are texts such as `arn:aws:s3:::{Name}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jmespath
import jmespath.exceptions

from assay.evidence.canonical import Json

Extract = Callable[[Json], Json]

_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*(\[\d+\])?(\.[A-Za-z_][A-Za-z0-9_-]*(\[\d+\])?)*$")
_STEP = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*|\[\d+\]")
_KEEP = re.compile(r"^[A-Za-z_][A-Za-z0-9_:@/-]*(\[\])?(\.[A-Za-z_*][A-Za-z0-9_:@/-]*(\[\])?)*$")
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")


class PathError(ValueError):
    """A path that cannot be read. The text says why."""


class MissingFieldError(LookupError):
    """A template names a field that the record does not have, or that holds no text or integer."""


@cache
def compile_path(path: str) -> Extract:
    """Give the function that finds `path` in a value, None where it finds nothing; raises PathError for bad JMESPath.

    The function raises ValueError where a JMESPath function meets a value of another type than it takes.
    """
    if path == "@":
        return _itself
    if _PLAIN.match(path):
        return _walker(path)
    try:
        compiled = jmespath.compile(path)
    except jmespath.exceptions.JMESPathError as error:
        raise PathError(f"“{path}” is not a JMESPath: {str(error).splitlines()[0]}") from error

    def search(value: Json) -> Json:
        try:
            return compiled.search(value)
        except jmespath.exceptions.JMESPathTypeError as error:
            if error.actual_type == "null":
                return None
            raise ValueError("a value has another type than the path expects") from None

    return search


def _itself(value: Json) -> Json:
    return value


def _walker(path: str) -> Extract:
    steps = tuple(int(step[1:-1]) if step[0] == "[" else step for step in _STEP.findall(path))
    if len(steps) == 1 and isinstance(steps[0], str):
        only = steps[0]
        return lambda value: value.get(only) if isinstance(value, Mapping) else None

    def walk(value: Json) -> Json:
        for step in steps:
            if isinstance(step, str):
                value = value.get(step) if isinstance(value, Mapping) else None
            else:
                value = value[step] if isinstance(value, list) and step < len(value) else None
            if value is None:
                return None
        return value

    return walk


@dataclass(frozen=True, slots=True)
class Keep:
    """An allow-list of paths. `project` gives a copy of a value that holds only what they name."""

    paths: tuple[str, ...]
    _tree: dict[str, Any] = field(compare=False, repr=False)

    @classmethod
    def of(cls, paths: Iterable[str]) -> Keep:
        """Read keep paths; raises PathError. `@` keeps everything."""
        listed = tuple(paths)
        tree: dict[str, Any] = {}
        for path in listed:
            if path == "@":
                return cls(listed, {"@": None})
            _grow(tree, path)
        return cls(listed, tree)

    def project(self, value: Json) -> Json:
        """Give what is kept of a value: members that are not there stay away, null stays null, an empty list stays empty."""
        return value if "@" in self._tree else _project(value, self._tree)

    def covers(self, path: str) -> bool:
        """Say whether a plain dotted path lies within what is kept, or on the way to it."""
        return "@" in self._tree or _covers(
            self._tree, [step for step in _STEP.findall(path) if step[0] != "["]
        )


def _grow(tree: dict[str, Any], path: str) -> None:
    if not _KEEP.match(path):
        raise PathError(f"“{path}” is not a path to keep; write names joined by dots, with [] after a list")
    node: dict[str, Any] = tree
    steps = path.replace("[]", "").split(".")
    for step in steps[:-1]:
        following = node.setdefault(step, {})
        if following is None:
            return
        node = following
    node[steps[-1]] = None


def _project(value: Json, tree: dict[str, Any]) -> Json:
    if isinstance(value, list):
        return [_project(member, tree) for member in value]
    if not isinstance(value, Mapping):
        return value
    if "*" in tree:
        below = tree["*"]
        return {name: member if below is None else _project(member, below) for name, member in value.items()}
    return {
        name: value[name] if below is None else _project(value[name], below)
        for name, below in tree.items()
        if name in value
    }


def _covers(tree: dict[str, Any] | None, steps: list[str]) -> bool:
    if tree is None or not steps:
        return True
    following = tree.get(steps[0], tree.get("*", False))
    return following is not False and _covers(following, steps[1:])


@dataclass(frozen=True, slots=True)
class Template:
    """A text with fields in braces, each a dotted path: `arn:aws:s3:::{Name}`."""

    text: str
    fields: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """Read a template; raises PathError for braces that hold no field."""
        rest = _FIELD.sub("", text)
        if "{" in rest or "}" in rest:
            raise PathError(
                f"“{text}” has a brace that encloses no field; write {{Field}} or {{Field.Member}}"
            )
        return cls(text, tuple(_FIELD.findall(text)))

    def fill(self, values: Mapping[str, Json]) -> str:
        """Give the text with its fields filled from `values`; raises MissingFieldError."""
        return _FIELD.sub(lambda found: _field_text(found[1], values), self.text)


def fill(value: Json, values: Mapping[str, Json]) -> Json:
    """Fill the templates in the texts of a JSON value; raises MissingFieldError, ValueError for a broken template."""
    if isinstance(value, str):
        return Template.of(value).fill(values) if "{" in value else value
    if isinstance(value, list | tuple):
        return [fill(member, values) for member in value]
    if isinstance(value, Mapping):
        return {name: fill(member, values) for name, member in value.items()}
    return value


def _field_text(path: str, values: Mapping[str, Json]) -> str:
    found = values[path] if path in values else compile_path(path)(values)
    if isinstance(found, str):
        return found
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    raise MissingFieldError(path)
