"""The shipped checks as one corpus: each proves its own cases, and every id in it resolves."""

from __future__ import annotations

from functools import cache

import pytest

from assay.catalogue import Catalogue, load_catalogue
from assay.checks import Check, load_checks, prove
from assay.content_tree import Content
from assay.home.content import cross_reference
from assay.tables import TableSpec, load_tables

CONTENT = Content.shipped()


@cache
def tables() -> dict[str, TableSpec]:
    return load_tables(CONTENT)


@cache
def checks() -> dict[str, Check]:
    return load_checks(CONTENT, tables())


@cache
def catalogue() -> Catalogue:
    return load_catalogue(CONTENT)


def check_ids() -> list[str]:
    return [
        path.removeprefix("checks/").removesuffix(".sql").replace("/", ".")
        for path in CONTENT.paths("checks/", ".sql")
    ]


@pytest.mark.parametrize("check_id", check_ids())
def test_a_check_proves_its_own_cases(check_id: str) -> None:
    assert [str(failure) for failure in prove(checks()[check_id], tables())] == []


def test_every_control_and_parameter_that_a_check_names_is_there() -> None:
    assert list(cross_reference(catalogue(), checks())) == []


@pytest.mark.parametrize("check_id", check_ids())
def test_a_check_says_what_to_do_and_what_it_does_not_show(check_id: str) -> None:
    check = checks()[check_id]
    assert check.remedy.console
    assert check.does_not_show.endswith(".")
    assert check.shows.endswith(".")
    assert "certified" not in check.title
    assert "compliant" not in check.title


def test_every_parameter_of_a_check_is_stated_by_one_of_its_controls() -> None:
    stated = catalogue().parameters
    strangers = {
        (check.id, name)
        for check in checks().values()
        for name in check.parameters
        if not set(stated[name].controls) & set(check.controls)
    }
    assert strangers == set()
