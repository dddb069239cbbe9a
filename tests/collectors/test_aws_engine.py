"""The engine over a source of our own: records out of answers, and a gap over exactly what was not seen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import yaml
from fake_source import ACCOUNT, FakeSource, by, place_of, population, refused, run, spec_text, tables

from assay.collectors import NotSeen, PopulationSeen, SeenRecord
from assay.collectors.asking import Ask
from assay.collectors.engine import Account, tables_needed
from assay.collectors.planning import Taken, calls_as_last_time, certain_calls
from assay.collectors.safe import UnsafeAnswerError, safe
from assay.evidence.gaps import Gap, Reason

LOCK = {
    "call": "x.get_lock",
    "ask": {"Id": "{Id}"},
    "keep": ["Days"],
    "absent_when": ["NoLock"],
    "unavailable_when": ["NoPlan"],
}
COLUMNS = {
    "id": {"type": "text", "from": "Id", "required": True, "says": "x"},
    "open": {"type": "boolean", "from": "Open", "says": "x"},
    "lock_days": {"type": "integer", "of": "get_lock", "from": "Days", "absent": 0, "says": "x"},
}
THING: dict[str, Any] = {
    "list": {"call": "x.list_things", "items": "Things", "keep": ["Id", "Open"]},
    "key": "thing/{Id}",
    "each": [LOCK],
    "columns": COLUMNS,
}
TWO = {"Things": [{"Id": "b", "Open": True, "Secret": "hunter2"}, {"Id": "a", "Open": False}]}
LOCKS = by("Id", {"a": {"Days": 1, "Secret": "hunter2"}, "b": {"Days": 2}})
AT = "2026-11-24T06:00:00Z"


def things(**changed: Any) -> dict[str, Any]:
    return tables(thing=spec_text(**{**THING, **changed}))


def test_records_hold_what_is_kept_of_each_call_in_the_order_of_their_keys() -> None:
    seen = run(things(), {"x.list_things": TWO, "x.get_lock": LOCKS})
    one = population(seen["aws_thing", ""])
    assert one.records == [
        SeenRecord("thing/a", None, {"list_things": {"Id": "a", "Open": False}, "get_lock": {"Days": 1}}),
        SeenRecord("thing/b", None, {"list_things": {"Id": "b", "Open": True}, "get_lock": {"Days": 2}}),
    ]
    assert (one.gaps, one.made.calls, one.made.pages) == ([], 3, 1)
    assert (one.made.started, one.made.ended) == (AT, AT)
    assert (one.made.first_request, one.made.last_request) == ("x.list_things-0", "x.get_lock-0")


def test_one_denied_call_takes_exactly_its_columns_of_that_record() -> None:
    locks = by("Id", {"a": refused("x.get_lock"), "b": {"Days": 2}})
    one = population(run(things(), {"x.list_things": TWO, "x.get_lock": locks})["aws_thing", ""])
    assert [sorted(record.record) for record in one.records] == [["list_things"], ["get_lock", "list_things"]]
    assert one.gaps == [
        Gap(
            "aws_thing",
            Reason.DENIED,
            ACCOUNT,
            "",
            key="thing/a",
            columns=frozenset({"lock_days"}),
            call="x.get_lock",
            detail="AccessDenied",
            at=AT,
        )
    ]


@pytest.mark.parametrize(
    ("code", "given", "reason"),
    [
        ("NoPlan", Reason.FAILED, Reason.UNAVAILABLE),
        ("Throttling", Reason.THROTTLED, Reason.THROTTLED),
        ("ReadTimeoutError", Reason.TIMEOUT, Reason.TIMEOUT),
    ],
)
def test_the_reason_of_a_gap(code: str, given: Reason, reason: Reason) -> None:
    replies = {"x.list_things": {"Things": [{"Id": "a"}]}, "x.get_lock": refused("x.get_lock", code, given)}
    (gap,) = population(run(things(), replies)["aws_thing", ""]).gaps
    assert (gap.reason, gap.detail) == (reason, code)


@pytest.mark.parametrize("more", [{"NextToken": "2"}, {"IsTruncated": True}])
def test_an_answer_that_says_there_is_more_is_a_gap_and_never_taken_for_whole(more: dict[str, Any]) -> None:
    locks = by("Id", {"a": {"Days": 1, **more}, "b": {"Days": 2}})
    one = population(run(things(), {"x.list_things": TWO, "x.get_lock": locks})["aws_thing", ""])
    assert [sorted(record.record) for record in one.records] == [["list_things"], ["get_lock", "list_things"]]
    assert [(gap.key, gap.reason, gap.detail) for gap in one.gaps] == [
        ("thing/a", Reason.MALFORMED, "MoreThanOnePage")
    ]


def test_an_error_that_is_an_answer_is_no_gap() -> None:
    locks = by("Id", {"a": refused("x.get_lock", "NoLock", Reason.FAILED), "b": {"Days": 2}})
    one = population(run(things(), {"x.list_things": TWO, "x.get_lock": locks})["aws_thing", ""])
    assert one.records[0].record == {"list_things": {"Id": "a", "Open": False}, "get_lock": None}
    assert one.gaps == []


def test_a_denied_list_gives_no_population() -> None:
    seen = run(things(), {"x.list_things": refused("x.list_things")})
    assert seen == {
        ("aws_thing", ""): NotSeen(
            Gap("aws_thing", Reason.DENIED, ACCOUNT, "", call="x.list_things", detail="AccessDenied", at=AT)
        )
    }


def test_a_list_that_breaks_off_gives_no_population() -> None:
    source = FakeSource(
        {
            "x.list_things": [TWO, refused("x.list_things", "ThrottlingException", Reason.THROTTLED)],
            "x.get_lock": LOCKS,
        }
    )
    seen = run(things(), {}, source=source)
    assert isinstance(seen["aws_thing", ""], NotSeen)
    assert source.calls() == ["x.list_things"]


def test_an_empty_list_that_is_an_answer_is_an_empty_population() -> None:
    absent = things(list={**THING["list"], "absent_when": ["NoThings"]})
    one = population(
        run(absent, {"x.list_things": refused("x.list_things", "NoThings", Reason.FAILED)})["aws_thing", ""]
    )
    assert (one.records, one.gaps) == ([], [])


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Things": None},
        {"Things": "perhaps"},
        {"Things": ["perhaps"]},
        {"Things": [{"Open": True}]},
        {"Things": [{"Id": None}]},
        {"Things": [{"Id": ["a"]}]},
        {"Things": [{"Id": "\ud800"}]},
        {"Things": [{"Id": "a", "Open": True}, {"Id": "a", "Open": False}]},
        [],
        None,
    ],
)
def test_a_list_that_cannot_be_read_whole_is_malformed(answer: Any) -> None:
    (one,) = run(things(), {"x.list_things": [answer], "x.get_lock": {}}).values()
    assert isinstance(one, NotSeen)
    assert (one.gap.reason, one.gap.call) == (Reason.MALFORMED, "x.list_things")


def test_an_item_that_cannot_be_kept_is_a_gap_over_that_record() -> None:
    odd = {"Things": [{"Id": "a", "Open": b"bytes"}, {"Id": "b", "Open": True}]}
    one = population(run(things(), {"x.list_things": odd, "x.get_lock": {"Days": 1}})["aws_thing", ""])
    assert [record.key for record in one.records] == ["thing/b"]
    assert [(gap.key, gap.columns, gap.reason) for gap in one.gaps] == [("thing/a", None, Reason.MALFORMED)]


@pytest.mark.parametrize("days", ["many", True, [1], 10**400, "1e3"])
def test_a_value_of_another_type_is_a_gap_over_its_column(days: Any) -> None:
    one = population(
        run(things(), {"x.list_things": {"Things": [{"Id": "a"}]}, "x.get_lock": {"Days": days}})[
            "aws_thing", ""
        ]
    )
    assert [(gap.key, gap.columns, gap.reason) for gap in one.gaps] == [
        ("thing/a", frozenset({"lock_days"}), Reason.MALFORMED)
    ]


def test_the_same_item_on_two_pages_is_one_record() -> None:
    one = population(run(things(), {"x.list_things": [TWO, TWO], "x.get_lock": LOCKS})["aws_thing", ""])
    assert (len(one.records), one.made.pages, one.gaps) == (2, 2, [])


def test_tables_of_one_listing_call_ask_it_once() -> None:
    other = spec_text(**{**THING, "each": [], "columns": {"id": COLUMNS["id"]}})
    source = FakeSource({"x.list_things": TWO, "x.get_lock": LOCKS})
    seen = run(tables(thing=spec_text(**THING), other=other), {}, source=source)
    assert list(seen) == [("aws_other", ""), ("aws_thing", "")]
    assert source.calls() == ["x.get_lock", "x.get_lock", "x.list_things"]
    assert [population(one).made.calls for one in seen.values()] == [1, 3]


def test_a_denied_listing_is_a_gap_of_each_of_its_tables() -> None:
    specs = tables(thing=spec_text(**THING), other=spec_text(**THING))
    seen = run(specs, {"x.list_things": refused("x.list_things")})
    assert [one.gap.table for one in seen.values() if isinstance(one, NotSeen)] == ["aws_other", "aws_thing"]


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ({"when": {"open": [True]}}, ["b"]),
        ({"unless": {"open": [True]}}, ["a"]),
        ({"when": {"id": ["a*"]}}, ["a"]),
        ({"when": [{"id": ["a"]}, {"id": ["b"]}]}, ["a", "b"]),
        ({"when": {"id": ["a"], "open": [True]}}, []),
        ({"when": {"open": [True]}, "unless": {"id": ["b"]}}, []),
    ],
)
def test_a_call_is_asked_only_where_its_condition_holds(condition: dict[str, Any], asked: list[str]) -> None:
    source = FakeSource({"x.list_things": TWO, "x.get_lock": LOCKS})
    one = population(run(things(each=[{**LOCK, **condition}]), {}, source=source)["aws_thing", ""])
    assert sorted(ask.arguments["Id"] for ask in source.asked if ask.call == "x.get_lock") == asked
    answers = {"a": {"Days": 1}, "b": {"Days": 2}}
    assert [record.record["get_lock"] for record in one.records] == [
        answers[name] if name in asked else None for name in ("a", "b")
    ]
    assert one.gaps == []


TAGS = {"call": "x.get_tags", "ask": {"Id": "{Id}"}, "keep": ["Unused"]}
TAGGED = things(
    each=[TAGS, {**LOCK, "when": {"tags": ["{lock_tag}"]}}],
    tags={"of": "get_tags", "path": "Set.Tags"},
    columns={**COLUMNS, "tags": {"type": "texts", "of": "get_tags", "from": "Set.Tags", "says": "x"}},
)
A_TAGGED = {
    "a": {"Set": {"Tags": [{"Key": "keep", "Value": "locked"}, {"Key": "password", "Value": "hunter2"}]}},
    "b": {"Set": {"Tags": [{"Key": "keep", "Value": "free"}]}},
}


def test_only_the_tags_that_a_parameter_names_are_kept_and_they_decide_what_is_asked() -> None:
    replies = {"x.list_things": TWO, "x.get_tags": by("Id", A_TAGGED), "x.get_lock": LOCKS}
    one = population(run(TAGGED, replies, parameters={"lock_tag": "keep:locked"})["aws_thing", ""])
    assert [record.record["get_tags"] for record in one.records] == [
        {"Set": {"Tags": {"keep": "locked"}}},
        {"Set": {"Tags": {"keep": "free"}}},
    ]
    assert [record.record["get_lock"] for record in one.records] == [{"Days": 1}, None]


def test_where_the_tags_were_not_seen_the_call_is_not_spared() -> None:
    tags = by("Id", {"a": A_TAGGED["a"], "b": refused("x.get_tags")})
    one = population(
        run(
            TAGGED,
            {"x.list_things": TWO, "x.get_tags": tags, "x.get_lock": LOCKS},
            parameters={"lock_tag": "keep:locked"},
        )["aws_thing", ""]
    )
    assert [record.record["get_lock"] for record in one.records] == [{"Days": 1}, {"Days": 2}]
    assert [(gap.key, gap.columns) for gap in one.gaps] == [("thing/b", frozenset({"tags"}))]


@pytest.mark.parametrize("parameters", [{}, {"lock_tag": "keep"}])
def test_a_parameter_that_is_not_set_or_names_a_key_alone_asks_for_every_value(
    parameters: dict[str, str],
) -> None:
    one = population(
        run(
            TAGGED,
            {"x.list_things": TWO, "x.get_tags": by("Id", A_TAGGED), "x.get_lock": LOCKS},
            parameters=parameters,
        )["aws_thing", ""]
    )
    assert [record.record["get_lock"] for record in one.records] == [{"Days": 1}, {"Days": 2}]


PART = spec_text(
    list={
        "call": "x.list_parts",
        "ask": {"Thing": "{Id}"},
        "items": "Parts",
        "keep": ["Id", "Open"],
        "for_each": {"table": "aws_thing", "carry": ["Open"]},
    },
    key="{parent}/{Id}",
    columns={
        "id": {"type": "text", "from": "Id", "says": "x"},
        "open": {"type": "boolean", "from": "Open", "says": "x"},
    },
)
PLAIN = spec_text(**{**THING, "each": [], "columns": {"id": COLUMNS["id"], "open": COLUMNS["open"]}})
PARTS = by("Thing", {"a": {"Parts": [{"Id": "1"}]}, "b": {"Parts": [{"Id": "1"}, {"Id": "2"}]}})


def test_a_table_is_listed_once_for_each_parent() -> None:
    one = population(
        run(tables(thing=PLAIN, part=PART), {"x.list_things": TWO, "x.list_parts": PARTS})["aws_part", ""]
    )
    assert [(record.key, record.parent, record.record["list_parts"]) for record in one.records] == [
        ("thing/a/1", "thing/a", {"Id": "1", "Open": False}),
        ("thing/b/1", "thing/b", {"Id": "1", "Open": True}),
        ("thing/b/2", "thing/b", {"Id": "2", "Open": True}),
    ]


def test_a_list_denied_for_one_parent_is_a_gap_over_what_belongs_to_it() -> None:
    parts = by("Thing", {"a": refused("x.list_parts"), "b": {"Parts": [{"Id": "1"}]}})
    one = population(
        run(tables(thing=PLAIN, part=PART), {"x.list_things": TWO, "x.list_parts": parts})["aws_part", ""]
    )
    assert [record.key for record in one.records] == ["thing/b/1"]
    assert one.gaps == [
        Gap(
            "aws_part",
            Reason.DENIED,
            ACCOUNT,
            "",
            parent="thing/a",
            call="x.list_parts",
            detail="AccessDenied",
            at=AT,
        )
    ]


def test_a_call_denied_for_a_child_names_the_child_and_its_parent() -> None:
    text = spec_text(
        **{
            **yaml.safe_load(PART),
            "each": [{**LOCK, "ask": {"Thing": "{parent}", "Id": "{Id}"}}],
            "columns": {"id": COLUMNS["id"], "lock_days": COLUMNS["lock_days"]},
        }
    )
    locks = by("Thing", {"thing/a": refused("x.get_lock"), "thing/b": {"Days": "many"}})
    parts = by("Thing", {"a": {"Parts": [{"Id": "1"}]}, "b": {"Parts": [{"Id": "1"}]}})
    replies = {"x.list_things": TWO, "x.list_parts": parts, "x.get_lock": locks}
    one = population(run(tables(thing=PLAIN, part=text), replies)["aws_part", ""])
    assert [(gap.reason, gap.parent, gap.key, gap.columns) for gap in one.gaps] == [
        (Reason.DENIED, "thing/a", "thing/a/1", frozenset({"lock_days"})),
        (Reason.MALFORMED, "thing/b", "thing/b/1", frozenset({"lock_days"})),
    ]


def test_children_of_a_record_that_was_seen_in_part_are_listed_and_no_gap() -> None:
    """Three levels: a call denied for a part takes its columns away, and neither the part's crumbs nor those of its thing are missed."""
    part = spec_text(
        **{
            **yaml.safe_load(PART),
            "each": [{**LOCK, "ask": {"Id": "{Id}"}}],
            "columns": {"id": COLUMNS["id"], "lock_days": COLUMNS["lock_days"]},
        }
    )
    crumb = spec_text(
        list={
            "call": "x.list_crumbs",
            "ask": {"Part": "{parent}"},
            "items": "Crumbs",
            "keep": ["Id"],
            "for_each": {"table": "aws_part"},
        },
        key="{parent}/{Id}",
        columns={"id": COLUMNS["id"]},
    )
    replies = {
        "x.list_things": TWO,
        "x.list_parts": by("Thing", {"a": {"Parts": [{"Id": "1"}]}, "b": {"Parts": []}}),
        "x.get_lock": refused("x.get_lock"),
        "x.list_crumbs": {"Crumbs": [{"Id": "c"}]},
    }
    seen = run(tables(thing=PLAIN, part=part, crumb=crumb), replies)
    assert [gap.key for gap in population(seen["aws_part", ""]).gaps] == ["thing/a/1"]
    crumbs = population(seen["aws_crumb", ""])
    assert ([one.key for one in crumbs.records], crumbs.gaps) == (["thing/a/1/c"], [])


