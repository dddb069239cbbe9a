"""A check file: a YAML header in the leading comment, and one SELECT. Every error names the file, the field and what to write instead."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from assay.checks.check import Check, Kind, Link, Remedy, Severity
from assay.checks.dialect import ENGINE_VALUES, Reading, read_query
from assay.checks.errors import CheckError, DialectError
from assay.checks.plan import make_plan
from assay.checks.read_cases import read_cases
from assay.checks.specs import Spec, column_types
from assay.content_tree import Content, read_once
from assay.strict_yaml import StrictYamlError, read_strict_yaml

REQUIRED = ("title", "controls", "tables", "kind", "severity", "shows", "does_not_show", "remedy", "cases")
OPTIONAL = ("items", "parameters", "occurs", "links", "needs")

_HEADER = re.compile(r"\A\s*/\*(.*?)\*/(.*)\Z", re.DOTALL)
_CONTROL = re.compile(r"[A-Z]{2,5}-\d{2}")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


def load_checks(content: Content, tables: Mapping[str, Spec]) -> dict[str, Check]:
    """Read every check of the content by its place: checks/aws/s3/public.sql is `aws.s3.public`. Raises CheckError for the first that is wrong."""
    over = " ".join(f"{name}:{getattr(spec, 'digest', id(spec))}" for name, spec in sorted(tables.items()))
    return read_once(f"checks over {over}", content, lambda: _load_checks(content, tables))


def _load_checks(content: Content, tables: Mapping[str, Spec]) -> dict[str, Check]:
    checks = [parse_check(path, content[path], tables) for path in content.paths("checks/", ".sql")]
    return {check.id: check for check in checks}


def check_id(path: str) -> str:
    """Give the id that a content path stands for; raises CheckError when it can be none."""
    name = path.removeprefix("checks/").removesuffix(".sql").replace("/", ".")
    if not _ID.fullmatch(name):
        raise CheckError(
            f"{path}: a check's path gives its id; use lower-case letters, digits and underscores, as in checks/aws/s3/public.sql."
        )
    return name


def parse_check(path: str, data: bytes, tables: Mapping[str, Spec]) -> Check:
    """Read one check file.

    1. Split header and SQL. 2. Read the header's fields. 3. Lint the SQL against the declared tables. 4. Hold declared and read inputs equal,
    in both directions. Raises CheckError.
    """
    try:
        return _parse(path, data, tables)
    except CheckError as error:
        raise type(error)(f"{path}: {error}") from error


def _parse(path: str, data: bytes, tables: Mapping[str, Spec]) -> Check:
    header, sql = _split(data)
    _known_fields(header)
    names = _texts(header, "tables")
    specs = {name: _spec(name, tables) for name in names}
    items = _texts(header, "items") if "items" in header else names[:1]
    kind = _choice(header, "kind", Kind)
    columns = {name: column_types(spec) for name, spec in specs.items()}
    reading = read_query(sql, columns)
    parameters = _texts(header, "parameters") if header.get("parameters") else ()
    _hold_inputs(names, items, parameters, kind, reading)
    links = _links(header, names, items, columns)
    occurs = _occurs(header, kind, items, columns)
    return Check(
        id=check_id(path),
        title=_text(header, "title"),
        controls=_controls(header),
        tables=names,
        items=items,
        parameters=parameters,
        kind=kind,
        occurs=occurs,
        links=links,
        severity=_choice(header, "severity", Severity),
        needs=_text(header, "needs") if header.get("needs") else None,
        shows=_text(header, "shows"),
        does_not_show=_text(header, "does_not_show"),
        remedy=_remedy(header),
        sql=sql,
        cases=read_cases(header["cases"], specs, kind),
        digest=hashlib.sha256(data).hexdigest(),
        reads=_reads(reading, items, links, occurs, columns),
        plan=make_plan(reading, items),
    )


def _split(data: bytes) -> tuple[dict[str, Any], str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CheckError("The file is not UTF-8 text; save it as UTF-8.") from error
    found = _HEADER.match(text)
    if not found:
        raise CheckError(
            "The file does not begin with a header; begin with /* and the YAML header, end it with */, then write one SELECT."
        )
    try:
        header = read_strict_yaml(found.group(1).encode(), "the header")
    except StrictYamlError as error:
        raise CheckError(f"{error} Quote texts that hold “: ” or “#”.") from error
    if not isinstance(header, dict):
        raise CheckError("The header holds no fields; write `title: …` and the others, one a line.")
    return header, found.group(2).strip().removesuffix(";").strip()


def _known_fields(header: dict[str, Any]) -> None:
    for name in header:
        if name not in (*REQUIRED, *OPTIONAL):
            raise CheckError(
                f"`{name}` is not a field of a check; there are {', '.join((*REQUIRED, *OPTIONAL))}."
            )
    for name in REQUIRED:
        if not header.get(name):
            raise CheckError(f"`{name}` is missing; add `{name}:` to the header.")


def _text(header: Mapping[str, Any], field: str) -> str:
    value = header[field]
    if not isinstance(value, str) or not value.strip():
        raise CheckError(
            f"`{field}` is not text; write a sentence, in quotes where YAML would read it otherwise."
        )
    return value.strip()


def _texts(header: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = header[field]
    if not isinstance(value, list) or not value or not all(isinstance(member, str) for member in value):
        raise CheckError(f"`{field}` is not a list of names; write `{field}: [one, two]`.")
    if len(set(value)) != len(value):
        raise CheckError(f"`{field}` names something twice; name each once.")
    return tuple(value)


def _choice(header: Mapping[str, Any], field: str, choices: Any) -> Any:
    value = header[field]
    if value not in {str(choice) for choice in choices}:
        raise CheckError(
            f"`{field}: {value}` is not known; write one of {', '.join(str(choice) for choice in choices)}."
        )
    return choices(value)


def _controls(header: Mapping[str, Any]) -> tuple[str, ...]:
    controls = _texts(header, "controls")
    for control in controls:
        if not _CONTROL.fullmatch(control):
            raise CheckError(f"`controls`: “{control}” is not the id of a control; ids look like IAM-04.")
    return controls


def _remedy(header: Mapping[str, Any]) -> Remedy:
    value = header["remedy"]
    known = {"console", "cli", "terraform"}
    if (
        not isinstance(value, dict)
        or not set(value) <= known
        or not all(isinstance(step, str) for step in value.values())
    ):
        raise CheckError(
            "`remedy` is not steps by means; write `remedy: {console: …, cli: …, terraform: …}`, each of them text."
        )
    return Remedy(**{means: step.strip() for means, step in value.items()})


def _spec(name: str, tables: Mapping[str, Spec]) -> Spec:
    if name not in tables:
        near = [known for known in tables if known.split("_")[0] == name.split("_")[0]] or list(tables)
        raise CheckError(f"`tables`: there is no table “{name}”; there are {', '.join(sorted(near)[:12])}.")
    return tables[name]


def _hold_inputs(
    names: tuple[str, ...], items: tuple[str, ...], parameters: tuple[str, ...], kind: Kind, reading: Reading
) -> None:
    for table in names:
        if table not in reading.reads:
            raise CheckError(f"`tables`: the SQL never reads “{table}”; take it out of `tables`.")
    for table in items:
        if table not in names:
            raise CheckError(f"`items`: “{table}” is not among `tables`; add it there.")
    read = reading.parameters - ENGINE_VALUES
    for name in sorted(read - set(parameters)):
        raise CheckError(
            f"`parameters`: the SQL reads ${name}, which is not declared; add it to `parameters`."
        )
    for name in parameters:
        if name in ENGINE_VALUES:
            raise CheckError(f"`parameters`: ${name} is given by the engine; take it out of `parameters`.")
        if name not in read:
            raise CheckError(f"`parameters`: the SQL never reads ${name}; take it out of `parameters`.")
    if kind is not Kind.POPULATION and reading.parameters & {"period_start", "period_end"}:
        raise CheckError(
            "The SQL reads the period, which only `kind: population` has; use $as_of, or make it a population check."
        )
    _hold_outputs(reading.outputs)


def _hold_outputs(outputs: tuple[str, ...]) -> None:
    for name in ("item", "conclusion", "reason"):
        if name not in outputs:
            raise DialectError(
                f"The SELECT gives no column “{name}”; give item, conclusion and reason, then what was seen as saw_…."
            )
    for name in outputs:
        if name not in ("item", "conclusion", "reason", "changes_at") and not (
            name.startswith("saw_") and len(name) > 4
        ):
            raise DialectError(f"The SELECT gives a column “{name}”; call it saw_{name} or leave it out.")


def _links(
    header: Mapping[str, Any],
    names: tuple[str, ...],
    items: tuple[str, ...],
    columns: Mapping[str, Mapping[str, str]],
) -> dict[str, Link]:
    value = header.get("links") or {}
    if not isinstance(value, dict):
        raise CheckError(
            "`links` is not a mapping; write `links: {joined_table: column_of_the_items_table}`."
        )
    return {table: _link(table, said, names, items, columns) for table, said in value.items()}


def _link(
    table: str,
    said: Any,
    names: tuple[str, ...],
    items: tuple[str, ...],
    columns: Mapping[str, Mapping[str, str]],
) -> Link:
    if table not in names or table in items:
        raise CheckError(
            f"`links`: “{table}” is not a joined table of this check; name a table that is in `tables` and not in `items`."
        )
    if said == "everywhere":
        return Link(end="key", column=None)
    whole = dict(said) if isinstance(said, dict) else {"key": said}
    within, only = whole.pop("within", None), whole.pop("of", None)
    end, column = next(iter(whole.items())) if len(whole) == 1 else (" and ".join(whole), None)
    if end not in ("key", "parent"):
        raise CheckError(
            f"`links`: a record is known by its key or its parent, not by “{end}”; write `{table}: {{parent: column}}`."
        )
    if within not in (None, "place") or only not in (None, *items):
        raise CheckError(
            f"`links`: beside the column of {table} stand at most `within: place`, where its keys count only there, and `of: TABLE`, a table of the items."
        )
    resting = [columns[item] for item in items if only in (None, item)]
    if column is None or not any(column in having for having in resting):
        raise CheckError(
            f"`links`: no items table has a column “{column}”; name the column that holds the {end} of the record in {table}."
        )
    if within is None and any(having.get(column) == "texts" for having in resting):
        raise CheckError(
            f"`links`: “{column}” is a list, which ties records of the same account and region only; write `{table}: {{{end}: {column}, within: place}}`."
        )
    return Link(end, column, within is not None, only)


def _occurs(
    header: Mapping[str, Any], kind: Kind, items: tuple[str, ...], columns: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    value = header.get("occurs") or {}
    if (kind is Kind.POPULATION) != bool(value):
        raise CheckError(
            "`occurs` belongs to `kind: population`, and only there; write `occurs: {table: column}` for each items table."
        )
    if not isinstance(value, dict) or (value and set(value) != set(items)):
        raise CheckError(
            f"`occurs` does not name the items tables; write `occurs: {{table: column}}` for {', '.join(items)}."
        )
    for table, column in value.items():
        if columns[table].get(column) not in ("instant", "date"):
            raise CheckError(
                f"`occurs`: “{column}” of {table} is not an instant or a date; name the column that says when the event happened."
            )
    return dict(value)


def _reads(
    reading: Reading,
    items: tuple[str, ...],
    links: Mapping[str, Link],
    occurs: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
) -> dict[str, frozenset[str]]:
    """What the conclusion rests on: the columns in the SQL, when the event occurred, and the columns that links go by."""
    linked = {link.column for link in links.values() if link.column}
    extra = {table: {occurs[table]} if table in occurs else set() for table in reading.reads}
    for table in items:
        extra[table] |= linked & set(columns[table])
    return {table: columns_read | extra[table] for table, columns_read in reading.reads.items()}
