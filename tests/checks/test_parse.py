"""A check file: what its header and SQL must say, and the sentence that its author gets when they do not."""

from __future__ import annotations

import check_worlds as w
import pytest
from check_worlds import OWNED, OWNED_FIELDS, PUBLIC, check

from assay.checks import CheckError, Kind, Link, Remedy, Severity, explain, load_checks, parse_check
from assay.content_tree import Content

FILE = """/*
title: Every bucket is private
controls: [NET-09, IAM-06]
tables: [aws_bucket, aws_owner]
parameters: [trusted_owners]
kind: item
links: {aws_owner: owner}
severity: high
needs: opt-in
shows: Whether a bucket is public.
does_not_show: Objects.
remedy:
  console: Open the bucket, then Permissions.
  cli: aws s3api put-public-access-block
cases:
  - name: a private bucket conforms
    parameters: {trusted_owners: [ann]}
    aws_bucket: [{key: one, name: one, public: false, owner: ann, created: 2026-01-01T00:00:00Z, tags: ["a:b"], size: 3}]
    expect: [{item: one, conclusion: CONFORMS}]
  - name: a public one does not
    like: a private bucket conforms
    as_of: 2026-04-01T00:00:00Z
    change: {aws_bucket: [{public: true}]}
    expect: [{item: one, conclusion: DEVIATES}]
  - name: through the collector
    recording: aws/s3/two-buckets
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
-- a comment is no part of what runs
select b.key as item, case when b.public and not matches_any(o.arn, $trusted_owners) then 'DEVIATES' else 'CONFORMS' end as conclusion,
  'seen' as reason, b.owner as saw_owner
from aws_bucket as b left join aws_owner as o on o.key = b.owner
"""


def parsed(text: str = FILE) -> object:
    return parse_check("checks/aws/s3/private.sql", text.encode(), w.SPECS)


def test_a_file_becomes_a_check() -> None:
    one = parse_check("checks/aws/s3/private.sql", FILE.encode(), w.SPECS)
    assert (one.id, one.title, one.controls) == (
        "aws.s3.private",
        "Every bucket is private",
        ("NET-09", "IAM-06"),
    )
    assert (one.tables, one.items, one.joined) == (
        ("aws_bucket", "aws_owner"),
        ("aws_bucket",),
        ("aws_owner",),
    )
    assert (one.kind, one.severity, one.needs) == (Kind.ITEM, Severity.HIGH, "opt-in")
    assert one.links == {"aws_owner": Link("key", "owner")}
    assert one.remedy == Remedy(
        "Open the bucket, then Permissions.", "aws s3api put-public-access-block", None
    )
    assert one.reads == {"aws_bucket": {"key", "public", "owner"}, "aws_owner": {"arn", "key"}}
    assert one.plan.literals == {"CONFORMS", "DEVIATES"}
    assert "--" not in one.plan.sql
    assert "comment" in one.sql


def test_a_link_says_within_what_and_of_what() -> None:
    text = FILE.replace(
        "links: {aws_owner: owner}", "links: {aws_owner: {key: tags, within: place, of: aws_bucket}}"
    )
    one = parse_check("checks/aws/s3/private.sql", text.encode(), w.SPECS)
    assert one.links == {"aws_owner": Link("key", "tags", in_place=True, items="aws_bucket")}
    assert one.reads["aws_bucket"] >= {"tags"}
    assert explain(one)["links"] == {"aws_owner": "key = tags of aws_bucket, same account and region"}


def test_a_case_can_play_recordings_of_several_sources() -> None:
    text = FILE.replace("recording: aws/s3/two-buckets", "recording: [aws/s3/two-buckets, file/people]")
    assert parse_check("checks/aws/s3/private.sql", text.encode(), w.SPECS).cases[2].recording == (
        "aws/s3/two-buckets",
        "file/people",
    )


def test_cases_are_whole_and_typed() -> None:
    first, second, third = parse_check("checks/aws/s3/private.sql", FILE.encode(), w.SPECS).cases
    assert first.rows["aws_bucket"][0]["account"] == "111122223333"
    assert first.rows["aws_bucket"][0]["region"] == "eu-west-1"
    assert (second.parameters, second.as_of.month) == ({"trusted_owners": ["ann"]}, 4)
    assert second.rows["aws_bucket"] == ({**first.rows["aws_bucket"][0], "public": True},)
    assert (third.recording, third.expect) == (("aws/s3/two-buckets",), {"CONFORMS": 1, "DEVIATES": 1})


def test_checks_are_found_by_their_place() -> None:
    content = Content({"checks/aws/s3/private.sql": FILE.encode(), "tables/x.yaml": b""})
    assert list(load_checks(content, w.SPECS)) == ["aws.s3.private"]