def test_where_the_parents_were_denied_the_children_are_not_seen_either() -> None:
    seen = run(tables(thing=PLAIN, part=PART), {"x.list_things": refused("x.list_things")})
    assert [(one.gap.table, one.gap.call) for one in seen.values() if isinstance(one, NotSeen)] == [
        ("aws_thing", "x.list_things"),
        ("aws_part", "x.list_things"),
    ]


def test_a_parent_that_could_not_be_kept_is_a_gap_over_its_children() -> None:
    odd = {"Things": [{"Id": "a", "Open": b"bytes"}, {"Id": "b"}]}
    one = population(
        run(tables(thing=PLAIN, part=PART), {"x.list_things": odd, "x.list_parts": PARTS})["aws_part", ""]
    )
    assert [record.parent for record in one.records] == ["thing/b", "thing/b"]
    assert [(gap.parent, gap.key, gap.reason) for gap in one.gaps] == [("thing/a", None, Reason.MALFORMED)]


def test_only_parents_for_which_the_condition_holds_are_asked() -> None:
    text = PART.replace("table: aws_thing", "table: aws_thing\n    when: {open: [true]}")
    source = FakeSource({"x.list_things": TWO, "x.list_parts": PARTS})
    run(tables(thing=PLAIN, part=text), {}, source=source)
    assert [ask.arguments for ask in source.asked if ask.call == "x.list_parts"] == [{"Thing": "b"}]


