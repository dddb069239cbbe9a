"""Holds an answer against the response schemas that GitHub publishes (tests/recordings/github/openapi-cut.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

CUT = json.loads((Path(__file__).parents[1] / "recordings/github/openapi-cut.json").read_text())
OPERATIONS: dict[str, dict[str, Any]] = CUT["operations"]
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def operation_of(method: str, path: str) -> str:
    """Give the operation, as the description names it, that a path belongs to."""
    for operation in OPERATIONS:
        verb, _, template = operation.partition(" ")
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if verb == method and re.fullmatch(pattern, path):
            return operation
    raise LookupError(f"{method} {path} is no operation of the cut")


def problems(operation: str, status: int, value: Any) -> list[str]:
    """Give what an answer has wrong, each with its path; none when it is as published."""
    responses = OPERATIONS[operation]
    if str(status) not in responses:
        return [f"status {status} is not published for {operation}"]
    schema = responses[str(status)]
    return [] if schema is None else list(_problems(schema, value, "$"))


def _problems(schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _problems(CUT["schemas"][schema["$ref"].rsplit("/", 1)[1]], value, at)
        return
    if value is None and (schema.get("nullable") or not _restricts(schema)):
        return
    for part in schema.get("allOf", []):
        yield from _problems(part, value, at)
    for alternatives in (schema.get("anyOf"), schema.get("oneOf")):
        if alternatives:
            found = [list(_problems(part, value, at)) for part in alternatives]
            if all(found):
                yield from min(found, key=len)
    yield from _plain_problems(schema, value, at)


def _restricts(schema: dict[str, Any]) -> bool:
    return bool(schema.keys() & {"type", "anyOf", "oneOf", "allOf", "enum", "properties", "required"})


def _plain_problems(schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        yield f"{at} is no {kind}: {value!r}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is none of {schema['enum']}: {value!r}"
    if schema.get("format") == "date-time" and isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            yield f"{at} is no instant: {value!r}"
    if isinstance(value, list) and "items" in schema:
        for index, member in enumerate(value):
            yield from _problems(schema["items"], member, f"{at}[{index}]")
    if isinstance(value, dict):
        yield from (f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value)
        for name, below in schema.get("properties", {}).items():
            if name in value:
                yield from _problems(below, value[name], f"{at}.{name}")
