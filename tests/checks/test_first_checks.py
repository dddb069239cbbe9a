"""The first shipped checks prove themselves over the shipped table specs."""

from __future__ import annotations

import pytest

from assay.checks import load_checks, prove
from assay.content_tree import Content
from assay.tables import load_tables

FIRST = (
    "aws.ec2.sg_ssh",
    "aws.iam.key_age",
    "aws.iam.root_mfa",
    "aws.iam.user_mfa_console",
    "aws.rds.backup",
    "aws.s3.public",
)


@pytest.mark.parametrize("name", FIRST)
def test_it_proves_its_cases(name: str) -> None:
    content = Content.shipped()
    path = f"checks/{name.replace('.', '/')}.sql"
    tables = load_tables(content)
    one = load_checks(Content({path: content[path]}), tables)[name]
    assert [str(failure) for failure in prove(one, tables)] == []
