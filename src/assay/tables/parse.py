"""Table specs out of content: strict YAML, every field checked, one frozen TableSpec for each file.

The name of a table is its place: `tables/aws/s3_bucket.yaml` is `aws_s3_bucket`, `tables/file/hr_person.yaml` is `hr_person`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assay.content_tree import Content, read_once
from assay.strict_yaml import StrictYamlError, read_strict_yaml
from assay.tables.derivations import derivation, derivation_names
from assay.tables.errors import TableSpecError
from assay.tables.fields import Fields
from assay.tables.paths import compile_path
from assay.tables.shapes import shape_names
from assay.tables.spec import (
    ENGINE_COLUMNS,
    Call,
    Column,
    Condition,
    ForEach,
    Given,
    Listing,
    PlanNeed,
    Reach,
    TableSpec,
    Tags,
    Type,
)
from assay.tables.typed import MISFIT, typed

SOURCES = ("aws", "github", "file")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_PLAIN_PATH = re.compile(r"^[A-Za-z_][\w-]*(\[\d*\])?(\.[A-Za-z_][\w-]*(\[\d*\])?)*$")


def load_tables(content: Content) -> dict[str, TableSpec]:
    """Read every table of the content, sorted by name; raises TableSpecError for the first file that cannot be used."""
    return dict(read_once("tables", content, lambda: _load_tables(content)))


def _load_tables(content: Content) -> dict[str, TableSpec]:
    specs: dict[str, TableSpec] = {}
    for path in content.paths("tables/", ".yaml"):
        spec = parse_table(path, content[path], content.digest(path))
        if spec.name in specs:
            raise Fields(path, "", {}).error(
                "", f"gives the table {spec.name} a second time; rename one of the two files"
            )
        specs[spec.name] = spec
    for spec in specs.values():
        _check_parent(spec, specs)
    return dict(sorted(specs.items()))


def _read(data: bytes, path: str) -> object:
    try:
        return read_strict_yaml(data, path)
    except StrictYamlError as error:
        raise TableSpecError(str(error)) from None


def parse_table(path: str, data: bytes, digest: str) -> TableSpec:
    """Read one table from the bytes of the file at `path`; raises TableSpecError."""
    fields = Fields(path, "", _read(data, path))
    source = fields.text("source")
    if source not in SOURCES:
        raise fields.error("source", f"is “{source}”; write one of {', '.join(SOURCES)}")
    reach = fields.choice("reach", Reach)
    listing = _listing(fields.below("list"))
    each = tuple(_call(below) for below in fields.each_below("each"))
    once = tuple(_call(below) for below in fields.each_below("once"))
    parts = _parts(fields, (listing.call, *each, *once))
    spec = TableSpec(
        name=_name(fields, path, source),
        says=fields.text("says"),
        source=source,
        reach=reach,
        list=listing,
        key=fields.template("key"),
        each=each,
        once=once,
        columns={
            name: _column(fields, name, value, listing.call.part, parts)
            for name, value in fields.members("columns").items()
        },
        permissions=fields.texts("permissions"),
        tags=_tags(fields, listing.call.part, parts),
        unordered=fields.texts("unordered"),
        volatile=fields.texts("volatile"),
        personal=frozenset(fields.texts("personal")),
        subject=fields.template("subject") if fields.has("subject") else fields.take("subject"),
        plan=_plan(fields),
        needs=fields.optional_text("needs"),
        digest=digest,
    )
    fields.done()
    _check(fields, spec)
    return spec


def _plan(fields: Fields) -> PlanNeed | None:
    """Read what a table needs of the vendor's plan; a text alone says it in words, as the first content files did."""
    if not isinstance(fields.peek("plan"), Mapping):
        text = fields.optional_text("plan")
        return None if text is None else PlanNeed({}, text)
    below = fields.below("plan")
    plans = below.peek("given")
    given = below.below("given")
    by_plan = {name: given.choice(name, Given) for name in (plans if isinstance(plans, Mapping) else ())}
    need = PlanNeed(by_plan, below.text("needs"), below.text("instead"), below.texts("columns"))
    below.done()
    return need


