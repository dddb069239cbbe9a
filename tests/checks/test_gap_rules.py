"""What a gap makes unknown: each rule by an example, and the laws that no gap breaks."""

from __future__ import annotations

import check_worlds as w
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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.checks import Conclusion, Judged
from assay.evidence.gaps import Gap, Reason

PUBLIC_CHECK = check(PUBLIC)
OWNED_CHECK = check(OWNED, OWNED_FIELDS)
LINKED_CHECK = check(OWNED, f"{OWNED_FIELDS}\nlinks: {{aws_owner: owner}}")
EVERYWHERE_CHECK = check(OWNED, f"{OWNED_FIELDS}\nlinks: {{aws_owner: everywhere}}")
LISTED_CHECK = check(
    """select b.key as item, case when exists (
        select o.key from aws_owner as o where o.account = b.account and o.region = b.region and list_contains(b.tags, o.key)
      ) then 'CONFORMS' else 'DEVIATES' end as conclusion, 'owners' as reason
    from aws_bucket as b""",
    f"{OWNED_FIELDS}\nlinks: {{aws_owner: {{key: tags, within: place}}}}",
)
COUNTED_CHECK = check(
    """with n as (select region, count(*) as many from aws_bucket group by region)
    select b.key as item, case when n.many < 3 then 'CONFORMS' else 'DEVIATES' end as conclusion, 'counted' as reason
    from aws_bucket as b join n on n.region = b.region"""
)
PEOPLE_CHECK = check(
    """select b.key as item, case when p.ended is null then 'CONFORMS' else 'DEVIATES' end as conclusion, 'owner' as reason
    from aws_bucket as b left join hr_person as p on p.email = b.owner""",
    "tables: [aws_bucket, hr_person]\nkind: item",
)

BUCKETS = (
    bucket("a", owner="ann", parent="p1"),
    bucket("b", owner="ben", parent="p1", public=True),
    bucket("c", owner="ann", parent="p2", region="us-east-1"),
    bucket("d", owner="dee", account=THERE),
)
OWNERS = ({"key": "ann", "account": HERE, "region": "eu-west-1", "arn": "ann", "trusted": True},)
WORLD = evaluator(table("aws_bucket", *BUCKETS), table("aws_owner", *OWNERS), table("hr_person"))
EMPTY = evaluator(table("aws_bucket"), table("aws_owner"), table("hr_person"))


def concluded(one, *gaps: Gap, world=WORLD) -> dict[str | None, str]:
    return {item.item: f"{item.conclusion}" for item in world.judge(one, MOMENT, {}, gaps)}


def unknown(one, *gaps: Gap, world=WORLD) -> set[str | None]:
    return {
        item for item, conclusion in concluded(one, *gaps, world=world).items() if conclusion == "UNKNOWN"
    }


def test_without_a_gap_the_sql_decides() -> None:
    assert concluded(PUBLIC_CHECK) == {"a": "CONFORMS", "b": "DEVIATES", "c": "CONFORMS", "d": "CONFORMS"}


def test_a_gap_over_one_record_makes_that_item_unknown_with_the_reason_of_the_gap() -> None:
    [item] = [
        item
        for item in WORLD.judge(PUBLIC_CHECK, MOMENT, {}, [gap("aws_bucket", key="b")])
        if item.conclusion == "UNKNOWN"
    ]
    assert item == Judged("aws_bucket", "b", Conclusion.UNKNOWN, "denied", {}, None, HERE, "eu-west-1")


def test_a_gap_over_a_record_that_was_never_seen_adds_a_row_named_by_it() -> None:
    assert concluded(PUBLIC_CHECK, gap("aws_bucket", key="new")) == {
        **concluded(PUBLIC_CHECK),
        "new": "UNKNOWN",
    }


def test_a_gap_over_a_key_of_another_place_leaves_this_place_alone() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket", key="a", account=THERE)) == {"a"}
    rows = WORLD.judge(PUBLIC_CHECK, MOMENT, {}, [gap("aws_bucket", key="a", account=THERE)])
    assert [(row.account, str(row.conclusion)) for row in rows if row.item == "a"] == [
        (HERE, "CONFORMS"),
        (THERE, "UNKNOWN"),
    ]


def test_a_gap_over_columns_that_are_not_read_changes_nothing() -> None:
    assert concluded(
        PUBLIC_CHECK, gap("aws_bucket", key="b", columns=frozenset({"size", "tags"}))
    ) == concluded(PUBLIC_CHECK)


def test_a_gap_over_a_column_that_is_only_observed_counts_as_read() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket", key="b", columns=frozenset({"name"}))) == {"b"}


def test_a_gap_in_a_table_that_the_check_does_not_read_changes_nothing() -> None:
    assert concluded(PUBLIC_CHECK, gap("aws_owner")) == concluded(PUBLIC_CHECK)


def test_a_gap_over_a_parent_makes_what_belongs_to_it_unknown() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket", parent="p1")) == {"a", "b"}


