"""Evaluation: one sound row for each item, letters in the promised order, and a set whose bytes are canonical."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import check_worlds as w
import duckdb
import pytest
from check_worlds import (
    HERE,
    MOMENT,
    OWNED,
    OWNED_FIELDS,
    PUBLIC,
    THERE,
    bucket,
    check,
    evaluator,
    gap,
    table,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.checks import Conclusion, ConclusionSet, EvaluationError, Moment, TableInput
from assay.checks.specs import column_types
from assay.evidence import canonical
from assay.evidence.gaps import Reason

TIMED = """select b.key as item, case when b.created + to_days($days) > $as_of then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when b.created + to_days($days) > $as_of then 'young' else 'old' end as reason,
  case when b.created + to_days($days) > $as_of then b.created + to_days($days) end as changes_at, b.created as saw_created
from aws_bucket as b"""
TIMED_FIELDS = "tables: [aws_bucket]\nparameters: [days]\nkind: item"
MADE = """select b.key as item, 'CONFORMS' as conclusion, 'made' as reason from aws_bucket as b
where b.created >= $period_start and b.created < $period_end"""
MADE_FIELDS = "tables: [aws_bucket]\nkind: population\noccurs: {aws_bucket: created}"
JANUARY = Moment(w.AS_OF, "UTC", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
BOTH_FIELDS = "tables: [aws_bucket, hr_person]\nitems: [aws_bucket, hr_person]\nkind: item"
BOTH = """select b.key as item, 'CONFORMS' as conclusion, 'bucket' as reason, b.name as saw_name from aws_bucket as b
union all
select p.key as item, 'DEVIATES' as conclusion, 'person' as reason, p.email as saw_name from hr_person as p"""


def on(day: int, month: int = 1) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def test_letters_follow_the_utf8_order_of_keys() -> None:
    keys = ["b", "é", "Z", "a", "z", "￿", "𐀀", "a/b", "a.b"]
    with evaluator(table("aws_bucket", *(bucket(key, public=key in ("Z", "𐀀")) for key in keys))) as world:
        result = world.evaluate(check(PUBLIC), MOMENT, {})
    assert (
        [key for _, key in result.item_keys()]
        == sorted(keys, key=str.encode)
        == ["Z", "a", "a.b", "a/b", "b", "z", "é", "￿", "𐀀"]
    )
    assert result.codes == "DCCCCCCCD"


def test_notes_tell_what_does_not_conform_and_what_was_seen() -> None:
    with evaluator(
        table("aws_bucket", bucket("a"), bucket("b", public=True), bucket("c", public=None))
    ) as world:
        result = world.evaluate(check(PUBLIC), MOMENT, {})
    assert result.to_object() == {
        "check": "test.one",
        "codes": "CDN",
        "flips": [],
        "format": 1,
        "notes": [
            {
                "changes_at": None,
                "conclusion": "DEVIATES",
                "item": "b",
                "reason": "public",
                "saw": {"name": "b"},
                "table": "aws_bucket",
            },
            {
                "changes_at": None,
                "conclusion": "NOT_APPLICABLE",
                "item": "c",
                "reason": "private",
                "saw": {"name": "c"},
                "table": "aws_bucket",
            },
        ],
    }
    assert result.counts == {
        Conclusion.CONFORMS: 1,
        Conclusion.DEVIATES: 1,
        Conclusion.NOT_APPLICABLE: 1,
        Conclusion.UNKNOWN: 0,
    }


def test_a_timed_check_says_when_conforming_items_flip() -> None:
    rows = [
        bucket("a", created=on(10)),
        bucket("b", created=datetime(2026, 2, 1, 1, 2, 3, 4500, tzinfo=UTC)),
        bucket("old", created=on(1)),
    ]
    with evaluator(table("aws_bucket", *rows)) as world:
        one = check(TIMED, TIMED_FIELDS)
        assert world.evaluate(one, MOMENT, {"days": 59}).flips == (
            (0, "2026-03-10T00:00:00Z"),
            (1, "2026-04-01T01:02:03.004500Z"),
        )
        assert world.evaluate(one, MOMENT, {"days": 59}).codes == "CCD"
        covered = world.evaluate(one, MOMENT, {"days": 59}, [gap("aws_bucket", key="a")])
        assert (covered.flips, covered.codes) == (((1, "2026-04-01T01:02:03.004500Z"),), "UCD")


def test_the_instant_of_a_flip_is_the_first_at_which_the_conclusion_differs() -> None:
    with evaluator(table("aws_bucket", bucket("a", created=on(10)))) as world:
        one = check(TIMED, TIMED_FIELDS)
        [(_, instant)] = world.evaluate(one, MOMENT, {"days": 59}).flips
        flips = canonical.parse_instant(instant)
        assert world.evaluate(one, Moment(flips), {"days": 59}).codes == "D"
        assert world.evaluate(one, Moment(flips.replace(year=2025)), {"days": 59}).codes == "C"


def test_a_join_that_doubles_an_item_is_refused_by_name() -> None:
    owners = [
        {"key": key, "account": HERE, "region": "eu-west-1", "arn": "same", "trusted": True}
        for key in ("x", "y")
    ]
    one = check(OWNED.replace("o.key = b.owner", "o.arn = b.owner"), OWNED_FIELDS)
    inputs = (table("aws_bucket", bucket("a", owner="same")), table("aws_owner", *owners))
    sentence = r"test\.one cannot be concluded: it gives 2 rows for “a”"
    with evaluator(*inputs) as world, pytest.raises(EvaluationError, match=sentence):
        world.evaluate(one, MOMENT, {})


def test_an_item_without_a_row_is_refused_by_name() -> None:
    rows = table("aws_bucket", bucket("a"), bucket("b", public=True))
    with (
        evaluator(rows) as world,
        pytest.raises(EvaluationError, match="gives no row for “b”; use a left join"),
    ):
        world.evaluate(check(f"{PUBLIC} where not b.public"), MOMENT, {})


def test_one_doubled_and_one_missing_do_not_make_up_for_each_other() -> None:
    owners = [
        {"key": key, "account": HERE, "region": "eu-west-1", "arn": "same", "trusted": True}
        for key in ("x", "y")
    ]
    one = check(
        OWNED.replace("left join", "join").replace("o.key = b.owner", "o.arn = b.owner"), OWNED_FIELDS
    )
    with (
        evaluator(
            table("aws_bucket", bucket("a", owner="same"), bucket("b")), table("aws_owner", *owners)
        ) as world,
        pytest.raises(EvaluationError, match="2 rows for “a”"),
    ):
        world.evaluate(one, MOMENT, {})


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (PUBLIC.replace("'DEVIATES'", "'WRONG'"), "concludes “WRONG” on “b”"),
        (PUBLIC.replace("'DEVIATES'", "null"), "concludes “None” on “b”"),
        (PUBLIC.replace("else 'private'", ""), "gives no reason for “a”"),
        (
            PUBLIC.replace("b.key as item", "b.name as item").replace("from", ", b.size as saw_size from"),
            "a row for “nobody”, which is no item",
        ),
    ],
)
def test_an_unsound_row_is_refused_by_name(sql: str, sentence: str) -> None:
    rows = [bucket("a", name="nobody"), bucket("b", public=True, name="nobody")]
    with evaluator(table("aws_bucket", *rows)) as world, pytest.raises(EvaluationError, match=sentence):
        world.evaluate(check(sql), MOMENT, {})


THROUGH_CTE = f"with seen as ({PUBLIC}) select s.item, s.conclusion, s.reason from seen as s"
MADE_ITEM = PUBLIC.replace("b.key as item", "b.key || '' as item")


@pytest.mark.parametrize(("sql", "carried"), [(PUBLIC, True), (THROUGH_CTE, True), (MADE_ITEM, False)])
def test_the_record_of_an_item_is_carried_through_ctes_or_found_by_its_key(sql: str, carried: bool) -> None:
    one = check(sql)
    assert (one.plan.ordinals, one.plan.across) == (carried, frozenset())
    with evaluator(table("aws_bucket", bucket("b", public=True), bucket("a"))) as world:
        assert world.evaluate(one, MOMENT, {}).codes == "CD"


def test_a_join_with_itself_rests_on_other_records() -> None:
    one = check(
        f"{PUBLIC} left join (select max(c.size) as most from aws_bucket as c) as m on m.most = b.size"
    )
    assert one.plan.across == {"aws_bucket"}


def test_one_key_in_two_places_is_two_items() -> None:
    rows = [bucket("same", account=THERE, public=True), bucket("same")]
    with evaluator(table("aws_bucket", *rows)) as world:
        assert world.evaluate(check(PUBLIC), MOMENT, {}).codes == "CD"
        assert world.evaluate(check(THROUGH_CTE), MOMENT, {}).codes == "CD"
        with pytest.raises(EvaluationError, match="for “same”"):
            world.evaluate(check(MADE_ITEM), MOMENT, {})


def test_items_that_are_grouped_by_their_own_key_keep_their_ordinal() -> None:
    sql = """select b.key as item, case when count(o.key) = 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
      'has ' || count(o.key) as reason from aws_bucket as b left join aws_owner as o on o.arn = b.owner group by b.key"""
    owners = [{"key": key, "account": HERE, "region": "eu-west-1", "arn": "ann"} for key in "xyz"]
    one = check(sql, OWNED_FIELDS)
    assert one.plan.ordinals
    assert one.plan.across == frozenset()
    with evaluator(
        table("aws_bucket", bucket("a"), bucket("b", owner="ann")), table("aws_owner", *owners)
    ) as world:
        result = world.evaluate(one, MOMENT, {})
    assert (result.codes, result.notes[0].reason) == ("CD", "has 3")


def test_items_of_two_tables_come_one_table_after_the_other() -> None:
    people = [{"key": "p", "account": "people.csv", "region": "", "email": "ada@example.com"}]
    with evaluator(table("aws_bucket", bucket("z"), bucket("a")), table("hr_person", *people)) as world:
        result = world.evaluate(check(BOTH, BOTH_FIELDS), MOMENT, {})
        assert (result.codes, list(result.item_keys())) == (
            "CCD",
            [("aws_bucket", "a"), ("aws_bucket", "z"), ("hr_person", "p")],
        )
        covered = world.evaluate(
            check(BOTH, BOTH_FIELDS), MOMENT, {}, [gap("hr_person", account="people.csv", region="")]
        )
        assert covered.codes == "CCU"


def test_a_personal_item_is_named_by_its_commitment_and_nothing_of_it_is_said() -> None:
    people = [{"key": "ada", "account": "people.csv", "region": "", "email": "ada@example.com"}]
    with evaluator(table("aws_bucket", bucket("a")), table("hr_person", *people)) as world:
        erased = gap("hr_person", Reason.ERASED, account="people.csv", region="", key="0" * 64)
        result = world.evaluate(check(BOTH, BOTH_FIELDS), MOMENT, {}, [erased])
    said = result.to_object({"hr_person": {"ada": "1" * 64}})
    assert said["notes"] == [
        {
            "changes_at": None,
            "commitment": "1" * 64,
            "conclusion": "DEVIATES",
            "reason": "person",
            "saw": {},
            "table": "hr_person",
        },
        {
            "account": "people.csv",
            "changes_at": None,
            "commitment": "0" * 64,
            "conclusion": "UNKNOWN",
            "reason": "erased",
            "region": "",
            "saw": {},
            "table": "hr_person",
        },
    ]
    assert result.encoded({"hr_person": {"ada": "1" * 64}}) == canonical.encode(said)
    with pytest.raises(EvaluationError, match="no commitment"):
        result.to_object()


def test_a_population_check_judges_the_events_of_the_period() -> None:
    rows = [
        bucket("before", created=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)),
        bucket("first", created=on(1)),
        bucket("after", created=on(1, 2)),
    ]
    with evaluator(table("aws_bucket", *rows)) as world:
        result = world.evaluate(check(MADE, MADE_FIELDS), JANUARY, {})
        assert (result.codes, list(result.item_keys())) == ("C", [("aws_bucket", "first")])
        with pytest.raises(EvaluationError, match="name one with --period"):
            world.evaluate(check(MADE, MADE_FIELDS), MOMENT, {})
        with pytest.raises(EvaluationError, match="a row for “after”, which is no item"):
            world.evaluate(
                check(MADE.replace("b.created < $period_end", "b.created <= $period_end"), MADE_FIELDS),
                JANUARY,
                {},
            )


def test_gaps_of_a_population_reach_only_what_may_have_occurred() -> None:
    rows = [
        bucket("before", created=datetime(2025, 12, 1, tzinfo=UTC)),
        bucket("first", created=on(1)),
        bucket("undated"),
    ]

    def judged(*gaps) -> dict[str | None, str]:
        return {
            row.item: str(row.conclusion) for row in world.judge(check(MADE, MADE_FIELDS), JANUARY, {}, gaps)
        }

    with evaluator(table("aws_bucket", *rows)) as world:
        assert judged() == {"first": "CONFORMS"}
        assert judged(gap("aws_bucket", key="first")) == {"first": "UNKNOWN"}
        assert judged(gap("aws_bucket", key="before")) == {"first": "CONFORMS"}
        assert judged(gap("aws_bucket", key="undated", columns=frozenset({"created"}))) == {
            "first": "CONFORMS",
            "undated": "UNKNOWN",
        }
        assert judged(gap("aws_bucket", key="unseen")) == {"first": "CONFORMS", "unseen": "UNKNOWN"}
        assert judged(gap("aws_bucket")) == {"first": "UNKNOWN", "undated": "UNKNOWN"}
        assert judged(gap("aws_bucket", Reason.NOT_COVERED)) == {"first": "CONFORMS", None: "UNKNOWN"}


def test_a_parameter_without_a_value_is_named() -> None:
    with (
        evaluator(table("aws_bucket")) as world,
        pytest.raises(EvaluationError, match="assay parameter set days VALUE"),
    ):
        world.evaluate(check(TIMED, TIMED_FIELDS), MOMENT, {})


def test_parameters_may_be_lists_empty_ones_and_none() -> None:
    sql = """select b.key as item, case when matches_any(b.name, $allowed) then 'CONFORMS' else 'DEVIATES' end as conclusion,
      case when $limit is null then 'no limit' else 'limit' end as reason, unmatched(b.tags, $allowed) as saw_other from aws_bucket as b"""
    one = check(sql, "tables: [aws_bucket]\nparameters: [allowed, limit]\nkind: item")
    with evaluator(table("aws_bucket", bucket("logs_1", tags=["logs", "x"]), bucket("data"))) as world:
        result = world.evaluate(one, MOMENT, {"allowed": ["logs*"], "limit": None})
        assert result.codes == "DC"
        assert world.evaluate(one, MOMENT, {"allowed": [], "limit": 3}).codes == "DD"
        assert [
            row.saw["other"] for row in world.judge(one, MOMENT, {"allowed": ["logs*"], "limit": None})
        ] == [None, ["x"]]


@pytest.mark.parametrize(
    ("value", "pattern", "matches"),
    [
        ("a_b", "a_b", True),
        ("axb", "a_b", False),
        ("a%b", "a%b", True),
        ("azzb", "a%b", False),
        ("a\\b", "a\\b", True),
        ("abc", "a*", True),
        ("abc", "a?c", True),
        ("ac", "a?c", False),
        ("[a]", "[a]", True),
        ("a", "[a]", False),
        ("A", "a", False),
        ("", "*", True),
    ],
)
def test_in_patterns_only_star_and_question_mark_mean_something(
    value: str, pattern: str, matches: bool
) -> None:
    sql = """select b.key as item, case when matches_any(b.name, $p) then 'CONFORMS' else 'DEVIATES' end as conclusion, 'r' as reason
      from aws_bucket as b"""
    with evaluator(table("aws_bucket", bucket("k", name=value))) as world:
        one = check(sql, "tables: [aws_bucket]\nparameters: [p]\nkind: item")
        assert world.evaluate(one, MOMENT, {"p": [pattern]}).codes == ("C" if matches else "D")


def test_a_date_in_the_zone_begins_at_local_midnight() -> None:
    sql = """select b.key as item, 'DEVIATES' as conclusion, 'r' as reason, local_date(b.created, $zone) as saw_day,
      local_midnight(local_date(b.created, $zone), $zone) as saw_begins from aws_bucket as b"""
    with evaluator(
        table("aws_bucket", bucket("k", created=datetime(2026, 7, 1, 22, 30, tzinfo=UTC)))
    ) as world:
        [note] = world.evaluate(check(sql), Moment(w.AS_OF, "Europe/Berlin"), {}).notes
    assert note.saw == {"begins": "2026-07-01T22:00:00Z", "day": "2026-07-02"}


def test_observed_values_are_canonical() -> None:
    sql = """select b.key as item, 'DEVIATES' as conclusion, 'r' as reason, b.size as saw_size, b.created as saw_created, b.tags as saw_tags,
      cast(b.size as decimal(38, 2)) as saw_exact, b.public as saw_public, cast(b.created as date) as saw_day, count(*) over () as saw_count
      from aws_bucket as b"""
    rows = [bucket("k", size=2**53, created=on(2), tags=["é", '"']), bucket("l", size=-1)]
    with evaluator(table("aws_bucket", *rows)) as world:
        result = world.evaluate(check(sql), MOMENT, {})
    assert [note.saw for note in result.notes] == [
        {
            "count": 2,
            "created": "2026-01-02T00:00:00Z",
            "day": "2026-01-02",
            "exact": "9007199254740992.00",
            "public": False,
            "size": "9007199254740992",
        }
        | {"tags": ["é", '"']},
        {
            "count": 2,
            "created": None,
            "day": None,
            "exact": "-1.00",
            "public": False,
            "size": -1,
            "tags": None,
        },
    ]
    assert result.encoded() == canonical.encode(result.to_object())


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(lambda text: "\x00" not in text)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        TEXTS.filter(bool), st.tuples(TEXTS, st.sampled_from([True, False, None]), TEXTS), max_size=6
    ),
    st.booleans(),
)
def test_the_bytes_of_a_set_are_canonical_whatever_the_records_hold(named: dict, gapped: bool) -> None:
    rows = [
        bucket(key, name=name, public=public, owner=owner) for key, (name, public, owner) in named.items()
    ]
    sql = PUBLIC.replace("'private'", "b.owner").replace("from", ", b.public as saw_public from")
    gaps = (
        [gap("aws_bucket", key=next(iter(named), "x")), gap("aws_bucket", region="ap-south-1")]
        if gapped
        else []
    )
    with evaluator(table("aws_bucket", *rows)) as world:
        result = world.evaluate(check(sql), MOMENT, {}, gaps)
    assert result.encoded() == canonical.encode(result.to_object())
    assert canonical.decode(result.encoded()) == result.to_object()


def test_the_same_inputs_in_any_order_give_the_same_bytes() -> None:
    rows = [bucket(f"b{n:03}", public=n % 3 == 0, account=HERE if n % 2 else THERE) for n in range(100)]
    with (
        evaluator(table("aws_bucket", *rows)) as one,
        evaluator(table("aws_bucket", *rows[50:]), table("aws_bucket", *rows[49::-1]), threads=2) as other,
    ):
        assert (
            one.evaluate(check(PUBLIC), MOMENT, {}).encoded()
            == other.evaluate(check(PUBLIC), MOMENT, {}).encoded()
        )


def test_many_checks_judged_together_give_what_each_gives_alone() -> None:
    rows = [bucket(f"b{n:03}", public=n % 3 == 0, created=on(1 + n % 28)) for n in range(300)]
    timed, wrong = check(TIMED, TIMED_FIELDS), check(PUBLIC.replace("'DEVIATES'", "'WRONG'"))
    work = [(check(PUBLIC), {}), (timed, {"days": 45}), (wrong, {}), (timed, {"days": 30})] * 5
    gaps = [gap("aws_bucket", key="b007")]
    with evaluator(table("aws_bucket", *rows), threads=2) as world:
        together = list(world.evaluate_each(work, MOMENT, gaps))
        assert [isinstance(result, EvaluationError) for result in together] == [
            one is wrong for one, _ in work
        ]
        for (one, parameters), result in zip(work, together, strict=True):
            if isinstance(result, ConclusionSet):
                assert result.encoded() == world.evaluate(one, MOMENT, parameters, gaps).encoded()


def test_parquet_and_rows_give_the_same_bytes(tmp_path: Path) -> None:
    types = column_types(w.SPECS["aws_bucket"])
    path = tmp_path / "aws_bucket.parquet"
    connection = duckdb.connect()
    connection.execute(
        f"""copy (select 'b' as key, '{HERE}' as account, 'eu-west-1' as region, null::varchar as parent, 'é' as name, true as public,
        'ann' as owner, timestamp '2026-01-10' as created, ['x'] as tags, 7 as size) to '{path}' (format parquet)"""
    )
    row = bucket("b", name="é", public=True, owner="ann", created=on(10), tags=["x"], size=7)
    one = check(
        PUBLIC.replace("from", ", b.created as saw_created, b.tags as saw_tags, b.size as saw_size from")
    )
    with (
        evaluator(TableInput("aws_bucket", tuple(types.items()), parquet=str(path))) as filed,
        evaluator(table("aws_bucket", row)) as given_rows,
    ):
        assert filed.evaluate(one, MOMENT, {}).encoded() == given_rows.evaluate(one, MOMENT, {}).encoded()


def test_inputs_that_do_not_fit_their_spec_are_refused() -> None:
    with pytest.raises(EvaluationError, match="do not fit its spec at the column"):
        evaluator(TableInput("aws_bucket", (("key", "text"),), [("a",)]))
    with pytest.raises(EvaluationError, match="records of aws_nothing, which no table spec describes"):
        evaluator(TableInput("aws_nothing", (), []))


def test_dates_are_loaded_as_dates() -> None:
    people = [
        {"key": "p", "account": "f", "region": "", "email": "ben@example.com", "ended": date(2026, 2, 28)}
    ]
    sql = """select p.key as item, case when p.ended < local_date($as_of, $zone) then 'DEVIATES' else 'CONFORMS' end as conclusion, 'r' as reason
      from hr_person as p"""
    one = check(sql, "tables: [hr_person]\nkind: item")
    with evaluator(table("hr_person", *people)) as world:
        assert world.evaluate(one, MOMENT, {}).codes == "D"
        assert world.evaluate(one, Moment(datetime(2026, 2, 28, 12, tzinfo=UTC)), {}).codes == "C"
