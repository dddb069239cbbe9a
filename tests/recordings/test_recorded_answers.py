"""Recorded answers say what their source can say: GitHub's as its published description has them, files as a person would have confirmed them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.checks import load_checks
from assay.collectors.files import Mapping, check_mapping, read_sheet
from assay.content_tree import Content
from assay.tables import load_tables
from tests.recordings.github_answers import Recorded

sys.path.insert(0, str(Path(__file__).parents[1] / "demo"))

from openapi_shapes import operation_of, problems

HERE = Path(__file__).parent
SHIPPED = Content.shipped()
TABLES = load_tables(SHIPPED)
GITHUB = sorted(path.stem for path in (HERE / "github").glob("*.jsonl"))
FILES = sorted(path.stem for path in (HERE / "file").glob("*.yaml"))


@pytest.mark.parametrize("name", GITHUB)
def test_every_recorded_answer_of_github_is_as_published(name: str) -> None:
    """The audit log is published for Enterprise Cloud alone; to anybody else GitHub says that it is not there."""
    answers = Recorded.of(f"github/{name}").answers
    wrong = {
        asked: found
        for asked, one in answers.items()
        if not ("/audit-log?" in asked and one["status"] == 404)
        and (found := problems(operation_of("GET", asked.partition("?")[0]), one["status"], one["body"]))
    }
    assert len(answers) > 100
    assert wrong == {}


def test_what_is_not_recorded_is_refused() -> None:
    said: list[str] = []
    environ = {"PATH_INFO": "/orgs/elsewhere", "QUERY_STRING": "", "HTTP_HOST": "127.0.0.1:9"}
    Recorded.of(f"github/{GITHUB[0]}")(environ, lambda status, headers: said.append(status))
    assert said == ["501 Recorded"]


def files() -> list[Any]:
    return [
        pytest.param(one, id=one["file"])
        for name in FILES
        for one in yaml.safe_load((HERE / "file" / f"{name}.yaml").read_text())["files"]
    ]


@pytest.mark.parametrize("one", files())
def test_every_mapping_of_a_recorded_file_fits_its_table_and_the_file(one: dict[str, Any]) -> None:
    mapping = Mapping.from_json(one["mapping"])
    sheet = read_sheet((HERE / "file" / one["file"]).read_bytes())
    check_mapping(mapping, TABLES[mapping.table])
    assert set(mapping.columns.values()) <= set(sheet.headings)
    assert len(sheet.rows) >= 2
    assert sheet.broken == ()


def test_every_recording_is_there_and_played_by_a_check() -> None:
    named = {
        name
        for check in load_checks(SHIPPED, TABLES).values()
        for case in check.cases
        for name in case.recording
    }
    there = {f"github/{name}" for name in GITHUB} | {f"file/{name}" for name in FILES}
    there |= {f"aws/{path.parent.name}/{path.stem}" for path in (HERE / "aws").glob("*/*.yaml")}
    assert named == there
