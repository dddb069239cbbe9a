"""The part of JSON Schema draft 7 that NIST's OSCAL schemas use; a keyword that is not known here fails, so that nothing is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

SAID_ONLY = {"$schema", "$id", "$comment", "title", "description", "definitions", "contentEncoding", "format"}
"""Keywords that restrict nothing, or whose pattern beside them restricts as much."""
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class Schema:
    """A schema with its references, by JSON pointer and by `$id`."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._by_id = {one["$id"]: one for one in schema["definitions"].values() if "$id" in one}

    def problems(self, value: Any) -> list[str]:
        """Give what the value has wrong, each with its path; none when it is valid."""
        return list(self._problems(self._schema, value, "$"))

    def _referred(self, reference: str) -> dict[str, Any]:
        found: dict[str, Any] = (
            self._schema["definitions"][reference.removeprefix("#/definitions/")]
            if reference.startswith("#/definitions/")
            else self._by_id[reference]
        )
        return found

    def _problems(self, schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
        for keyword, rule in schema.items():
            if keyword in SAID_ONLY:
                continue
            match keyword:
                case "$ref":
                    if rule != "#json-schema-directive":
                        yield from self._problems(self._referred(rule), value, at)
                case "allOf":
                    for part in rule:
                        yield from self._problems(part, value, at)
                case "anyOf":
                    found = [list(self._problems(part, value, at)) for part in rule]
                    if all(found):
                        yield from min(found, key=len)
                case _:
                    yield from self._plain(keyword, rule, schema, value, at)

    def _plain(self, keyword: str, rule: Any, schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
        match keyword:
            case "type":
                if not isinstance(value, _TYPES[rule]) or (rule != "boolean" and isinstance(value, bool)):
                    yield f"{at} is no {rule}"
            case "enum":
                if value not in rule:
                    yield f"{at} is none of {rule}"
            case "pattern":
                if isinstance(value, str) and not re.search(_python(rule), value):
                    yield f"{at} does not match {rule}: {value!r}"
            case "minimum":
                if isinstance(value, int | float) and value < rule:
                    yield f"{at} is less than {rule}"
            case "minItems":
                if isinstance(value, list) and len(value) < rule:
                    yield f"{at} has fewer than {rule} members"
            case _:
                yield from self._within(keyword, rule, schema, value, at)

    def _within(self, keyword: str, rule: Any, schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
        match keyword:
            case "items":
                for index, member in enumerate(value if isinstance(value, list) else []):
                    yield from self._problems(rule, member, f"{at}[{index}]")
            case "required":
                yield from (
                    f"{at} lacks {name}" for name in rule if isinstance(value, dict) and name not in value
                )
            case "properties":
                for name, below in rule.items():
                    if isinstance(value, dict) and name in value:
                        yield from self._problems(below, value[name], f"{at}.{name}")
            case "additionalProperties":
                known = schema.get("properties", {})
                if rule is False and isinstance(value, dict):
                    yield from (f"{at} may not have {name}" for name in value if name not in known)
            case _:
                raise NotImplementedError(f"{keyword} at {at}")


def _python(pattern: str) -> str:
    """Give an ECMA 262 pattern for `re`: letters and digits by property, `$` at the very end only."""
    return pattern.replace(r"\p{L}", r"[^\W\d_]").replace(r"\p{N}", r"\d").replace("$", r"\Z")
