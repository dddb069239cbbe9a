"""A table spec is read strictly: what is wrong is said with file, field and remedy, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from assay.content_tree import Content
from assay.tables import Reach, TableSpecError, Type, load_tables, parse_table

PATH = "tables/aws/thing.yaml"


def thing(**changed: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "says": "A thing.",
        "source": "aws",
        "reach": "region",
        "list": {"call": "ec2.describe_things", "items": "Things", "keep": ["Id", "Open", "Parts[].Size"]},
        "key": "arn:aws:ec2:{region}:{account}:thing/{Id}",
        "each": [
            {
                "call": "ec2.get_thing_lock",
                "ask": {"Id": "{Id}"},
                "keep": ["Lock.Days"],
                "absent_when": ["NoLock"],
            }
        ],
        "columns": {
            "id": {"type": "text", "from": "Id", "says": "Its id."},
            "open": {"type": "boolean", "from": "Open", "required": True, "says": "Whether it is open."},
            "lock_days": {
                "type": "integer",
                "of": "get_thing_lock",
                "from": "Lock.Days",
                "absent": 0,
                "says": "Days.",
            },
        },
        "permissions": ["ec2:DescribeThings", "ec2:GetThingLock"],
    }
    spec.update(changed)
    return {name: value for name, value in spec.items() if value is not None}


def parse(spec: dict[str, Any]) -> Any:
    return parse_table(PATH, yaml.safe_dump(spec).encode(), "0" * 64)


def refusal(spec: dict[str, Any]) -> str:
    with pytest.raises(TableSpecError) as refused:
        parse(spec)
    return str(refused.value)


def test_a_spec_becomes_plain_values() -> None:
    spec = parse(thing())
    assert (spec.name, spec.source, spec.reach, spec.part) == (
        "aws_thing",
        "aws",
        Reach.REGION,
        "describe_things",
    )
    assert {name: (column.type, column.of, column.absent) for name, column in spec.columns.items()} == {
        "id": (Type.TEXT, "describe_things", None),
        "open": (Type.BOOLEAN, "describe_things", None),
        "lock_days": (Type.INTEGER, "get_thing_lock", 0),
    }
    assert spec.each[0].absent_when == {"NoLock"}
    assert spec.digest == "0" * 64


def test_the_name_of_a_table_of_files_has_no_source_before_it() -> None:
    spec = thing(source="file", reach="account", each=None, permissions=None)
    spec["list"] = {"call": "file", "keep": ["id"]}
    spec["columns"] = {"id": {"type": "text", "from": "id", "says": "Its id."}}
    assert parse_table("tables/file/hr_person.yaml", yaml.safe_dump(spec).encode(), "").name == "hr_person"


def test_a_call_over_http_is_kept_under_the_last_word_of_its_path() -> None:
    spec = thing(source="github", reach="account", each=None, permissions=["members:read"])
    spec["list"] = {"call": "GET /orgs/{org}/outside-collaborators/{page}", "keep": ["id"]}
    spec["columns"] = {"id": {"type": "text", "from": "id", "says": "Its id."}}
    assert (
        parse_table("tables/github/thing.yaml", yaml.safe_dump(spec).encode(), "").part
        == "outside_collaborators"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sayss": "x"}, "tables/aws/thing.yaml: `sayss` is no field of a table spec; did you mean `says`?."),
        ({"says": None}, "tables/aws/thing.yaml: `says` must be a text, not missing."),
        ({"reach": "world"}, "tables/aws/thing.yaml: `reach` is “world”; write one of account, region."),
        ({"source": "gcp"}, "tables/aws/thing.yaml: `source` is “gcp”; write one of aws, github, file."),
        (
            {"key": "thing/{Id"},
            "tables/aws/thing.yaml: `key` cannot be used: “thing/{Id” has a brace that encloses no field; write {Field} or {Field.Member}.",
        ),
        (
            {"permissions": None},
            "tables/aws/thing.yaml: `permissions` is missing; list the permission of every call, so that the policy can be derived.",
        ),
        (
            {"personal": ["mail"], "subject": "{Id}"},
            "tables/aws/thing.yaml: `personal` names “mail”, which is no column of this table.",
        ),
        (
            {"personal": ["id"]},
            'tables/aws/thing.yaml: `subject` goes with `personal`: name whom a record is about, such as "{email}".',
        ),
        (
            {"columns": {}},
            "tables/aws/thing.yaml: `columns` is missing; name at least one column that a check may read.",
        ),
        (
            {"tags": {"of": "nowhere", "path": "Tags"}},
            "tables/aws/thing.yaml: `tags.of` is “nowhere”; the parts of this table are describe_things, get_thing_lock.",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(change: dict[str, Any], said: str) -> None:
    assert refusal(thing(**change)) == said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            {"type": "number"},
            "`columns.id.type` is “number”; write one of text, boolean, integer, decimal, instant, date, texts.",
        ),
        ({"from": "Id["}, "`columns.id.from` cannot be used: “Id[” is not a JMESPath"),
        (
            {"from": "Name"},
            "`columns.id.from` is “Name”, which `keep` of describe_things does not list; add it there.",
        ),
        (
            {"of": "elsewhere"},
            "`columns.id.of` is “elsewhere”; the parts of this table are describe_things, get_thing_lock.",
        ),
        ({"derive": "policy.wish"}, "`columns.id.derive` is “policy.wish”; known are "),
        (
            {"type": "integer", "absent": "many"},
            "`columns.id.absent` is no integer; write a value of the column's type.",
        ),
        ({"hint": 1}, "`columns.id.hint` is no field of a table spec; known here: "),
    ],
)
def test_what_is_wrong_in_a_column_is_named(column: dict[str, Any], said: str) -> None:
    columns = {"id": {"type": "text", "from": "Id", "says": "Its id.", **column}}
    assert said in refusal(thing(columns=columns))


@pytest.mark.parametrize("name", ["key", "account", "region", "parent", "Id", "with space"])
def test_a_column_has_a_plain_name_of_its_own(name: str) -> None:
    columns = {name: {"type": "text", "from": "Id", "says": "Its id."}}
    assert "cannot be a column's name" in refusal(thing(columns=columns))


def test_a_condition_names_a_column() -> None:
    each = [{"call": "ec2.get_thing_lock", "keep": ["Lock"], "when": {"shut": [True]}}]
    assert refusal(thing(each=each)).endswith("`when` names “shut”, which is no column of this table.")


def test_two_calls_cannot_be_kept_under_one_name() -> None:
    each = [{"call": "rds.describe_things", "keep": ["Id"]}, {"call": "ec2.get_thing_lock", "keep": ["Lock"]}]
    assert "two calls whose answers are kept as “describe_things”" in refusal(thing(each=each))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"says: one\nsays: two\n", "line 2 gives the key 'says' a second time"),
        (b"says: [one\n", "is no YAML that Assay reads"),
        (b"a: &x 1\nb: *x\n", "uses an alias, *x"),
        (b"says: !!python/object/apply:os.system [id]\n", "is no YAML that Assay reads"),
        (b"says: \xff\xfe", "is not UTF-8 at byte 6"),
        (b"- one\n", "the file must be an object of fields, not a list"),
        (b"? {a: 1}\n: x\n", "is no YAML that Assay reads"),
    ],
)
def test_yaml_is_read_strictly(text: bytes, said: str) -> None:
    with pytest.raises(TableSpecError) as refused:
        parse_table(PATH, text, "")
    assert said in str(refused.value)


def test_a_file_elsewhere_is_refused() -> None:
    with pytest.raises(TableSpecError, match=r"must lie at tables/aws/NAME\.yaml"):
        parse_table("tables/github/thing.yaml", yaml.safe_dump(thing()).encode(), "")


def child(**changed: Any) -> bytes:
    spec = thing(key="{parent}/{Id}", **changed)
    spec["list"] = {**spec["list"], "call": "ec2.describe_parts", "for_each": {"table": "aws_thing"}}
    spec["columns"] = {"id": {"type": "text", "from": "Id", "says": "Its id."}}
    return yaml.safe_dump(spec).encode()


def test_an_item_says_to_whom_it_belongs_or_is_listed_for_it_never_both() -> None:
    listing = {"call": "ec2.describe_things", "items": "Things", "keep": ["Id", "Open", "Parts[].Size"]}
    spec = parse(thing(list={**listing, "parent": "arn:aws:ec2:{region}:{account}:box/{Box}"}))
    assert spec.list.parent.fields == ("region", "account", "Box")
    both = {**listing, "parent": "{Box}", "for_each": {"table": "aws_box"}}
    assert "`list.parent` is known where there is `for_each`; write one of the two." in refusal(
        thing(list=both)
    )


def test_a_parent_is_a_table_that_is_asked_at_the_same_place() -> None:
    parent = yaml.safe_dump(thing()).encode()
    both = load_tables(Content({PATH: parent, "tables/aws/part.yaml": child()}))
    assert list(both) == ["aws_part", "aws_thing"]
    with pytest.raises(TableSpecError, match="is “aws_thing”, which is no table of aws"):
        load_tables(Content({"tables/aws/part.yaml": child()}))
    with pytest.raises(TableSpecError, match="is asked in each region, so aws_part must be as well"):
        load_tables(Content({PATH: parent, "tables/aws/part.yaml": child(reach="account")}))