def _name(fields: Fields, path: str, source: str) -> str:
    steps = path.removeprefix("tables/").removesuffix(".yaml").split("/")
    name = steps[-1] if source == "file" else f"{source}_{steps[-1]}"
    if len(steps) != 2 or steps[0] not in (source, f"{source}s") or not _NAME.match(name):
        raise fields.error(
            "", f"must lie at tables/{source}/NAME.yaml, the name in small letters, digits and underscores"
        )
    return name


def _listing(fields: Fields) -> Listing:
    items_path, items = fields.path("items") if fields.has("items") else ("@", compile_path("@"))
    shape, hook = fields.optional_text("shape"), fields.optional_text("hook")
    if shape is not None and shape not in shape_names():
        raise fields.error("shape", f"is “{shape}”; known are {', '.join(shape_names())}")
    optional, also = fields.flag("optional"), fields.texts("also")
    for_each = _for_each(fields.below("for_each")) if fields.has("for_each") else fields.take("for_each")
    parent = fields.template("parent") if fields.has("parent") else fields.take("parent")
    if for_each is not None and parent is not None:
        raise fields.error("parent", "is known where there is `for_each`; write one of the two")
    call = _call(fields)
    return Listing(call, items, items_path, optional, shape, for_each, hook, also, parent)


def _for_each(fields: Fields) -> ForEach:
    parent = ForEach(fields.text("table"), _conditions(fields, "when"), fields.texts("carry"))
    fields.done()
    return parent


def _call(fields: Fields) -> Call:
    name = fields.text("call")
    call = Call(
        name=name,
        part=fields.optional_text("part") or _part_of(name),
        ask=fields.ask("ask"),
        keep=fields.keep("keep"),
        absent_when=frozenset(fields.texts("absent_when")),
        unavailable_when=frozenset(fields.texts("unavailable_when")),
        region=fields.template("region") if fields.has("region") else fields.take("region"),
        when=_conditions(fields, "when"),
        unless=_conditions(fields, "unless"),
    )
    if not _NAME.match(call.part):
        raise fields.error(
            "part", f"is “{call.part}”; give this call a `part` in small letters, digits and underscores"
        )
    fields.done()
    return call


def _part_of(call: str) -> str:
    """The method of `service.method`; of `GET /path` its last word that is not an argument."""
    if " " not in call:
        return call.rpartition(".")[2]
    words = [word for word in call.split("/")[1:] if word and "{" not in word]
    return words[-1].replace("-", "_") if words else ""


def _conditions(fields: Fields, name: str) -> tuple[Condition, ...]:
    value = fields.take(name, [])
    alternatives = value if isinstance(value, list) else [value]
    conditions = []
    for alternative in alternatives:
        if not isinstance(alternative, dict) or not alternative:
            raise fields.error(
                name, "must be an object of columns and lists of values, or a list of such objects"
            )
        conditions.append(
            Condition({column: _values(fields, name, values) for column, values in alternative.items()})
        )
    return tuple(conditions)


def _values(fields: Fields, name: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list) or not all(
        value is None or isinstance(value, str | int | bool) for value in values
    ):
        raise fields.error(name, "must give each column a list of texts, integers, true, false or null")
    return tuple(values)


def _parts(fields: Fields, calls: Iterable[Call]) -> tuple[str, ...]:
    parts = [call.part for call in calls]
    for part in parts:
        if parts.count(part) > 1:
            raise fields.error(
                "", f"has two calls whose answers are kept as “{part}”; give one of them another `part`"
            )
    return tuple(parts)


def _tags(fields: Fields, listed: str, parts: tuple[str, ...]) -> Tags | None:
    value = fields.take("tags")
    if value is None:
        return None
    below = Fields(fields.file, "tags", {"path": value} if isinstance(value, str) else value)
    tags = Tags(below.optional_text("of") or listed, tuple(below.text("path").split(".")))
    if tags.of not in parts:
        raise below.error("of", f"is “{tags.of}”; the parts of this table are {', '.join(parts)}")
    below.done()
    return tags