def test_a_check_is_explained_in_plain_values() -> None:
    said = explain(parse_check("checks/aws/s3/private.sql", FILE.encode(), w.SPECS))
    assert said["reads"] == {"aws_bucket": ["key", "owner", "public"], "aws_owner": ["arn", "key"]}
    assert said["concludes"] == ["CONFORMS", "DEVIATES"]
    assert said["links"] == {"aws_owner": "key = owner"}
    assert said["cases"][0] == "a private bucket conforms"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("/*\ntitle", "title", "does not begin with a header"),
        ("title: Every", "title: [Every", "The file is no YAML that Assay reads"),
        ("severity: high", "severity: high\nseverity: low", "gives the key 'severity' a second time"),
        (
            "severity: high",
            "severity: fatal",
            "`severity: fatal` is not known; write one of high, medium, low",
        ),
        ("severity: high\n", "", "`severity` is missing"),
        ("needs: opt-in", "remedies: none", "`remedies` is not a field of a check"),
        ("title: Every bucket is private", "title: 7", "`title` is not text"),
        ("[NET-09, IAM-06]", "[net-9]", "“net-9” is not the id of a control"),
        ("[NET-09, IAM-06]", "[NET-09, NET-09]", "names something twice"),
        ("kind: item", "kind: timed", "`kind: timed` is not known; write one of item, population"),
        ("kind: item", "kind: item\noccurs: {aws_bucket: created}", "`occurs` belongs to `kind: population`"),
        ("kind: item", "kind: item\nitems: [hr_person]", "`items`: “hr_person” is not among `tables`"),
        (
            "tables: [aws_bucket, aws_owner]",
            "tables: [aws_bucket, aws_owner, hr_person]",
            "the SQL never reads “hr_person”",
        ),
        (
            "tables: [aws_bucket, aws_owner]",
            "tables: [aws_bucket, aws_owners]",
            "there is no table “aws_owners”; there are aws_bucket, aws_owner",
        ),
        ("tables: [aws_bucket, aws_owner]", "tables: [aws_bucket]", "“aws_owner” is not declared"),
        ("parameters: [trusted_owners]\n", "", "reads $trusted_owners, which is not declared"),
        ("parameters: [trusted_owners]", "parameters: [trusted_owners, other]", "never reads $other"),
        (
            "parameters: [trusted_owners]",
            "parameters: [trusted_owners, as_of]",
            "$as_of is given by the engine",
        ),
        ("links: {aws_owner: owner}", "links: {hr_person: owner}", "“hr_person” is not a joined table"),
        ("links: {aws_owner: owner}", "links: {aws_owner: arn}", "no items table has a column “arn”"),
        (
            "links: {aws_owner: owner}",
            "links: {aws_owner: {name: owner}}",
            "known by its key or its parent, not by “name”",
        ),
        (
            "links: {aws_owner: owner}",
            "links: {aws_owner: {key: owner, parent: owner}}",
            "known by its key or its parent, not by “key and parent”",
        ),
        (
            "links: {aws_owner: owner}",
            "links: {aws_owner: {key: owner, within: region}}",
            "stand at most `within: place`",
        ),
        (
            "links: {aws_owner: owner}",
            "links: {aws_owner: {key: owner, of: aws_owner}}",
            "and `of: TABLE`, a table of the items",
        ),
        (
            "links: {aws_owner: owner}",
            "links: {aws_owner: tags}",
            "“tags” is a list, which ties records of the same account and region only; write `aws_owner: {key: tags, within: place}`",
        ),
        ("recording: aws/s3/two-buckets", "recording: two-buckets", "`recording` is not the name of one"),
        ("remedy:\n  console", "remedy:\n  phone", "`remedy` is not steps by means"),
        (
            "name: a public one does not",
            "name: a private bucket conforms",
            "two are named “a private bucket conforms”",
        ),
        ("like: a private", "like: an unknown", "`like: an unknown bucket conforms` is not an earlier case"),
        ("{public: true}", "{open: true}", "aws_bucket has no column “open”"),
        ("public: false", "public: 'no'", "`aws_bucket.public: no` is not of type boolean"),
        ("name: one,", "name: 17,", "`aws_bucket.name: 17` is not of type text; put it in quotes"),
        ("created: 2026-01-01T00:00:00Z", "created: 2026-01-01", "names no instant"),
        ("conclusion: CONFORMS}", "conclusion: PASSED}", "`expect` is a list of items"),
        ("{CONFORMS: 1, DEVIATES: 1}", "[]", "a recording expects counts by conclusion"),
        ("recording: aws/s3/two-buckets", "recorded: x", "`recorded` is not known"),
        ("'seen' as reason,", "", "gives no column “reason”"),
        ("as saw_owner", "as owner", "gives a column “owner”; call it saw_owner"),
        (
            "b.owner as saw_owner",
            "b.region || $period_start as saw_owner",
            "reads the period, which only `kind: population` has",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_field_and_remedy(old: str, new: str, sentence: str) -> None:
    assert old in FILE
    with pytest.raises(CheckError) as error:
        parsed(FILE.replace(old, new, 1))
    assert str(error.value).startswith("checks/aws/s3/private.sql: ")
    assert sentence in str(error.value)


@pytest.mark.parametrize("path", ["checks/S3/Public.sql", "checks/one.sql", "checks/a/b-c.sql"])
def test_a_path_that_gives_no_id_is_refused(path: str) -> None:
    with pytest.raises(CheckError, match="a check's path gives its id"):
        parse_check(path, FILE.encode(), w.SPECS)


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        (PUBLIC, {"aws_bucket": {"key", "public", "name"}}),
        ("with x as (select t.key as k, t.size as s from aws_bucket as t) select x.k as item, 'CONFORMS' as conclusion, 'r' as reason from x",
         {"aws_bucket": {"key", "size"}}),
        ("select key as item, 'CONFORMS' as conclusion, 'r' as reason from aws_bucket order by created", {"aws_bucket": {"key", "created"}}),
        ("select b.key as item, 'CONFORMS' as conclusion, 'r' as reason from aws_bucket as b where exists (select 1 from aws_bucket as c where c.size > b.size)",
         {"aws_bucket": {"key", "size"}}),
        ("select b.key as item, 'CONFORMS' as conclusion, row_number() over (partition by b.owner order by b.created)::text as reason from aws_bucket as b",
         {"aws_bucket": {"key", "owner", "created"}}),
        ("select s.item, 'CONFORMS' as conclusion, 'r' as reason from (select b.key as item, b.tags as t from aws_bucket as b) as s",
         {"aws_bucket": {"key", "tags"}}),
    ],
)  # fmt: skip
def test_columns_are_found_through_aliases_ctes_and_subqueries(sql: str, reads: dict[str, set[str]]) -> None:
    assert check(sql).reads == reads


