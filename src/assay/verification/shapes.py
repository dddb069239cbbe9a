"""What each body and conclusion set must look like (formats.md, sections 7 to 9). A pack is a stranger's: nothing in it is taken for granted.

A shape is a type, a set of allowed texts, a function that raises, a list of one shape, a mapping of names to shapes (further members are let
be), `Each` for any names, `IfThere` for a member that may be left out, or `OrNull`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from zoneinfo import ZoneInfo

from assay.errors import AssayError
from assay.evidence.canonical import Json, NotCanonicalError, parse_instant
from assay.evidence.gaps import Reason
from assay.evidence.ledger import Kind
from assay.evidence.manual import Means

FORMAT = 1


class ShapeError(AssayError):
    """A value is not what its place asks for. The text says where and what."""


@dataclass(frozen=True, slots=True)
class OrNull:
    """The shape, or null."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class IfThere:
    """The shape of a member that need not be there."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class Each:
    """An object of any names, each with a value of the shape."""

    shape: Shape


Shape: TypeAlias = "type | frozenset[str] | Callable[[Json], None] | list[Shape] | Mapping[str, Shape] | OrNull | IfThere | Each"


def check_shape(value: Json, shape: Shape, where: str = "it") -> None:  # noqa: C901 — one flat match over a closed set of shapes
    """Raise ShapeError that names the member of `value` which does not have its shape."""
    match shape:
        case IfThere():
            check_shape(value, shape.shape, where)
        case OrNull():
            if value is not None:
                check_shape(value, shape.shape, where)
        case Each():
            for name, member in _members(value, where).items():
                check_shape(member, shape.shape, f"{where}.{name}"[:200])
        case Mapping():
            members = _members(value, where)
            for name, inner in shape.items():
                if name not in members:
                    if isinstance(inner, IfThere):
                        continue
                    raise ShapeError(f"{where} lacks “{name}”")
                check_shape(members[name], inner, f"{where}.{name}")
        case [inner]:
            for number, member in enumerate(_listed(value, where)):
                check_shape(member, inner, f"{where}[{number}]")
        case frozenset():
            if not isinstance(value, str) or value not in shape:
                raise ShapeError(f"{where} is none of {', '.join(sorted(shape))}")
        case type():
            if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
                raise ShapeError(f"{where} is not {_NAMES[shape]}")
        case _:
            _ask(shape, value, where)


def check_body(kind: Kind, body: Json) -> None:
    """Raise ShapeError unless `body` is what an entry of this kind says."""
    check_shape(body, BODIES[kind])
    number = body.get("format")
    if isinstance(number, int) and number > FORMAT:
        raise ShapeError(
            f"it has format {number}; this version of Assay reads up to {FORMAT}. Use a newer one"
        )


def digest(value: Json) -> None:
    """Refuse what is not SHA-256 in lower-case hexadecimal."""
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ShapeError("a SHA-256 digest")


def instant(value: Json) -> None:
    """Refuse what is not an instant."""
    if not isinstance(value, str):
        raise ShapeError("an instant")
    try:
        parse_instant(value)
    except NotCanonicalError as error:
        raise ShapeError("an instant") from error


def count(value: Json) -> None:
    """Refuse what is not a number of things."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ShapeError("a count")


def zone(value: Json) -> None:
    """Refuse what is not the name of a time zone."""
    try:
        ZoneInfo(value)
    except Exception as error:  # it looks into files by that name, so it may raise nearly anything
        raise ShapeError("a time zone") from error


def anything(value: Json) -> None:
    """Let every value be."""


def _ask(ask: object, value: Json, where: str) -> None:
    assert callable(ask)  # noqa: S101 — the shapes are all in this module
    try:
        ask(value)
    except ShapeError as error:
        raise ShapeError(f"{where} is not {error}") from error


def _members(value: Json, where: str) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise ShapeError(f"{where} is not an object")
    return value


def _listed(value: Json, where: str) -> list[Json]:
    if not isinstance(value, list):
        raise ShapeError(f"{where} is not a list")
    return value