ONCE = things(
    each=[],
    once=[{"call": "x.get_rule", "ask": {"Account": "{account}"}, "keep": ["On"]}],
    columns={"id": COLUMNS["id"], "rule": {"type": "boolean", "of": "get_rule", "from": "On", "says": "x"}},
)


def test_what_is_asked_once_stands_beside_every_record() -> None:
    source = FakeSource({"x.list_things": TWO, "x.get_rule": {"On": True}})
    one = population(run(ONCE, {}, source=source)["aws_thing", ""])
    assert [record.record["get_rule"] for record in one.records] == [{"On": True}, {"On": True}]
    assert [ask.arguments for ask in source.asked if ask.call == "x.get_rule"] == [{"Account": ACCOUNT}]


def test_what_was_asked_once_and_denied_is_a_gap_over_its_columns_of_the_place() -> None:
    one = population(run(ONCE, {"x.list_things": TWO, "x.get_rule": refused("x.get_rule")})["aws_thing", ""])
    assert [(gap.key, gap.columns) for gap in one.gaps] == [(None, frozenset({"rule"}))]
    assert [sorted(record.record) for record in one.records] == [["list_things"], ["list_things"]]


def test_each_region_is_a_place_of_its_own() -> None:
    def reply(ask: Ask) -> Any:
        return (
            refused("x.list_things", "OptInRequired", Reason.UNAVAILABLE)
            if ask.region == "eu-west-1"
            else TWO
        )

    seen = run(
        things(reach="region", each=[], columns={"id": COLUMNS["id"]}),
        {"x.list_things": reply},
        regions=("eu-central-1", "eu-west-1"),
    )
    assert list(seen) == [("aws_thing", "eu-central-1"), ("aws_thing", "eu-west-1")]
    assert [isinstance(one, PopulationSeen) for one in seen.values()] == [True, False]