def test_a_gap_over_a_parent_of_nothing_known_adds_a_row_named_by_the_parent() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket", parent="p9")) == {"p9"}


def test_a_gap_over_a_place_makes_every_known_item_of_it_unknown_and_no_other() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket")) == {"a", "b"}


def test_a_gap_over_an_account_takes_all_its_regions() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket", region=None)) == {"a", "b", "c"}


def test_a_gap_without_a_place_takes_everything() -> None:
    assert unknown(PUBLIC_CHECK, gap("aws_bucket", account=None, region=None)) == {"a", "b", "c", "d"}


def test_a_gap_over_a_place_with_nothing_known_adds_one_row_for_the_place() -> None:
    rows = WORLD.judge(
        PUBLIC_CHECK,
        MOMENT,
        {},
        [gap("aws_bucket", region="ap-south-1"), gap("aws_bucket", region="ap-south-1", call="x")],
    )
    assert rows[-1] == Judged("aws_bucket", None, Conclusion.UNKNOWN, "denied", {}, None, HERE, "ap-south-1")
    assert len(rows) == 5


def test_a_joined_gap_takes_the_items_of_its_account_and_region() -> None:
    assert unknown(OWNED_CHECK, gap("aws_owner", key="zoe")) == {"a", "b"}


def test_a_joined_gap_over_columns_that_are_not_read_changes_nothing() -> None:
    assert unknown(OWNED_CHECK, gap("aws_owner", key="ann", columns=frozenset({"email"}))) == set()


def test_a_link_narrows_a_joined_gap_to_the_items_that_point_at_the_record() -> None:
    assert unknown(LINKED_CHECK, gap("aws_owner", key="ann")) == {"a", "c"}
    assert unknown(LINKED_CHECK, gap("aws_owner", key="zoe")) == set()


def test_a_place_that_was_not_seen_reaches_whatever_points_into_it_from_anywhere() -> None:
    """a and b lie in the place; c of another region points at ann, who lies there; d of another account points at dee, whom nobody knows."""
    assert unknown(LINKED_CHECK, gap("aws_owner")) == {"a", "b", "c", "d"}


def test_an_item_that_points_at_a_record_known_elsewhere_is_left_alone() -> None:
    owners = (*OWNERS, {"key": "eve", "account": THERE, "region": "eu-west-1", "arn": "eve", "trusted": True})
    world = evaluator(
        table("aws_bucket", bucket("e", owner="eve", account=THERE), bucket("f", account=THERE)),
        table("aws_owner", *owners),
        table("hr_person"),
    )
    assert unknown(LINKED_CHECK, gap("aws_owner"), world=world) == set()
    assert unknown(LINKED_CHECK, gap("aws_owner", account=THERE), world=world) == {"e", "f"}


LISTING = evaluator(
    table(
        "aws_bucket",
        bucket("a", tags=["ann", "ben"]),
        bucket("b", tags=["ben"]),
        bucket("c", tags=["ann"], region="us-east-1"),
        bucket("d", tags=[]),
        bucket("e", tags=None),
    ),
    table("aws_owner", *OWNERS),
    table("hr_person"),
)


def test_a_link_within_the_place_goes_by_names_that_count_only_there_and_by_the_members_of_a_list() -> None:
    assert unknown(LISTED_CHECK, gap("aws_owner", key="ann"), world=LISTING) == {"a"}
    assert unknown(LISTED_CHECK, gap("aws_owner", key="ben"), world=LISTING) == {"a", "b"}
    assert unknown(LISTED_CHECK, gap("aws_owner", key="ann", region="us-east-1"), world=LISTING) == {"c"}
    assert unknown(LISTED_CHECK, gap("aws_owner", key="ann", account=THERE), world=LISTING) == set()


def test_a_place_that_was_not_seen_reaches_no_further_than_a_link_within_it() -> None:
    assert unknown(LISTED_CHECK, gap("aws_owner"), world=LISTING) == {"a", "b", "d", "e"}


def test_a_link_of_one_items_table_leaves_the_others_alone() -> None:
    both = check(
        """select b.key as item, case when o.trusted then 'CONFORMS' else 'DEVIATES' end as conclusion, 'owner' as reason
        from aws_bucket as b left join aws_owner as o on o.key = b.owner
        union all select p.key as item, case when p.ended is null then 'CONFORMS' else 'DEVIATES' end as conclusion, 'end' as reason
        from hr_person as p""",
        "tables: [aws_bucket, aws_owner, hr_person]\nitems: [aws_bucket, hr_person]\nkind: item\nlinks: {aws_owner: {key: owner, of: aws_bucket}}",
    )
    people = ({"key": "ann", "account": "hr", "region": "", "email": "ann"},)
    world = evaluator(table("aws_bucket", *BUCKETS), table("aws_owner", *OWNERS), table("hr_person", *people))
    assert unknown(both, gap("aws_owner", key="ann"), world=world) == {"a", "c"}
    assert unknown(both, gap("aws_owner", account=None, region=None), world=world) == {"a", "b", "c", "d"}


