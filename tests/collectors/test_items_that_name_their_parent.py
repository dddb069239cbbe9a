"""A list that gives the children of many records at once: each item says to whom it belongs, and its gaps say so too, or nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from fake_source import population, run, spec_text, tables

from assay.evidence.gaps import Reason

RULE = {
    "list": {
        "call": "x.list_rules",
        "items": "Rules",
        "keep": ["Id", "Group", "Open"],
        "parent": "group/{account}/{Group}",
    },
    "key": "rule/{Id}",
    "columns": {
        "group": {"type": "text", "from": "Group", "required": True, "says": "x"},
        "open": {"type": "boolean", "from": "Open", "required": True, "says": "x"},
    },
}
GROUP_B = "group/111122223333/b"


def seen(*rules: dict[str, Any]) -> Any:
    return population(
        run(tables(rule=spec_text(**RULE)), {"x.list_rules": {"Rules": list(rules)}})["aws_rule", ""]
    )


def test_a_record_has_the_parent_that_it_names() -> None:
    one = seen({"Id": "1", "Group": "a", "Open": True}, {"Id": "2", "Group": "b", "Open": False})
    assert [(record.key, record.parent) for record in one.records] == [
        ("rule/1", "group/111122223333/a"),
        ("rule/2", GROUP_B),
    ]
    assert one.gaps == []


@pytest.mark.parametrize("open_", [None, "yes", "\ud800"])
def test_a_gap_over_an_item_names_the_parent(open_: Any) -> None:
    one = seen({"Id": "1", "Group": "a", "Open": True}, {"Id": "2", "Group": "b", "Open": open_})
    assert [(gap.reason, gap.key, gap.parent) for gap in one.gaps] == [(Reason.MALFORMED, "rule/2", GROUP_B)]


@pytest.mark.parametrize("group", [None, ["b"], {"Id": "b"}])
def test_a_parent_that_is_no_plain_text_is_not_guessed(group: Any) -> None:
    one = seen({"Id": "2", "Group": group, "Open": True})
    assert [(gap.key, gap.parent) for gap in one.gaps] == [("rule/2", None)]