_NAMES: Mapping[type, str] = {
    str: "a text",
    int: "an integer",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
_TEXT_OR_NULL = OrNull(str)
_GAP: Shape = {
    "account": _TEXT_OR_NULL,
    "at": OrNull(instant),
    "call": _TEXT_OR_NULL,
    "columns": OrNull([str]),
    "detail": _TEXT_OR_NULL,
    "key": _TEXT_OR_NULL,
    "parent": _TEXT_OR_NULL,
    "reason": frozenset(Reason),
    "region": _TEXT_OR_NULL,
    "table": str,
}
_POPULATION: Shape = {
    "account": str,
    "added": count,
    "changed": count,
    "made": dict,
    "records": OrNull(digest),
    "region": str,
    "removed": count,
    "root": digest,
    "size": count,
    "table": str,
}
_COUNTS: Shape = dict.fromkeys(("CONFORMS", "DEVIATES", "NOT_APPLICABLE", "UNKNOWN"), count)
_HEAD: Shape = {"root": digest, "size": count}
BODIES: Mapping[Kind, Shape] = {
    Kind.HOME: {"created": instant, "format": int, "home": str, "name": str, "public_key": digest},
    Kind.EPOCH: {"known_head": _HEAD, "lost": [dict], "reason": str, "restored_head": _HEAD},
    Kind.KEY: {"by": str, "format": int, "handover": str, "why": str},
    Kind.ACT: {"act": str, "by": str, "details": dict},
    Kind.EVIDENCE: {
        "answer": IfThere({"answer": str, "means": frozenset(Means), "question": str}),
        "attachment": OrNull(digest),
        "by": str,
        "bytes": OrNull(count),
        "captured_by": str,
        "control": str,
        "covers": OrNull({"end": str, "start": str}),
        "file_name": _TEXT_OR_NULL,
        "how": dict,
        "note": _TEXT_OR_NULL,
        "observed": instant,
        "recurs": OrNull(dict),
        "shows": str,
    },
    Kind.COLLECTION: {
        "asked_by": str,
        "calls": {"count": count, "failed": count, "object": digest, "root": digest},
        "collector": {"specs": Each(str), "version": str},
        "complete": bool,
        "ended": instant,
        "format": int,
        "gaps": [_GAP],
        "populations": [_POPULATION],
        "principal": _TEXT_OR_NULL,
        "settings": anything,
        "skew_ms": anything,
        "source": {"id": str, "kind": str},
        "started": instant,
    },
    Kind.CONCLUSIONS: {
        "as_of": instant,
        "collections": Each(count),
        "content": digest,
        "evaluator": str,
        "format": int,
        "kinds": Each(str),
        "parameters": dict,
        "period": {"end": instant, "start": instant},
        "scope": OrNull(count),
        "sets": [{"check": str, "counts": _COUNTS, "digest": str, "object": digest}],
        "zone": zone,
    },
    Kind.EPISODES: {
        "collections": Each(count),
        "content": digest,
        "evaluator": str,
        "format": int,
        "kinds": Each(str),
        "parameters": [{"from": instant, "values": dict}],
        "period": {"end": instant, "start": instant},
        "scope": OrNull(count),
        "sets": [{"check": str, "counts": _COUNTS, "digest": str, "object": digest}],
        "zone": zone,
    },
    Kind.ERASURE: {
        "basis": str,
        "bodies": IfThere(Each(OrNull(digest))),
        "by": str,
        "commitments": [digest],
        "entries": [count],
        "mark": IfThere(str),
        "objects": Each(OrNull(digest)),
        "rows": IfThere([{"columns": [str], "key": anything, "table": str}]),
    },
    Kind.CLOCK: {"now": instant, "previous": instant},
}
CONCLUSION_SET: Shape = {
    "check": str,
    "codes": str,
    "flips": [list],
    "notes": [
        {
            "changes_at": _TEXT_OR_NULL,
            "conclusion": frozenset({"DEVIATES", "NOT_APPLICABLE", "UNKNOWN"}),
            "reason": str,
            "saw": dict,
            "table": str,
        }
    ],
}
EPISODE_SET: Shape = {
    "check": str,
    "episodes": [
        {
            "account": _TEXT_OR_NULL,
            "conclusion": frozenset({"DEVIATES", "NOT_APPLICABLE", "UNKNOWN"}),
            "from": instant,
            "item": _TEXT_OR_NULL,
            "reason": str,
            "region": _TEXT_OR_NULL,
            "saw": dict,
            "table": str,
            "until": instant,
        }
    ],
    "format": int,
    "items": count,
    "judged": count,
    "unseen": count,
}
