"""Whose an asset is: the narrowest assignment counts, and what vanished keeps its own."""

from __future__ import annotations

from assay.audit.assets import Assignment, Reach, assignment_of, load_asset_kinds, vanished
from assay.content_tree import Content

KIND = Assignment(1, Reach.KIND, "aws_s3_bucket", "")
TAG = Assignment(2, Reach.TAG, "aws_s3_bucket", "team:data")
ONE = Assignment(3, Reach.ONE, "aws_s3_bucket", "arn:b")
OTHER = Assignment(4, Reach.KIND, "github_repo", "")


def test_its_own_counts_before_its_tag_and_its_tag_before_its_kind() -> None:
    every = [KIND, TAG, ONE, OTHER]
    assert assignment_of("aws_s3_bucket", "arn:b", ["team:data"], every) == ONE
    assert assignment_of("aws_s3_bucket", "arn:a", ["team:data", "x:y"], every) == TAG
    assert assignment_of("aws_s3_bucket", "arn:a", [], every) == KIND
    assert assignment_of("aws_ec2_instance", "i", [], every) is None


def test_what_vanished_is_told_from_what_was_not_looked_at() -> None:
    assert vanished([ONE, KIND], {"aws_s3_bucket": frozenset({"arn:a"})}) == [ONE]
    assert vanished([ONE], {"aws_s3_bucket": frozenset({"arn:b"})}) == []
    assert vanished([ONE], {"github_repo": frozenset()}) == []


def test_the_kinds_are_tables_in_their_order_and_people_s_are_marked() -> None:
    kinds = load_asset_kinds(Content.shipped())
    assert next(iter(kinds)) == "aws_rds_instance"
    assert [one.table for one in kinds.values() if one.personal] == ["device"]
    assert not kinds["aws_ec2_instance"].counts({"state": "terminated"})
    assert kinds["aws_ec2_instance"].counts({"state": "running"})
