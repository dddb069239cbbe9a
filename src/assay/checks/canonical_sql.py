"""Canonical JSON as the engine writes it: SQL that gives of a value the very text that Python gives of it (`observed`, `conclusion_set.written`).

Where there may be a million values, only text comes out of the engine. A type that has no rule here is written in Python. DuckDB escapes control
characters with upper-case digits; `lower_escapes` makes them what they must be, once for a whole text.
"""

from __future__ import annotations

import re

from assay.evidence.canonical import LARGEST_INTEGER

_ESCAPE = re.compile(r"\\(?:u[0-9A-F]{4}|.)")
_SMALL = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER")
_LARGE = ("BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT")


def json_of(value: str, kind: str) -> str | None:
    """Give SQL for the canonical JSON of an SQL expression of this type; None where only Python can write it."""
    if kind.removesuffix("[]") in ("VARCHAR", "BOOLEAN", '"NULL"', *_SMALL):
        written: str | None = f"to_json({value})"
    elif kind.endswith("[]"):
        written = _list(value, kind.removesuffix("[]"))
    elif kind in _LARGE:
        exact = f"{value} BETWEEN -{LARGEST_INTEGER} AND {LARGEST_INTEGER}"
        written = (
            f"CASE WHEN {exact} THEN CAST({value} AS VARCHAR) ELSE {_quoted(f'CAST({value} AS VARCHAR)')} END"
        )
    else:
        written = {
            "TIMESTAMP": _quoted(f"{instant_of(value)} || 'Z'"),
            "DATE": _quoted(f"CAST({value} AS VARCHAR)"),
        }.get(kind)
    return None if written is None else f"coalesce({written}, 'null')"


def instant_of(value: str) -> str:
    """Give SQL for a TIMESTAMP in UTC as RFC 3339 without the zone, with six digits of a fraction or none (formats.md, section 1). It sorts as text."""
    whole, exact = (f"strftime({value}, '%Y-%m-%dT%H:%M:%S{fraction}')" for fraction in ("", ".%f"))
    return f"CASE WHEN epoch_us({value}) % 1000000 = 0 THEN {whole} ELSE {exact} END"


def lower_escapes(text: str) -> str:
    r"""Give JSON that the engine wrote with its escapes as canonical JSON has them: `\u001B` is `\u001b`."""
    if r"\u00" not in text:
        return text
    return _ESCAPE.sub(lambda found: found[0].lower() if found[0][1] == "u" else found[0], text)


def _list(value: str, kind: str) -> str | None:
    member = f"_m{kind.count('[]')}"
    written = json_of(member, kind)
    if written is None:
        return None
    members = f"list_aggregate(list_transform({value}, lambda {member}: {written}), 'string_agg', ',')"
    return f"CASE WHEN {value} IS NOT NULL THEN '[' || coalesce({members}, '') || ']' END"


def _quoted(text: str) -> str:
    return f"""'"' || {text} || '"'"""
