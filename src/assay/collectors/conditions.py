"""Whether a call is asked at all: `when` and `unless` over the columns that a record already fills."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from assay.evidence.canonical import Json
from assay.tables import Call, Condition, TableSpec, value_of
from assay.tables.paths import MissingFieldError, fill
from assay.tables.typed import MISFIT

_UNSEEN = object()


def is_asked(
    spec: TableSpec,
    call: Call,
    record: Mapping[str, Json],
    place: Mapping[str, str],
    parameters: Mapping[str, str],
) -> bool:
    """Say whether a call is to be made for a record: some `when` holds, or there is none, and no `unless` does.

    A condition over a column that was not seen, or over a parameter that is not given, does not spare the call.
    """
    if call.when and not any(_holds(spec, one, record, place, parameters, unseen=True) for one in call.when):
        return False
    return not any(_holds(spec, one, record, place, parameters, unseen=False) for one in call.unless)


def any_holds(
    spec: TableSpec,
    conditions: tuple[Condition, ...],
    record: Mapping[str, Json],
    place: Mapping[str, str],
    parameters: Mapping[str, str],
) -> bool:
    """Say whether one of the conditions holds for a record, or could; none at all holds."""
    return not conditions or any(
        _holds(spec, one, record, place, parameters, unseen=True) for one in conditions
    )


def _holds(
    spec: TableSpec,
    condition: Condition,
    record: Mapping[str, Json],
    place: Mapping[str, str],
    parameters: Mapping[str, str],
    *,
    unseen: bool,
) -> bool:
    for name, wanted in condition.columns.items():
        column = spec.columns[name]
        value = value_of(column, record[column.of], place) if column.of in record else MISFIT
        outcome = unseen if value is MISFIT else _matches(value, wanted, parameters, unseen=unseen)
        if not outcome:
            return False
    return True


def _matches(value: Any, wanted: tuple[Json, ...], parameters: Mapping[str, str], *, unseen: bool) -> bool:
    return any(_matches_one(value, one, parameters, unseen=unseen) for one in wanted)


def _matches_one(value: Any, wanted: Json, parameters: Mapping[str, str], *, unseen: bool) -> bool:
    if isinstance(wanted, str):
        try:
            wanted = fill(wanted, parameters)
        except MissingFieldError:
            return unseen
    return (
        any(_equals(member, wanted) for member in value)
        if isinstance(value, list)
        else _equals(value, wanted)
    )


def _equals(value: Any, wanted: Json) -> bool:
    if isinstance(wanted, str) and isinstance(value, str):
        return fnmatchcase(value, wanted) or value.startswith(f"{wanted}:")
    return type(value) is type(wanted) and bool(value == wanted)