def test_a_record_says_in_which_region_it_is_asked() -> None:
    listing = {**THING["list"], "keep": ["Id", "Region"]}
    source = FakeSource(
        {
            "x.list_things": {"Things": [{"Id": "a", "Region": "eu-west-3"}, {"Id": "b"}]},
            "x.get_lock": {"Days": 1},
        }
    )
    columns = {"id": COLUMNS["id"], "lock_days": COLUMNS["lock_days"]}
    run(things(list=listing, columns=columns, each=[{**LOCK, "region": "{Region}"}]), {}, source=source)
    assert sorted((ask.arguments["Id"], ask.region) for ask in source.asked if ask.call == "x.get_lock") == [
        ("a", "eu-west-3"),
        ("b", ""),
    ]


def test_noise_is_not_change() -> None:
    listing = {**THING["list"], "keep": ["Id", "Grants", "Asked"]}
    specs = things(
        list=listing,
        each=[],
        columns={"id": COLUMNS["id"]},
        unordered=["Grants"],
        volatile=["Asked", "Grants[].At"],
    )
    answers = [
        {"Things": [{"Id": "a", "Asked": at, "Grants": grants}]}
        for at, grants in ((1, [{"To": "x", "At": 1}, {"To": "y"}]), (2, [{"To": "y", "At": 2}, {"To": "x"}]))
    ]
    first, second = (
        population(run(specs, {"x.list_things": answer})["aws_thing", ""]).records for answer in answers
    )
    assert (
        first
        == second
        == [SeenRecord("thing/a", None, {"list_things": {"Id": "a", "Grants": [{"To": "x"}, {"To": "y"}]}})]
    )


