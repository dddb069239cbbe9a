"""YAML as check headers use it: a key that occurs twice is refused, and a text that YAML would turn into something else is told so."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_LOADER):  # type: ignore[misc] # PyYAML's C loader has no types
    """The safe loader, with keys that occur once."""


def _unique_mapping(loader: Any, node: Any) -> dict[Any, Any]:
    members: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in members:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key “{key}” occurs twice", key_node.start_mark
            )
        members[key] = loader.construct_object(value_node, deep=True)
    return members


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_yaml(text: str) -> Any:
    """Read one YAML document; raises ValueError with a line number for what is not YAML or says a key twice."""
    try:
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ValueError(
            f"line {mark.line + 1 if mark else '?'}: {error.problem or error.context}"
        ) from error
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
