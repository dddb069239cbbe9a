"""Rows of typed columns: what an answer says, what it does not say, and what it says wrongly are three different things."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml

from assay.tables import (
    columns_of,
    input_columns,
    malformed_columns,
    parse_table,
    row,
    subject_of,
    unseen_columns,
)
from assay.tables.paths import Keep, MissingFieldError, PathError, Template, compile_path, fill
from assay.tables.spec import Type
from assay.tables.typed import MISFIT, typed


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Type.TEXT, "eu", "eu"),
        (Type.TEXT, 7, "7"),
        (Type.TEXT, True, MISFIT),
        (Type.TEXT, ["eu"], MISFIT),
        (Type.BOOLEAN, False, False),
        (Type.BOOLEAN, "True", True),
        (Type.BOOLEAN, "perhaps", MISFIT),
        (Type.BOOLEAN, 1, MISFIT),
        (Type.INTEGER, 12, 12),
        (Type.INTEGER, "-12", -12),
        (Type.INTEGER, True, MISFIT),
        (Type.INTEGER, "9" * 400, MISFIT),
        (Type.INTEGER, "9223372036854775808", MISFIT),
        (Type.INTEGER, "९", MISFIT),
        (Type.DECIMAL, "1.50", Decimal("1.50")),
        (Type.DECIMAL, "NaN", MISFIT),
        (Type.INSTANT, "2026-11-23T07:00:00+01:00", datetime(2026, 11, 23, 6)),  # noqa: DTZ001 — as DuckDB wants it
        (Type.INSTANT, "2026-11-23T07:00:00", MISFIT),
        (Type.INSTANT, 5, MISFIT),
        (Type.DATE, "2026-11-23", date(2026, 11, 23)),
        (Type.DATE, "2026-11-23T23:30:00-01:00", date(2026, 11, 24)),
        (Type.TEXTS, ["a", 1], ["a", "1"]),
        (Type.TEXTS, "a", ["a"]),
        (Type.TEXTS, {"b": "2", "a": "1"}, ["a:1", "b:2"]),
        (Type.TEXTS, [None], MISFIT),
    ],
)
def test_values_of_each_type(kind: Type, value: Any, expected: Any) -> None:
    assert typed(kind, value) == expected
    assert type(typed(kind, value)) is type(expected)


SPEC = parse_table(
    "tables/aws/thing.yaml",
    yaml.safe_dump(
        {
            "says": "A thing.",
            "source": "aws",
            "reach": "account",
            "list": {"call": "ec2.describe_things", "keep": ["Id", "Open", "State", "Mail"]},
            "key": "{Id}",
            "each": [{"call": "ec2.get_lock", "keep": ["Days", "Kind", "Policy"]}],
            "personal": ["mail"],
            "subject": "{Mail}",
            "columns": {
                "id": {"type": "text", "from": "Id", "says": "x"},
                "open": {"type": "boolean", "from": "Open", "required": True, "says": "x"},
                "active": {"type": "boolean", "from": "State == 'on'", "required": ["State"], "says": "x"},
                "mail": {"type": "text", "from": "Mail", "says": "x"},
                "days": {"type": "integer", "of": "get_lock", "from": "Days", "absent": 0, "says": "x"},
                "strict": {
                    "type": "boolean",
                    "of": "get_lock",
                    "from": "starts_with(Kind, 'st')",
                    "absent": False,
                    "says": "x",
                },
                "outside": {
                    "type": "texts",
                    "of": "get_lock",
                    "from": "Policy",
                    "derive": "policy.outside_accounts",
                    "says": "x",
                },
            },
            "permissions": ["ec2:DescribeThings", "ec2:GetLock"],
        },
        sort_keys=False,
    ).encode(),
    "",
)
LISTED = {"Id": "t-1", "Open": False, "State": "on", "Mail": "ben@northwind.example"}


def as_row(record: dict[str, Any]) -> dict[str, Any]:
    values = row(SPEC, "t-1", "111122223333", "", None, record)
    return dict(zip([name for name, _ in input_columns(SPEC)], values, strict=True))


def test_a_row_begins_with_the_engines_columns() -> None:
    assert input_columns(SPEC)[:5] == (
        ("key", "text"),
        ("account", "text"),
        ("region", "text"),
        ("parent", "text"),
        ("id", "text"),
    )


def test_a_part_that_is_null_gives_the_value_for_absence() -> None:
    record = {"describe_things": LISTED, "get_lock": None}
    assert as_row(record) == {
        "key": "t-1",
        "account": "111122223333",
        "region": "",
        "parent": None,
        "id": "t-1",
        "open": False,
        "active": True,
        "mail": "ben@northwind.example",
        "days": 0,
        "strict": False,
        "outside": None,
    }
    assert unseen_columns(SPEC, record) == frozenset()


def test_a_part_that_was_not_seen_gives_nothing_and_says_so() -> None:
    record = {"describe_things": LISTED}
    assert as_row(record)["days"] is None
    assert unseen_columns(SPEC, record) == columns_of(SPEC, "get_lock") == {"days", "strict", "outside"}


def test_a_value_of_another_type_is_unseen_and_never_read_as_no() -> None:
    lock = {"Days": "many", "Kind": 5, "Policy": "not JSON"}
    record = {"describe_things": {**LISTED, "Open": "perhaps"}, "get_lock": lock}
    assert [as_row(record)[name] for name in ("open", "days", "strict", "outside")] == [
        None,
        None,
        None,
        None,
    ]
    assert unseen_columns(SPEC, record) == {"open", "days", "strict", "outside"}
    place = {"account": "111122223333", "region": ""}
    assert malformed_columns(SPEC, "get_lock", lock, place) == {"days", "strict", "outside"}


def test_a_required_value_that_is_missing_is_malformed() -> None:
    place = {"account": "111122223333", "region": ""}
    assert malformed_columns(SPEC, "describe_things", {"Id": "t-1"}, place) == {"open", "active"}
    assert malformed_columns(SPEC, "get_lock", {}, place) == frozenset()


def test_a_derivation_knows_its_own_account() -> None:
    policy = '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["111122223333", "arn:aws:iam::444455556666:root"]}, "Action": "*"}]}'
    assert as_row({"describe_things": LISTED, "get_lock": {"Policy": policy}})["outside"] == ["444455556666"]


def test_whom_a_personal_record_is_about() -> None:
    assert subject_of(SPEC, {"describe_things": LISTED}) == "ben@northwind.example"
    assert subject_of(SPEC, {"get_lock": None}) == ""


def test_what_is_kept_is_what_the_paths_name() -> None:
    keep = Keep.of(["Name", "Rules[].Status", "Rules[].Filter.Prefix", "Grants"])
    answer = {
        "Name": "logs",
        "Secret": "hunter2",
        "Rules": [{"Status": "Enabled", "Filter": {"Prefix": "a", "Tag": "hunter2"}}, {"Id": "hunter2"}],
        "Grants": [{"Whole": {"sub": "tree"}}],
    }
    kept = {
        "Name": "logs",
        "Rules": [{"Status": "Enabled", "Filter": {"Prefix": "a"}}, {}],
        "Grants": [{"Whole": {"sub": "tree"}}],
    }
    assert keep.project(answer) == kept
    assert Keep.of(["Name"]).project({"Name": None}) == {"Name": None}
    assert Keep.of(["Name.First"]).project({"Name": "plain"}) == {"Name": "plain"}
    assert Keep.of(["Grants.Whole", "Grants"]).project({"Grants": {"Other": 1}}) == {"Grants": {"Other": 1}}


@pytest.mark.parametrize("path", ["a.b", "a[0].b", "a[].b | [0]", "a[?b=='x'].b | [0]"])
def test_paths_find_the_same_the_fast_way_and_the_long_way(path: str) -> None:
    found = compile_path(path)
    list_way = {"a": [{"b": "x"}]}
    assert found({"a": {"b": "x"}} if path == "a.b" else list_way) == "x"
    assert found({"a": 5}) is None
    assert found({}) is None
    assert found(None) is None


@pytest.mark.parametrize("path", ["a..b", "a b", "[]", "a[", ".a", ""])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(PathError):
        Keep.of([path])


def test_templates_take_texts_and_integers_only() -> None:
    assert Template.of("{A}/{B.C}").fill({"A": 1, "B": {"C": "x"}}) == "1/x"
    assert fill({"X": ["{A}", 5], "Y": True}, {"A": "a"}) == {"X": ["a", 5], "Y": True}
    for nothing in (None, True, ["x"], {"x": 1}):
        with pytest.raises(MissingFieldError):
            Template.of("{A}").fill({"A": nothing})


def test_a_filled_in_value_is_not_read_as_a_template_again() -> None:
    assert fill("{A}", {"A": "{B}", "B": "secret"}) == "{B}"