def test_an_interrupted_run_asks_only_what_is_left() -> None:
    parents = [SeenRecord("thing/b", None, {"list_things": {"Id": "b", "Open": True}})]
    source = FakeSource({"x.list_parts": PARTS})
    seen = run(
        tables(thing=PLAIN, part=PART),
        {},
        source=source,
        done=frozenset({("aws_thing", ACCOUNT, "")}),
        known=lambda table, account, region: (
            parents if (table, account, region) == ("aws_thing", ACCOUNT, "") else []
        ),
    )
    assert list(seen) == [("aws_part", "")]
    assert [record.key for record in population(seen["aws_part", ""]).records] == ["thing/b/1", "thing/b/2"]


def test_what_comes_out_is_in_one_order_however_late_an_answer_is() -> None:
    last = threading.Event()

    def reply(ask: Ask) -> Any:
        if ask.region == "r1":
            last.wait(5)
        if ask.region == "r3":
            last.set()
        return TWO

    specs = things(reach="region", each=[], columns={"id": COLUMNS["id"]})
    progress: list[Any] = []
    seen = run(specs, {"x.list_things": reply}, regions=("r1", "r2", "r3"), on_progress=progress.append)
    assert [region for _, region in seen] == ["r1", "r2", "r3"]
    assert [(one.done, one.of, one.region, one.records) for one in progress] == [
        (1, 3, "r1", 2),
        (2, 3, "r2", 2),
        (3, 3, "r3", 2),
    ]