def test_a_link_can_say_that_items_rest_on_records_everywhere() -> None:
    assert unknown(EVERYWHERE_CHECK, gap("aws_owner", key="zoe")) == {"a", "b", "c", "d"}


def test_a_joined_gap_of_another_source_takes_every_item() -> None:
    assert unknown(PEOPLE_CHECK, gap("hr_person", account="people.csv", region="")) == {"a", "b", "c", "d"}


def test_a_joined_gap_adds_no_row_where_there_is_no_item() -> None:
    assert concluded(OWNED_CHECK, gap("aws_owner"), world=EMPTY) == {}


def test_a_record_gap_reaches_items_that_rest_on_their_neighbours() -> None:
    assert COUNTED_CHECK.plan.across == {"aws_bucket"}
    assert unknown(COUNTED_CHECK, gap("aws_bucket", key="a")) == {"a", "b"}


def test_a_table_that_was_never_given_is_not_connected() -> None:
    with evaluator(table("aws_bucket", *BUCKETS)) as world:
        rows = world.judge(PEOPLE_CHECK, MOMENT, {})
    assert {row.item: row.reason for row in rows} == dict.fromkeys("abcd", "not_connected")


def test_the_first_reason_in_the_fixed_order_of_gaps_wins() -> None:
    one, other = gap("aws_bucket", Reason.THROTTLED, key="a"), gap("aws_bucket", Reason.DENIED)
    reasons = [
        [row.reason for row in WORLD.judge(PUBLIC_CHECK, MOMENT, {}, order)]
        for order in ([one, other], [other, one])
    ]
    assert reasons[0] == reasons[1] == ["denied", "denied", "private", "private"]


GAPS = st.builds(
    Gap,
    table=st.sampled_from(["aws_bucket", "aws_owner", "hr_person"]),
    reason=st.sampled_from(Reason),
    account=st.sampled_from([HERE, THERE, "people.csv", None]),
    region=st.sampled_from(["eu-west-1", "us-east-1", "ap-south-1", "", None]),
    parent=st.sampled_from([None, None, "p1", "p9"]),
    key=st.sampled_from([None, None, "a", "d", "ann", "new"]),
    columns=st.none()
    | st.frozensets(
        st.sampled_from(["name", "public", "owner", "trusted", "email", "size", "ended"]), min_size=1
    ),
)
CHECKS = st.sampled_from(
    [PUBLIC_CHECK, OWNED_CHECK, LINKED_CHECK, LISTED_CHECK, EVERYWHERE_CHECK, COUNTED_CHECK, PEOPLE_CHECK]
)


def by_item(rows: list[Judged]) -> dict[tuple[str, str | None, str | None, str | None], Judged]:
    return {(row.table, row.item, row.account, row.region): row for row in rows}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHECKS, st.lists(GAPS, max_size=3), GAPS)
def test_adding_a_gap_turns_conclusions_into_unknown_and_nothing_else(
    one, gaps: list[Gap], added: Gap
) -> None:
    before, after = (
        by_item(WORLD.judge(one, MOMENT, {}, gaps)),
        by_item(WORLD.judge(one, MOMENT, {}, [*gaps, added])),
    )
    assert all(row.conclusion == "UNKNOWN" or row == before[name] for name, row in after.items())
    assert all(name in after or name[1] is None or name[1] not in {"a", "b", "c", "d"} for name in before)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHECKS, st.lists(GAPS, max_size=3), GAPS)
def test_a_gap_over_what_is_not_read_changes_nothing(one, gaps: list[Gap], added: Gap) -> None:
    if added.table in one.tables and (added.columns is None or added.columns & one.reads[added.table]):
        return
    assert WORLD.judge(one, MOMENT, {}, gaps) == WORLD.judge(one, MOMENT, {}, [*gaps, added])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHECKS, st.lists(GAPS, max_size=4))
def test_the_set_says_the_same_as_the_items_one_by_one(one, gaps: list[Gap]) -> None:
    rows, result = WORLD.judge(one, MOMENT, {}, gaps), WORLD.evaluate(one, MOMENT, {}, gaps)
    assert result.codes == "".join(row.conclusion[0] for row in rows[:4])
    assert [key for _, key in result.item_keys()] == [row.item for row in rows[:4]] == list("abcd")
    expected = [
        (row.item, row.conclusion, row.reason, row.saw) for row in rows if row.conclusion != "CONFORMS"
    ]
    assert [(note.item, note.conclusion, note.reason, note.saw) for note in result.notes] == expected
    assert result.counts == {kind: sum(row.conclusion == kind for row in rows) for kind in Conclusion}


def test_the_specs_of_this_world_are_what_the_rules_need() -> None:
    assert {name: (spec.source, spec.reach) for name, spec in w.SPECS.items()} == {
        "aws_bucket": ("aws", "region"),
        "aws_owner": ("aws", "region"),
        "hr_person": ("file", "account"),
    }
