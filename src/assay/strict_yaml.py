"""YAML as content files may use it: UTF-8, one document, no key twice, no alias, and only text, integers, true, false and null.

YAML 1.1 would read yes, 1.10, 12:30 and 2024-01-01 as something else than they look; here what is not plainly a number is text.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from assay.errors import AssayError


class StrictYamlError(AssayError):
    """A file that is not YAML as it may be here. `path` names it, `problem` says what is wrong, `line` where it is known."""

    def __init__(self, path: str, problem: str, line: int | None = None) -> None:
        super().__init__(f"{path}{f', line {line}' if line else ''}: {problem}. Mend it there.")
        self.path, self.problem, self.line = path, problem, line


class _Loader(yaml.CSafeLoader):
    pass


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in found:
            problem = f"the key {key!r} is there twice" if isinstance(key, Hashable) else "a key is no plain value"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
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
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=_Loader)):
            raise StrictYamlError(path, "it uses an alias (*name); write the value out where it is needed")
        return yaml.load(data, Loader=_Loader)  # noqa: S506 — derived from the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise StrictYamlError(path, getattr(error, "problem", None) or str(error), mark.line + 1 if mark else None) from None
    except (UnicodeDecodeError, RecursionError, TypeError) as error:
        raise StrictYamlError(path, f"it is no text that can be read ({type(error).__name__})") from None