def test_a_mistake_of_ours_stops_the_run_instead_of_hanging_it() -> None:
    def broken(ask: Ask) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(tables(thing=PLAIN, part=PART), {"x.list_things": broken})


def test_tables_needed_come_with_their_parents() -> None:
    assert list(tables_needed(tables(thing=PLAIN, part=PART, other=PLAIN), ["aws_part"])) == [
        "aws_part",
        "aws_thing",
    ]


def test_calls_are_counted_before_they_are_made() -> None:
    specs = tables(
        thing=spec_text(**THING),
        part=PART,
        other=spec_text(**{**THING, "reach": "region", "each": [], "columns": {"id": COLUMNS["id"]}}),
    )
    lists = certain_calls(specs)
    assert (lists.account, lists.region, lists.over(3)) == (1, 1, 4)
    account = Account("1", ("r1", "r2", "r3"))
    assert calls_as_last_time(specs, account, lambda *_: None) == lists.over(3)

    def taken(table: str, number: str, region: str) -> Taken | None:
        last = {"aws_thing": (10, 12, 2), "aws_part": (7, 10, 10)}.get(table)
        return None if last is None else Taken(*last, specs[table].digest)

    assert calls_as_last_time(specs, account, taken) == 12 + 10 + 3
    seen_already = frozenset({("aws_thing", "1", "")})
    assert calls_as_last_time(specs, account, taken, seen_already) == 10 + 3


def test_where_a_table_is_asked_otherwise_by_now_each_of_its_calls_counts_for_each_record() -> None:
    specs = tables(thing=spec_text(**THING))
    before = Taken(10, 14, 3, "another digest")
    assert calls_as_last_time(specs, Account("1"), lambda *_: before) == 3 + 10


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1))), "2026-01-02T02:04:05Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006Z"),
        (Decimal("1.10"), "1.10"),
        (0.5, "0.5"),
        (2**53, "9007199254740992"),
        (2**53 - 1, 2**53 - 1),
        ({"a": [True, None, "é"]}, {"a": [True, None, "é"]}),
    ],
)
def test_values_are_made_safe(value: Any, kept: Any) -> None:
    assert safe(value) == kept


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [b"x", object(), {1: "x"}, "\udfff", {"\ud800": 1}, 10**400, nested(61), nested(10_000), {"a": {1, 2}}],
)
def test_values_that_no_record_may_hold_are_refused(value: Any) -> None:
    with pytest.raises(UnsafeAnswerError):
        safe(value)


def test_sixty_levels_are_kept() -> None:
    assert safe(nested(60)) == nested(60)


def test_place_of_what_was_not_seen() -> None:
    assert place_of(NotSeen(Gap("aws_thing", Reason.DENIED, ACCOUNT, None))) == ("aws_thing", "")