def _column(spec: Fields, name: str, value: Any, listed: str, parts: tuple[str, ...]) -> Column:
    fields = Fields(spec.file, f"columns.{name}", value)
    if not _NAME.match(name) or name in ENGINE_COLUMNS:
        raise fields.error(
            "",
            f"cannot be a column's name; write small letters, digits and underscores, and none of {', '.join(ENGINE_COLUMNS)}",
        )
    path, extract = fields.path("from")
    derive = fields.optional_text("derive")
    if derive is not None and derive not in derivation_names():
        raise fields.error("derive", f"is “{derive}”; known are {', '.join(derivation_names())}")
    column = Column(
        name=name,
        type=fields.choice("type", Type),
        says=fields.text("says"),
        of=fields.optional_text("of") or listed,
        extract=extract,
        path=path,
        absent=_absent(fields),
        derive=derive,
        function=None if derive is None else derivation(derive),
        **_required(fields),
    )
    fields.done()
    if column.of not in parts:
        raise fields.error("of", f"is “{column.of}”; the parts of this table are {', '.join(parts)}")
    return _with_absent_typed(fields, column)


def _required(fields: Fields) -> dict[str, Any]:
    """`required: true` wants the value itself; a list names the paths that must be there, for a value that is made by comparing."""
    if isinstance(fields.peek("required"), list):
        return {"required": True, "needs": fields.paths("required")}
    return {"required": fields.flag("required")}


def _absent(fields: Fields) -> Any:
    return fields.take("absent")


def _with_absent_typed(fields: Fields, column: Column) -> Column:
    if column.absent is None:
        return column
    value = typed(column.type, column.absent)
    if value is MISFIT:
        raise fields.error("absent", f"is no {column.type}; write a value of the column's type")
    return Column(**{name: getattr(column, name) for name in Column.__slots__} | {"absent": value})


def _check(fields: Fields, spec: TableSpec) -> None:
    if not spec.columns:
        raise fields.error("columns", "is missing; name at least one column that a check may read")
    if not spec.permissions and spec.source != "file":
        raise fields.error(
            "permissions", "is missing; list the permission of every call, so that the policy can be derived"
        )
    for name in spec.personal - spec.columns.keys():
        raise fields.error("personal", f"names “{name}”, which is no column of this table")
    if bool(spec.personal) != (spec.subject is not None):
        raise fields.error("subject", 'goes with `personal`: name whom a record is about, such as "{email}"')
    for call in spec.calls:
        for condition in (*call.when, *call.unless):
            for name in condition.columns.keys() - spec.columns.keys():
                raise fields.error("when", f"names “{name}”, which is no column of this table")
    for column in spec.columns.values():
        _check_kept(fields, spec, column)


def _check_kept(fields: Fields, spec: TableSpec, column: Column) -> None:
    """A column cannot be filled from what is not kept."""
    keep = next(call.keep for call in spec.calls if call.part == column.of)
    tags = (
        spec.tags is not None and spec.tags.of == column.of and column.path.split(".") == list(spec.tags.path)
    )
    if _PLAIN_PATH.match(column.path) and not tags and not keep.covers(column.path):
        raise fields.error(
            f"columns.{column.name}.from",
            f"is “{column.path}”, which `keep` of {column.of} does not list; add it there",
        )


def _check_parent(spec: TableSpec, specs: dict[str, TableSpec]) -> None:
    parent = spec.list.for_each
    if parent is None:
        return
    fields = Fields(f"tables/{spec.source}/{spec.name}", "list.for_each", {})
    above = specs.get(parent.table)
    if above is None or above.source != spec.source:
        raise fields.error("table", f"is “{parent.table}”, which is no table of {spec.source}")
    if above.reach is Reach.REGION and spec.reach is Reach.ACCOUNT:
        raise fields.error(
            "table", f"is asked in each region, so {spec.name} must be as well: write `reach: region`"
        )
    for condition in parent.when:
        for name in condition.columns.keys() - above.columns.keys():
            raise fields.error("when", f"names “{name}”, which is no column of {parent.table}")
