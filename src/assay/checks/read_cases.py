"""The proving cases of a check's header, made into whole cases: `like` and `change` are worked out, values are typed by the tables' columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from assay.checks.check import Case, Kind
from assay.checks.conclusion import Conclusion
from assay.checks.errors import CheckError
from assay.checks.specs import Spec, column_types
from assay.evidence.canonical import NotCanonicalError, parse_instant
from assay.evidence.gaps import Reason

FIELDS = ("name", "like", "as_of", "zone", "period", "parameters", "change", "gaps", "recording", "expect")
GAP_FIELDS = ("table", "account", "region", "parent", "key", "columns", "reason")
DEFAULT_AS_OF = "2026-03-01T00:00:00Z"
"""When a case says no `as_of`: the 1st of March 2026."""


def read_cases(said: Any, specs: Mapping[str, Spec], kind: Kind) -> tuple[Case, ...]:
    """Give the cases of a header; `specs` are the check's tables. Raises CheckError that names the case and the field."""
    if not isinstance(said, list) or not all(
        isinstance(case, dict) and isinstance(case.get("name"), str) for case in said
    ):
        raise CheckError("`cases` is not a list of cases; begin each with `- name: what it shows`.")
    whole: dict[str, dict[str, Any]] = {}
    for case in said:
        name = case["name"]
        if name in whole:
            raise CheckError(f"`cases`: two are named “{name}”; give each its own name.")
        whole[name] = _derived(case, whole, specs)
    _spread_parameters(whole)
    return tuple(_case(case, specs, kind) for case in whole.values())


def _derived(
    case: dict[str, Any], before: Mapping[str, dict[str, Any]], specs: Mapping[str, Spec]
) -> dict[str, Any]:
    """Put a case over the one that it is `like`: its own fields win, parameters merge, `change` merges into rows by their position."""
    for field in case:
        if field not in FIELDS and field not in specs:
            raise _error(case, f"`{field}` is not known; there are {', '.join((*FIELDS, *specs))}")
    changes = {} if _gives_rows_of_change(case, specs) else case.get("change")
    if "like" not in case:
        if changes:
            raise _error(case, "`change` changes nothing without `like`; name the case it derives from")
        return dict(case)
    if case["like"] not in before:
        raise _error(case, f"`like: {case['like']}` is not an earlier case; put that one first")
    base = {
        key: value for key, value in before[case["like"]].items() if key not in ("expect", "gaps", "name")
    }
    own = {key: value for key, value in case.items() if key != "like" and (key != "change" or not changes)}
    merged = {**base, **own}
    merged["parameters"] = {**(base.get("parameters") or {}), **(case.get("parameters") or {})}
    for table, rows in (changes or {}).items():
        merged[table] = _changed(case, table, merged.get(table), rows)
    return merged


def _gives_rows_of_change(case: Mapping[str, Any], specs: Mapping[str, Spec]) -> bool:
    """Whether `change` is the table of that name: then it is a list of rows, otherwise a mapping of what differs from another case."""
    return "change" in specs and isinstance(case.get("change"), list)


def _spread_parameters(whole: Mapping[str, dict[str, Any]]) -> None:
    """A parameter that a case does not set has the value that the first case to set it gives."""
    first: dict[str, Any] = {}
    for case in whole.values():
        first = {**(case.get("parameters") or {}), **first}
    for case in whole.values():
        case["parameters"] = {**first, **(case.get("parameters") or {})}


def _changed(case: dict[str, Any], table: str, rows: Any, changes: Any) -> list[Any]:
    if (
        not isinstance(rows, list)
        or not isinstance(changes, list)
        or not all(isinstance(change, dict) for change in changes)
    ):
        raise _error(
            case,
            f"`change`: “{table}” needs a list of rows here and in the case it is like; write {table}: [{{column: value}}]",
        )
    first = [{**row, **change} for row, change in zip(rows, changes, strict=False)]
    return [*first, *rows[len(changes) :], *changes[len(rows) :]]


def _case(case: dict[str, Any], specs: Mapping[str, Spec], kind: Kind) -> Case:
    period = case.get("period")
    if period is None and kind is Kind.POPULATION and "recording" not in case:
        raise _error(case, "a population check needs `period: {start: …, end: …}`")
    if period is not None and (not isinstance(period, dict) or set(period) != {"start", "end"}):
        raise _error(case, "`period` is written {start: instant, end: instant}")
    return Case(
        name=case["name"],
        as_of=_instant(case, "as_of", case.get("as_of", DEFAULT_AS_OF)),
        zone=str(case.get("zone", "UTC")),
        period=(_instant(case, "period", period["start"]), _instant(case, "period", period["end"]))
        if period
        else None,
        parameters=dict(case.get("parameters") or {}),
        rows={table: _rows(case, specs[table], case[table]) for table in specs if table in case},
        gaps=tuple(_gap(case, gap, specs) for gap in case.get("gaps") or ()),
        expect=_expect(case),
        recording=_recording(case),
    )


