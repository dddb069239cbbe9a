"""A table that no collection holds is a gap, and the gap says why: no source, an opt-in that was not given, or not asked yet."""

from __future__ import annotations

from assay.conclusions.inputs import missing_table
from assay.content_tree import Content
from assay.evidence.gaps import Gap, Reason
from assay.tables import load_tables

SPECS = load_tables(Content.shipped())
AWS = {"northwind": "aws"}


def why(table: str, connected: dict[str, str]) -> list[Gap]:
    empty, gaps = missing_table(SPECS[table], connected)
    assert (empty.name, list(empty.rows)) == (table, [])
    return gaps


def test_an_opt_in_that_was_not_given_is_told_from_what_was_not_asked_yet() -> None:
    assert why("aws_lambda_variable", AWS) == [Gap("aws_lambda_variable", Reason.NOT_ENABLED)]
    assert why("aws_lambda_function", AWS) == [Gap("aws_lambda_function", Reason.NOT_COVERED)]


def test_without_a_source_even_an_opt_in_is_not_the_reason() -> None:
    assert why("aws_lambda_variable", {"code": "github"}) == [
        Gap("aws_lambda_variable", Reason.NOT_CONNECTED)
    ]


def test_each_list_of_a_file_source_is_connected_by_itself() -> None:
    assert why("hr_person", {"people": "file"}) == [Gap("hr_person", Reason.NOT_CONNECTED)]
