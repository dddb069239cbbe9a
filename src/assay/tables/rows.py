"""Rows of typed columns out of records, and which columns of a record were not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.evidence.canonical import Json
from assay.tables.paths import MissingFieldError
from assay.tables.spec import ENGINE_COLUMNS, Column, TableSpec, Type
from assay.tables.typed import MISFIT, typed


def input_columns(spec: TableSpec) -> tuple[tuple[str, str], ...]:
    """Give name and type of every column of a row: the engine's four, then the table's own."""
    return (
        *((name, str(Type.TEXT)) for name in ENGINE_COLUMNS),
        *((column.name, str(column.type)) for column in spec.columns.values()),
    )


def row(
    spec: TableSpec, key: str, account: str, region: str, parent: str | None, record: Mapping[str, Json]
) -> tuple[Any, ...]:
    """Give one row: key, account, region, parent, then the columns in order. A part that was not seen, or a value that does not fit its
    type, gives None; `unseen_columns` says which."""
    place = {"account": account, "region": region}
    values = []
    for column in spec.columns.values():
        value = value_of(column, record[column.of], place) if column.of in record else None
        values.append(None if value is MISFIT else value)
    return (key, account, region, parent, *values)


def seen_row(
    spec: TableSpec, key: str, account: str, region: str, parent: str | None, record: Mapping[str, Json]
) -> tuple[tuple[Any, ...], frozenset[str]]:
    """Give the row as `row` does, and beside it the columns that were not seen, as `unseen_columns` does, in one pass."""
    place = {"account": account, "region": region}
    values: list[Any] = [key, account, region, parent]
    unseen = []
    for column in spec.columns.values():
        value = value_of(column, record[column.of], place) if column.of in record else MISFIT
        if value is MISFIT:
            unseen.append(column.name)
            value = None
        values.append(value)
    return tuple(values), frozenset(unseen)


def value_of(column: Column, part: Json, place: Mapping[str, str]) -> Any:
    """Give a column's value from the part that fills it (null: asked, and there is none), or MISFIT.

    `place` holds `account` and `region`, for derivations that must tell inside from outside.
    """
    try:
        if part is not None and any(needed(part) is None for needed in column.needs):
            return MISFIT
        found = column.extract(part) if part is not None else None
        if column.function is not None and found is not None:
            found = column.function(found, **place)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return MISFIT
    if found is None:
        return MISFIT if column.required and part is not None else column.absent
    return typed(column.type, found)


def columns_of(spec: TableSpec, part: str) -> frozenset[str]:
    """Give the names of the columns that one part fills."""
    return frozenset(column.name for column in spec.columns.values() if column.of == part)


def malformed_columns(spec: TableSpec, part: str, answer: Json, place: Mapping[str, str]) -> frozenset[str]:
    """Give the columns that a kept answer should fill and cannot: a wrong type, or a required value that is missing.

    An answer in which nothing was found and something is required is none at all: every column of the part.
    """
    wrong = frozenset(
        column.name
        for column in spec.columns.values()
        if column.of == part and value_of(column, answer, place) is MISFIT
    )
    return columns_of(spec, part) if wrong and not answer else wrong


def unseen_columns(spec: TableSpec, record: Mapping[str, Json]) -> frozenset[str]:
    """Give the columns that a record cannot fill: their part was not seen, or holds a value that does not fit."""
    nowhere = {"account": "", "region": ""}
    return frozenset(
        column.name
        for column in spec.columns.values()
        if column.of not in record or value_of(column, record[column.of], nowhere) is MISFIT
    )


def subject_of(spec: TableSpec, record: Mapping[str, Json]) -> str | None:
    """Give whom a personal record is about (the spec's `subject:`), or None for a table that is not personal.

    Where the record lacks the subject's field, the whole record stands for nobody in particular and the text is empty.
    """
    if spec.subject is None:
        return None
    listed = record.get(spec.part)
    try:
        return spec.subject.fill(listed if isinstance(listed, Mapping) else {})
    except MissingFieldError:
        return ""