def _recording(case: dict[str, Any]) -> tuple[str, ...]:
    """One recording or several, of different sources."""
    said = case.get("recording", [])
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not all(isinstance(name, str) and "/" in name for name in names):
        raise _error(
            case, "`recording` is not the name of one, nor a list of names; write aws/s3/two-buckets"
        )
    return tuple(names)


def _rows(case: dict[str, Any], spec: Spec, rows: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _error(
            case,
            f"`{spec.name}` is not a list of rows; write {spec.name}: [{{column: value}}], or [] for none",
        )
    types = column_types(spec)
    typed = tuple(_row(case, spec, types, row) for row in rows)
    keys = [(row["key"], row["account"], row["region"]) for row in typed]
    if len(set(keys)) != len(keys):
        raise _error(
            case,
            f"two rows of {spec.name} have the key “{next(key for key in keys if keys.count(key) > 1)[0]}”; give each a `key`",
        )
    return typed


def _row(
    case: dict[str, Any], spec: Spec, types: Mapping[str, str], row: Mapping[str, Any]
) -> dict[str, Any]:
    for column in row:
        if column not in types:
            raise _error(case, f"{spec.name} has no column “{column}”; there are {', '.join(types)}")
    values = {
        column: _value(case, f"{spec.name}.{column}", kind, row.get(column)) for column, kind in types.items()
    }
    first = next(iter(spec.columns), None)
    made = values[first] if first and isinstance(values[first], str) else f"{spec.name}-1"
    region = "eu-west-1" if spec.reach == "region" else ""
    return {
        **values,
        "key": values["key"] if "key" in row else made,
        "account": values["account"] if "account" in row else "111122223333",
        "region": values["region"] if "region" in row else region,
    }


def _value(case: dict[str, Any], place: str, kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind, value:
        case ("text", str()) | ("boolean", bool()):
            return value
        case ("integer", int()) if not isinstance(value, bool):
            return value
        case ("decimal", int() | str()) if not isinstance(value, bool):
            return _number(case, place, value)
        case "texts", list() if all(isinstance(member, str) for member in value):
            return value
        case "date", str():
            return _date(case, place, value)
        case "instant", _:
            return _instant(case, place, value)
    quote = "; put it in quotes" if kind in ("text", "texts") else ""
    raise _error(case, f"`{place}: {value}` is not of type {kind}{quote}")


def _number(case: dict[str, Any], place: str, value: int | str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise _error(case, f"`{place}: {value}` is no decimal number") from error


def _date(case: dict[str, Any], place: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _error(case, f"`{place}: {value}` is no date; write it as 2026-11-23") from error


def _instant(case: dict[str, Any], place: str, value: Any) -> datetime:
    try:
        return parse_instant(value)
    except (NotCanonicalError, TypeError) as error:
        raise _error(
            case, f"`{place}: {value}` names no instant; write it as 2026-11-23T06:12:48Z"
        ) from error


def _gap(case: dict[str, Any], gap: Any, specs: Mapping[str, Spec]) -> dict[str, Any]:
    if not isinstance(gap, dict) or not set(gap) <= set(GAP_FIELDS) or gap.get("table") not in specs:
        raise _error(
            case,
            f"a gap names one of the check's tables and has no other fields than {', '.join(GAP_FIELDS)}",
        )
    if gap.get("reason") not in set(Reason):
        raise _error(case, f"the reason of a gap is one of {', '.join(Reason)}")
    columns = gap.get("columns")
    known = column_types(specs[gap["table"]])
    if columns is not None and not (isinstance(columns, list) and set(columns) <= set(known)):
        raise _error(
            case, f"the columns of a gap are a list of columns of {gap['table']}: {', '.join(known)}"
        )
    return dict(gap)


def _expect(case: dict[str, Any]) -> tuple[Mapping[str, Any], ...] | Mapping[str, int]:
    said = case.get("expect")
    if "recording" in case:
        if (
            not isinstance(said, dict)
            or not set(said) <= set(Conclusion)
            or not all(isinstance(count, int) for count in said.values())
        ):
            raise _error(
                case, "a recording expects counts by conclusion; write expect: {CONFORMS: 1, DEVIATES: 2}"
            )
        return said
    if not isinstance(said, list) or not all(
        isinstance(item, dict) and item.get("conclusion") in set(Conclusion) for item in said
    ):
        raise _error(
            case,
            "`expect` is a list of items; write expect: [{item: key, conclusion: CONFORMS}], or [] for none",
        )
    return tuple(said)


def _error(case: Mapping[str, Any], sentence: str) -> CheckError:
    return CheckError(f"case “{case['name']}”: {sentence}.")
