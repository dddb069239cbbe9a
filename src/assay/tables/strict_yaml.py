"""YAML as table specs are written: safe types only, no key twice, no aliases, every error with its file and line."""

from __future__ import annotations

from typing import Any

import yaml

from assay.tables.errors import TableSpecError


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader, which by itself keeps the last of two equal keys."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    members: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in members:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key “{key}” occurs twice", key_node.start_mark
            )
        members[key] = loader.construct_object(value_node, deep=True)
    return members


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(data: bytes, path: str) -> Any:
    """Read one YAML document; `path` names it in errors. Raises TableSpecError for bad YAML, a key that occurs twice, or an alias."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=_Loader)):
            raise TableSpecError(f"{path} uses a YAML alias (*name). Write the value out where it is needed.")
        return yaml.load(data, Loader=_Loader)  # noqa: S506 — derived from the safe loader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, TypeError) as error:
        raise TableSpecError(
            f"{path} is not a YAML file that Assay can read: {_where(error)}. Mend it there."
        ) from error


def _where(error: BaseException) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
