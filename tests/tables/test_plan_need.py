"""What a table needs of the vendor's plan: read strictly, and as a text alone as the first content files had it."""

from __future__ import annotations

import pytest

from assay.tables import Given, PlanNeed, TableSpecError, parse_table

TABLE = """\
says: A thing.
source: github
reach: account
list:
  call: GET /orgs/{org}/teams
  ask: {org: "{account}"}
  keep: [id]
key: "{id}"
columns:
  id: {type: integer, from: id, says: Its number.}
permissions: [members:read]
"""


def plan(text: str) -> PlanNeed | None:
    return parse_table("tables/github/thing.yaml", (TABLE + text).encode(), "digest").plan


def test_a_need_says_what_each_plan_gives_and_what_can_stand_in() -> None:
    need = plan("plan: {given: {free: none, team: all}, needs: It needs Team., instead: Show it by hand.}\n")
    assert need == PlanNeed({"free": Given.NONE, "team": Given.ALL}, "It needs Team.", "Show it by hand.")
    assert need.says == "It needs Team. Show it by hand."


def test_a_text_alone_is_the_need_in_words() -> None:
    need = plan("plan: It needs Team.\n")
    assert need == PlanNeed({}, "It needs Team.")
    assert need.says == "It needs Team."


def test_most_tables_need_no_plan() -> None:
    assert plan("") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "plan: {given: {free: some}, needs: A., instead: B.}",
            r"`plan.given.free` is .*write one of all, public, bought, none",
        ),
        ("plan: {given: free, needs: A., instead: B.}", r"`plan.given` must be an object"),
        ("plan: {given: {free: none}, instead: B.}", r"`plan.needs` must be a text"),
        ("plan: {given: {free: none}, needs: A., instead: B., why: C.}", r"`plan.why` is no field"),
    ],
)
def test_a_need_that_is_written_wrongly_is_refused(text: str, problem: str) -> None:
    with pytest.raises(TableSpecError, match=problem):
        plan(text + "\n")
