"""The story of a demo year and its recording: every event can happen, what it says is there at the end, and the recording fits the tables."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from assay.content_tree import Content
from assay.demo.command import command
from assay.demo.years import cloud, code_host, people
from assay.demo.years.company import Company, company_on_first_day, let_a_day_pass
from assay.demo.years.large import PEOPLE, grow, replace_some
from assay.demo.years.recording import recorded
from assay.demo.years.replaying import REFUSALS
from assay.demo.years.storyline import DAYS, by_hand, events
from assay.tables import load_tables

VERBS = people.VERBS | cloud.VERBS | code_host.VERBS
FIRST = date(2026, 1, 5)
SETTINGS = ("parameter", "scope")


def lived(days: int) -> Company:
    company, draw = company_on_first_day(FIRST), Random(1)
    for day in range(days):
        let_a_day_pass(company, day)
        people.training_on(company, day)
        code_host.pull_request_of_the_day(company, day, draw)
        for event in events():
            if event.day == day and event.what not in SETTINGS:
                VERBS[event.what](company, event)
    return company


@pytest.fixture(scope="module")
def last_day() -> Company:
    return lived(DAYS)


def test_the_story_has_every_kind_of_event() -> None:
    assert {event.what for event in events()} == {*VERBS, *SETTINGS}


def test_workers_come_and_go(last_day: Company) -> None:
    states = Counter(row["state"] for row in last_day.lists["hr_person"].values())
    assert states == {"active": 25, "left": 4}
    assert sum(row["kind"] == "contractor" for row in last_day.lists["hr_person"].values()) == 4


def test_one_alert_was_fixed_late_and_one_is_open(last_day: Company) -> None:
    alerts = [one.record["alerts"] for one in last_day.code_host("github_dependabot_alert").values()]
    took = {
        one["dependency"]["package"]["name"]: (
            date.fromisoformat(one["fixed_at"][:10]) - date.fromisoformat(one["created_at"][:10])
        ).days
        for one in alerts
        if one["fixed_at"] and one["security_advisory"]["ghsa_id"].endswith("demo-year")
    }
    assert {name: days for name, days in took.items() if days > 21} == {"httpcraft": 45}
    assert [
        one["number"]
        for one in alerts
        if one["state"] == "open" and one["dependency"]["package"]["name"] == "imagetools"
    ] == [6]


def test_a_pull_request_is_merged_on_every_working_day(last_day: Company) -> None:
    """The story runs from Monday 5 January 2026 to Monday 4 January 2027. What an author approved alone comes beside, one a quarter."""
    pulls = [one.record["pulls"] for one in last_day.code_host("github_pull_request").values()]
    merged = [one["merged_at"][:10] for one in pulls if one["merged_at"] and one["merged_at"] >= "2026-01-05"]
    working = {day for day in merged if date.fromisoformat(day).weekday() < 5}
    assert len(working) == 261
    assert len(merged) == 261 + 4


def test_what_was_refused_or_left_out_is_allowed_again(last_day: Company) -> None:
    assert (last_day.refused, last_day.unasked, last_day.set_aside) == (set(), set(), {})
    assert {event.about for event in events() if event.what == "denied"} == set(REFUSALS)


def test_two_finish_their_course_late(last_day: Company) -> None:
    rows = [
        row for row in last_day.lists["training_record"].values() if row["course"].endswith("second round")
    ]
    took = {
        row["email"].split("@")[0]: (
            date.fromisoformat(row["completed"][:10]) - date.fromisoformat(row["assigned"][:10])
        ).days
        for row in rows
    }
    assert {who for who, days in took.items() if days > 30} == {"hanna-virtanen", "oskar-lind"}


def test_what_is_added_by_hand_comes_from_several_people_and_recurs() -> None:
    assert {piece.by for piece in by_hand()} >= {
        "ada-lindqvist",
        "ines-almeida",
        "noor-haddad",
        "ben-achterberg",
        "jonah-marsh",
    }
    assert [piece.day for piece in by_hand() if piece.control == "IAM-08"] == [45, 136, 227, 340]
    assert [piece.day for piece in by_hand() if piece.before > 30] == [306]


def test_the_recording_has_every_table_and_every_record_fits_its_table() -> None:
    """When this fails, a table asks for more than was recorded: docs/guide/demo-years.md says how to record anew."""
    answers, specs = recorded(FIRST), load_tables(Content.shipped())
    wanted = {name for name, spec in specs.items() if spec.source in ("aws", "github") and spec.needs is None}
    unseen = {
        gap.table for gaps in answers.gaps.values() for gap in gaps if gap.key is None and gap.parent is None
    }
    assert {place.table for _, place in answers.places} | unseen == wanted
    for (_, place), records in answers.places.items():
        parts = {call.part for call in specs[place.table].calls}
        assert all(set(one.record) <= parts for one in records.values()), place


def test_the_large_company_has_500_people_and_keeps_its_number_of_things() -> None:
    company = company_on_first_day(FIRST)
    grow(company)
    before = {place: len(found) for place, found in company.answers.places.items()}
    volumes = set(company.aws("aws_ebs_volume"))
    replace_some(company, 1, Random(1))
    items = sum(before.values()) + sum(map(len, company.lists.values()))
    assert len(company.lists["hr_person"]) == PEOPLE
    assert {place: len(found) for place, found in company.answers.places.items()} == before
    assert len(volumes - set(company.aws("aws_ebs_volume"))) == 20
    assert 17_500 <= items <= 20_500


def test_the_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        return CliRunner().invoke(command, [*arguments, "--keep", str(tmp_path / "new")]).output

    assert "--size, --seed and --until are about a history of days. Give --days as well." in said(
        "--size", "large"
    )
    assert "0 is not in the range 1<=x<=365" in said("--days", "0")
    assert "--until is still to come." in said("--days", "3", "--until", "2999-01-01")
    assert list(tmp_path.iterdir()) == []
