"""Canonical JSON: RFC 8785 over the values of formats.md section 1, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evidence.canonical import (
    LARGEST_INTEGER,
    NotCanonicalError,
    decode,
    encode,
    instant_text,
    parse,
    parse_instant,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_ordered_by_utf16_code_units_as_in_rfc_8785_section_3_2_3() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = encode(dict.fromkeys(keys, 0)).decode()
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_only_what_must_be_escaped_is() -> None:
    assert encode('€$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        LARGEST_INTEGER + 1,
        -LARGEST_INTEGER - 1,
        "\ud800",
        {"a": ["\udfff"]},
        {1: "a"},
        b"bytes",
        {"a": {1, 2}},
        float("nan"),
    ],
)
def test_a_value_without_a_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        encode(value)


def test_nesting_is_bounded() -> None:
    value: object = 0
    for _ in range(64):
        value = [value]
    assert encode(value).startswith(b"[[[")
    with pytest.raises(NotCanonicalError):
        encode([value])


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'"\\u0041"',
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b"-0",
        b"01",
        b"NaN",
    ],
)
def test_other_spellings_of_json_are_not_canonical(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decode(data)


def test_a_strangers_numbers_are_kept_as_the_digits_they_were_written_in() -> None:
    assert parse(b'{"a":0.10,"b":12345678901234567890,"c":9007199254740991}') == {
        "a": "0.10",
        "b": "12345678901234567890",
        "c": 9007199254740991,
    }


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b'{"a":1,"a":2}', b"", b"<html>"]
)
def test_what_is_no_json_is_refused_and_nothing_breaks(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        parse(data)


def test_a_number_of_ten_thousand_digits_stays_text() -> None:
    assert parse(b"1" + b"0" * 10_000) == "1" + "0" * 10_000


def test_instants_are_utc_with_six_digits_or_none() -> None:
    assert (
        instant_text(datetime(2026, 11, 23, 7, 12, 48, tzinfo=timezone(timedelta(hours=1))))
        == "2026-11-23T06:12:48Z"
    )
    assert instant_text(datetime(2026, 11, 23, 6, 12, 48, 5, UTC)) == "2026-11-23T06:12:48.000005Z"
    assert parse_instant("2026-11-23T06:12:48Z") == datetime(2026, 11, 23, 6, 12, 48, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-23T06:12:48", "yesterday", ""])
def test_an_instant_without_a_zone_names_no_moment(text: str) -> None:
    with pytest.raises(NotCanonicalError):
        parse_instant(text)
