"""What a scope says of its boundary: it reads as it was written, and what cannot stand is said in a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from assay.catalogue import (
    Asked,
    Boundary,
    CatalogueError,
    Part,
    Relation,
    Scope,
    Supplier,
    System,
    Thing,
    Trait,
    WorkersFrom,
    load_catalogue,
    validate_scope,
)
from assay.content_tree import Content

WHOLE = Boundary(
    data_kinds=("backups", "contact-details"),
    things=(
        Thing(Part.DATABASE, "api", inside=True, key="aws_rds_instance arn:aws:rds:db:api"),
        Thing(Part.PRODUCTION, "Marketing site", inside=False, why="holds no customer data"),
    ),
    vendors=(
        Supplier("Amazon Web Services", "hosting", Relation.SUBSERVICE, ("backups",)),
        Supplier("Slack", "", Relation.VENDOR),
    ),
    workers_from=WorkersFrom.FILE,
    asked=Asked.TYPE_1,
    target=date(2027, 5, 1),
)


def scope(boundary: Boundary | None) -> Scope:
    return Scope(
        company="Northwind Metrics",
        sells="Usage analytics",
        system=System.SAAS,
        people=12,
        zone="Europe/Berlin",
        traits=frozenset({Trait.USES_CLOUD}),
        boundary=boundary,
    )


@pytest.mark.parametrize("boundary", [None, Boundary(), WHOLE])
def test_a_scope_reads_as_it_was_written(boundary: Boundary | None) -> None:
    assert Scope.from_object(scope(boundary).to_object()) == scope(boundary)


def test_a_scope_without_a_boundary_is_written_as_before_there_were_any() -> None:
    assert "boundary" not in scope(None).to_object()


@pytest.mark.parametrize(
    ("member", "value", "says"),
    [
        ("asked", "type_3", "is 'type_3', which is none of"),
        ("target", "soon", "is 'soon', which is no day such as 2027-05-01"),
        ("things", [{"part": "database", "name": "api"}], "inside is missing; add it"),
        ("colour", "blue", "is no field of such a file"),
    ],
)
def test_what_is_no_boundary_is_refused(member: str, value: object, says: str) -> None:
    given = scope(Boundary()).to_object()
    inner = given["boundary"]
    assert isinstance(inner, dict)
    with pytest.raises(CatalogueError, match=says):
        Scope.from_object({**given, "boundary": {**inner, member: value}})


def test_what_is_left_out_needs_a_reason_and_a_vendor_is_named_once() -> None:
    boundary = Boundary(
        things=(Thing(Part.TOOL, "Wiki", inside=False, why="no"),),
        vendors=(Supplier("Slack", "", Relation.VENDOR), Supplier("slack", "chat", Relation.VENDOR)),
    )
    assert validate_scope(load_catalogue(Content.shipped()), scope(boundary)) == (
        "Wiki is left out without a reason; say in a few words why it is no part of the system.",
        "The vendor Slack is named twice; keep one.",
    )
