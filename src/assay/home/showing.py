"""What there is to say about one thing: a check, a control, a criterion, a table, a source."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from assay.catalogue import Catalogue, load_catalogue
from assay.checks import Check, explain, load_checks, parse_check
from assay.errors import AssayError
from assay.evidence.canonical import parse
from assay.evidence.ledger import Kind
from assay.home.judging import collections_of, parameters_at
from assay.home.place import Home
from assay.home.populations import newest
from assay.home.sources import Source, sources
from assay.tables import TableSpec, load_tables

LISTS = ("checks", "controls", "criteria", "tables")


class NoSuchThingError(AssayError):
    """Nothing has this name."""


def explained(home: Home, thing: str) -> dict[str, Any]:
    """Give what there is to say about `thing`, with its kind; raises NoSuchThingError that suggests near names."""
    paths = {
        one.removeprefix("checks/").removesuffix(".sql").replace("/", "."): one
        for one in home.content.paths("checks/", ".sql")
    }
    specs = load_tables(home.content)
    if thing in paths:
        return _check(home, parse_check(paths[thing], home.content[paths[thing]], specs))
    if thing == "checks":
        return _listed((one.id, one.title) for one in load_checks(home.content, specs).values())
    if thing == "tables":
        return _listed((one.name, one.says) for one in specs.values())
    if thing in specs:
        return _table(home, specs[thing])
    catalogue = load_catalogue(home.content)
    if thing == "controls":
        return _listed((one.id, one.statement) for one in catalogue.controls.values())
    if thing == "criteria":
        return _listed((one.id, one.title) for one in catalogue.criteria.values())
    if thing in catalogue.controls:
        return _control(home, catalogue, thing, load_checks(home.content, specs))
    if thing in catalogue.criteria:
        return _criterion(catalogue, thing)
    connected = {one.id: one for one in sources(home)}
    if thing in connected:
        return _source(home, connected[thing])
    raise _no_such_thing(
        thing, [*LISTS, *paths, *catalogue.controls, *catalogue.criteria, *specs, *connected]
    )


def _listed(rows: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {"kind": "list", "listed": [{"id": name, "says": says} for name, says in rows]}


def _no_such_thing(thing: str, known: list[str]) -> NoSuchThingError:
    near = difflib.get_close_matches(thing, known, n=3)
    hint = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "`assay show checks`, `controls`, `criteria` and `tables` list what there is."
    )
    return NoSuchThingError(f"Nothing is called “{thing}”. {hint}")


def _check(home: Home, check: Check) -> dict[str, Any]:
    history = []
    notes: list[Any] = []
    for entry in home.ledger.entries(kind=Kind.CONCLUSIONS):
        body = home.ledger.body(entry)
        for one in body["sets"]:
            if one["check"] == check.id:
                history.append({"as_of": body["as_of"], "counts": one["counts"], "entry": entry.ordinal})
                notes = parse(home.evidence.object(one["object"]))["notes"]
    newest_one = history[-1] if history else None
    return {
        "as_of": newest_one and newest_one["as_of"],
        "check": explain(check),
        "counts": newest_one and newest_one["counts"],
        "history": history,
        "kind": "check",
        "notes": notes,
    }


def _control(home: Home, catalogue: Catalogue, id_: str, checks: dict[str, Check]) -> dict[str, Any]:
    control = catalogue.controls[id_]
    values = parameters_at(home, catalogue, home.now())
    return {
        "checks": [check.id for check in checks.values() if id_ in check.controls],
        "control_kind": str(control.kind),
        "criteria": list(catalogue.criteria_served_by(id_)),
        "crosswalk": {name: list(ids) for name, ids in catalogue.crosswalk(id_).items()},
        "domain": control.domain,
        "id": id_,
        "kind": "control",
        "owner": control.owner,
        "parameters": [{"name": name, "value": values[name]} for name in catalogue.parameters_stated_by(id_)],
        "statement": control.statement,
        "type1": control.type1,
        "type2": control.type2,
    }


def _criterion(catalogue: Catalogue, id_: str) -> dict[str, Any]:
    criterion = catalogue.criteria[id_]
    return {
        "category": criterion.category.label,
        "controls": list(catalogue.controls_serving(id_)),
        "gist": criterion.title,
        "id": id_,
        "kind": "criterion",
        "points": [{"gist": point.gist, "id": point.id} for point in criterion.points],
    }


def _table(home: Home, spec: TableSpec) -> dict[str, Any]:
    return {
        "columns": [
            {"name": one.name, "says": one.says, "type": str(one.type)} for one in spec.columns.values()
        ],
        "kind": "table",
        "name": spec.name,
        "permissions": list(spec.permissions),
        "records": sum(one.statement["size"] for one in newest(home) if one.place.table == spec.name),
        "says": spec.says,
        "source": spec.source,
    }


def _source(home: Home, source: Source) -> dict[str, Any]:
    bodies = [one.body for one in collections_of(home) if one.body["source"]["id"] == source.id]
    body = bodies[-1] if bodies else None
    return {
        "calls": body["calls"]["count"] if body else 0,
        "complete": bool(body and body["complete"]),
        "ended": body and body["ended"],
        "gaps": body["gaps"] if body else [],
        "id": source.id,
        "kind": "source",
        "settings": source.settings,
        "source_kind": source.kind,
    }
