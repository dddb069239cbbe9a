"""YAML as content files may use it: UTF-8, one document, no key twice, no alias, and only text, integers, true, false and null.

YAML 1.1 would read yes, 1.10, 12:30 and 2024-01-01 as something else than they look; here what is not plainly a number is text.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from assay.errors import AssayError

DEEPEST = 64


class StrictYamlError(AssayError):
    """A file that is not YAML as it may be here; the text names the file, the line where it is known, and what to mend."""


class _Loader(yaml.CSafeLoader):
    pass


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in found:
            problem = (
                f"gives the key {key!r} a second time"
                if isinstance(key, Hashable)
                else "has a key that is not a plain value"
            )
            line = f"line {key_node.start_mark.line + 1}"
            raise yaml.constructor.ConstructorError(None, None, f"{line} {problem}")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.yaml_implicit_resolvers = {}
for _tag, _expression, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:null|)$", ["n", ""]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_expression), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_strict_yaml(data: bytes, path: str) -> Any:
    """Read one YAML document; `path` names it in errors. Raises StrictYamlError."""
    try:
        text = data.decode()
        if "&" in text or " " * DEEPEST in text or sum(text.count(mark) for mark in "[{-?") > DEEPEST:
            _refuse_shape(text, path)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 — derived from the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" on line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise StrictYamlError(
            f"{path}: The file is no YAML that Assay reads{line}: {problem}. Mend it there."
        ) from None
    except UnicodeDecodeError as error:
        raise StrictYamlError(
            f"{path}: The file is not UTF-8 at byte {error.start}. Save it as UTF-8."
        ) from None


def _refuse_shape(text: str, path: str) -> None:
    """Refuse aliases and deep nesting. libyaml's composer recurses in C: some thousand brackets would end the process; its event parser does not."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise StrictYamlError(
                f"{path}: The file uses an alias, *{event.anchor}. Write the value out where it is needed."
            )
        if depth > DEEPEST:
            raise StrictYamlError(f"{path}: The file nests deeper than {DEEPEST} levels. Flatten it.")
