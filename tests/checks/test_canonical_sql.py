"""What the engine writes of a value is what Python writes of it, byte for byte."""

from __future__ import annotations

import duckdb
import pytest

from assay.checks.canonical_sql import json_of, lower_escapes
from assay.checks.conclusion_set import written
from assay.checks.observed import observed_columns

TEXTS = [
    *map(chr, range(0x180)),
    *(
        "",
        "plain",
        'say "no"',
        "back\\slash",
        "\\u000B",
        "\x0b\\u000B\\\\\x1f",
        "tab\tline\nfeed\f\b\r",
        "\x7f",
    ),
    *(
        "日本",
        "e\u0301\x0b",
        "\U0001f468\u200d\U0001f469\x1f",
        "\u2028\u2029",
        "\ufeff",
        "\ud7ff\ue000\uffff",
        "\U0010ffff",
    ),
]
ENGINE = duckdb.connect()
VALUES = {
    "BOOLEAN": ["true", "false"],
    "INTEGER": ["-5", "0", "2147483647"],
    "BIGINT": ["0", "9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992"],
    "HUGEINT": ["7", "170141183460469231731687303715884105727"],
    "UBIGINT": ["18446744073709551615"],
    "BIGINT[]": ["[1, NULL, 9007199254740992]", "[]"],
    "VARCHAR[]": ["[]", "['']", "[NULL, 'a', NULL]", "[NULL]"],
    "VARCHAR[][]": ["[['a', NULL], [], NULL]"],
    "TIMESTAMP": [
        "'2026-01-02'",
        "'2026-01-02 03:04:05'",
        "'2026-01-02 03:04:05.5'",
        "'2026-01-02 03:04:05.000001'",
        "'1969-12-31 23:59:59.5'",
        "'0999-01-01'",
        "'9999-12-31 23:59:59.999999'",
    ],
    "TIMESTAMP[]": ["[TIMESTAMP '2026-01-02', NULL]"],
    "DATE": ["'2026-01-02'", "'0999-01-01'"],
    "DATE[]": ["[DATE '2026-01-02']"],
}


def both(kind: str, value: str, given: str | None = None) -> tuple[str, str]:
    """The value as the engine writes it, and as Python does."""
    sql = json_of("v", kind)
    found = ENGINE.execute(
        f"SELECT v, {sql} FROM (SELECT CAST({value} AS {kind}) AS v)",
        None if given is None else [given],
    )
    assert str((found.description or [])[0][1]) == kind
    raw, text = found.fetchall()[0]
    return lower_escapes(text), written(observed_columns([kind], [[raw]])[0][0])


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind in VALUES for value in ("NULL", *VALUES[kind])]
)
def test_a_value_of_each_type(kind: str, value: str) -> None:
    by_engine, by_python = both(kind, value)
    assert by_engine == by_python


def test_every_text() -> None:
    for text in TEXTS:
        by_engine, by_python = both("VARCHAR", "?", text)
        assert by_engine == by_python, text


def test_texts_in_a_list() -> None:
    listed = ", ".join("'" + text.replace("'", "''") + "'" for text in TEXTS if "\0" not in text)
    by_engine, by_python = both("VARCHAR[]", f"[{listed}]")
    assert by_engine == by_python


@pytest.mark.parametrize(
    "kind", ["DOUBLE", "DECIMAL(38,9)", "DECIMAL(38,9)[]", "TIMESTAMP WITH TIME ZONE", "INTERVAL"]
)
def test_what_the_engine_writes_otherwise_has_no_rule(kind: str) -> None:
    assert json_of("v", kind) is None