def test_columns_that_links_go_by_are_read() -> None:
    sql = OWNED.replace("o.key = b.owner", "o.arn = b.name")
    assert "owner" not in check(sql, OWNED_FIELDS).reads["aws_bucket"]
    assert "owner" in check(sql, f"{OWNED_FIELDS}\nlinks: {{aws_owner: owner}}").reads["aws_bucket"]


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (PUBLIC.replace("b.public is null", "b.publik is null"), "there is no column “publik”"),
        (PUBLIC.replace("b.public is null", "c.public is null"), "nothing here is called “c”"),
        (PUBLIC.replace("b.public is null", "publik is null"), "No table here has a column “publik”"),
        (PUBLIC.replace("b.public is null", "B.PUBLIC is null"), "is not plain; write names in lower-case"),
        (PUBLIC.replace("'public'", "now()::text"), "calls now"),
        (PUBLIC.replace("'public'", "current_date::text"), "use $as_of"),
        (PUBLIC.replace("aws_bucket as b", "main.aws_bucket as b"), "is not a declared table"),
        (f"{PUBLIC} limit 1", "a check gives a row for every item"),
        (f"{PUBLIC} union {PUBLIC}", "write UNION ALL"),
        (
            f"{PUBLIC} union all {PUBLIC.replace('b.name as saw_name', 'b.owner as saw_owner')}",
            "give the same names in the same order",
        ),
        (f"with aws_bucket as (select 1 as a) {PUBLIC}", "has the name of something else"),
        (PUBLIC.replace("b.name as", "b.name.x as"), "digs into a value"),
        (PUBLIC.replace("b.name as", "$1 as"), "is not a parameter with a plain name"),
        (PUBLIC.replace("b.name as", "try_cast(b.name as int) as"), "the columns have types already"),
        (PUBLIC.replace("b.name as", "cast(b.name as json) as"), "is a type that checks cannot use"),
        (PUBLIC + " join aws_bucket as c using (key)", "write ON with both columns"),
        (PUBLIC + ", aws_bucket as c", "joins without saying on what"),
        (PUBLIC + " asof join aws_bucket as c on c.created >= b.created", "is a join that checks cannot use"),
        (
            PUBLIC.replace("b.name as", "created as") + " left join aws_bucket as c on c.key = b.owner",
            "write b.created or c.created",
        ),
    ],
)
def test_the_lint_says_what_to_write_instead(sql: str, sentence: str) -> None:
    with pytest.raises(CheckError) as error:
        check(sql)
    assert sentence in str(error.value)
