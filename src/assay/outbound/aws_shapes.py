"""Whether a parsed answer has the types that the service documents; what has not is marked, and nothing else of the answer is lost.

botocore's readers of JSON pass a text through where a number is due. A mark is no value of JSON, so whoever keeps it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from assay.outbound.aws_wire import AnswerUnreadableError


class _Unreadable:
    """Stands where a value of another type than documented was."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = _Unreadable()

_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (datetime,),
    "blob": (bytes, str),
}


def marked(value: Any, shape: Any) -> Any:
    """Give `value` with UNREADABLE in place of what does not fit botocore's `shape`; null fits everything, unknown members stay."""
    if value is None or shape is None:
        return value
    match shape.type_name:
        case "structure" if getattr(shape, "is_document_type", False):
            return value
        case "structure":
            return _structure(value, shape) if isinstance(value, dict) else UNREADABLE
        case "list":
            return (
                [marked(member, shape.member) for member in value] if isinstance(value, list) else UNREADABLE
            )
        case "map":
            return (
                {name: marked(member, shape.value) for name, member in value.items()}
                if isinstance(value, dict)
                else UNREADABLE
            )
        case kind:
            return value if _fits(value, kind) else UNREADABLE


def is_xml(service_model: Any) -> bool:
    """Say whether a service answers in XML, whose readers hold to the documented types but for booleans."""
    return service_model.protocol in ("query", "ec2", "rest-xml")


_PATTERNS: dict[tuple[str, str], re.Pattern[bytes] | None] = {}


def refuse_strange_booleans(operation_model: Any, response_dict: Mapping[str, Any], **_: object) -> None:
    """A handler of botocore's `before-parse`: refuse XML with a boolean that is neither true nor false, which botocore reads as false.

    Raises AnswerUnreadableError.
    """
    service = operation_model.service_model
    body = response_dict["body"]
    if response_dict["status_code"] >= 300 or not is_xml(service) or not isinstance(body, bytes):
        return
    name = (service.service_name, operation_model.name)
    if name not in _PATTERNS:
        _PATTERNS[name] = _strange_boolean(operation_model.output_shape)
    pattern = _PATTERNS[name]
    if pattern is not None and pattern.search(body):
        raise AnswerUnreadableError()


def _strange_boolean(shape: Any) -> re.Pattern[bytes] | None:
    """Finds an element that is a boolean wherever the answer has one of its name, and says something else."""
    kinds: dict[str, set[str]] = {}
    for element, kind in _elements(shape, frozenset()):
        kinds.setdefault(element, set()).add(kind)
    names = sorted(re.escape(element) for element, found in kinds.items() if found == {"boolean"})
    return re.compile(rf"<(?:{'|'.join(names)})>(?!\s*(?:true|false)\s*<)".encode()) if names else None


def _elements(shape: Any, above: frozenset[str]) -> Iterator[tuple[str, str]]:
    if shape is None or shape.name in above:
        return
    above = above | {shape.name}
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield member.serialization.get("name", name), member.type_name
            yield from _elements(member, above)
    elif shape.type_name == "list":
        yield shape.member.serialization.get("name", "member"), shape.member.type_name
        yield from _elements(shape.member, above)
    elif shape.type_name == "map":
        yield from _elements(shape.value, above)


def _structure(value: dict[str, Any], shape: Any) -> dict[str, Any]:
    return {name: marked(member, shape.members.get(name)) for name, member in value.items()}


def _fits(value: Any, kind: str) -> bool:
    types = _SCALARS.get(kind)
    return types is None or (isinstance(value, types) and (kind == "boolean" or not isinstance(value, bool)))
