"""Every register of the workspace, by one set of operations: what a form takes is what a request takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Field, Query, Schema, Status
from ninja.errors import HttpError
from pydantic import create_model

from assay_web.access import May
from assay_web.api.bodies import Strict
from assay_web.api.operations import Operations, may, who
from assay_web.api.paging import Page, Paged, page_of
from assay_web.queries import registers as queries
from assay_web.records.registers import Line
from assay_web.services import registers as services
from assay_web.workspace.register_forms import LineForm
from assay_web.workspace.registers import Register


class LineShown(Schema):
    """A line: its id, its version, what it says, and when and why it ended."""

    id: str
    number: int
    version: int
    says: dict[str, Any]
    changed: datetime
    ended: datetime | None
    why_ended: str


class DeedShown(Schema):
    """Something that happened to a line, with the ledger entry that holds it."""

    at: datetime
    by: str
    deed: str
    changes: dict[str, Any]
    said: str
    entry: int


class Why(Strict):
    """Why a line ends, or why its end is taken back."""

    version: int = Field(ge=1, description="The version that was read.")
    why: str = Field(min_length=1, max_length=400)


def operations_of(register: Register) -> Operations:
    """Give the operations of a register."""
    api, one, base = Operations(register.many), register.one, f"/{register.name}"
    name = register.name.replace("-", "_")
    says = body_of(register)
    version = (int, Field(ge=1, description="The version that was read."))
    change = create_model(f"{says.__name__}Change", __base__=says, version=version)

    def lines(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
        found, following = page_of(queries.lines_of(register.model), asked, lambda line: str(line.pk))
        return {"items": [_shown(request, line) for line in found], "next": following}

    def line(request: HttpRequest, number: int) -> dict[str, Any]:
        return _shown(request, _line(register, number))

    def happened(request: HttpRequest, number: int) -> list[Any]:
        return [one.event for one in queries.history(_line(register, number))]

    def add(request: HttpRequest, body: Any) -> Any:
        made = register.add(register.model, _cleaned(register.form, body), by=who(request))
        return Status(201, _shown(request, made))

    def changes(request: HttpRequest, number: int, body: Any) -> dict[str, Any]:
        found, said = _line(register, number), _cleaned(register.form, body)
        return _shown(request, register.change(found, said, version=body.version, by=who(request)))

    def end(request: HttpRequest, number: int, body: Why) -> dict[str, Any]:
        register.finish(_line(register, number), body.why, version=body.version, by=who(request))
        return _shown(request, _line(register, number))

    def begin_again(request: HttpRequest, number: int, body: Why) -> dict[str, Any]:
        services.begin_again(_line(register, number), body.why, version=body.version, by=who(request))
        return _shown(request, _line(register, number))

    add.__annotations__["body"] = says
    changes.__annotations__["body"] = change
    reads, writes, numbered = register.reads, register.writes, f"{base}/{{int:number}}"
    (
        api.get(base, reads, Page[LineShown], operation_id=f"{name}_list", summary=f"List {register.many}")(
            lines
        ),
        api.get(numbered, reads, LineShown, operation_id=f"{name}_get", summary=f"One {one}")(line),
        api.get(
            f"{numbered}/history",
            reads,
            list[DeedShown],
            operation_id=f"{name}_history",
            summary=f"What happened to one {one}, the newest first",
        )(happened),
        api.post(base, writes, LineShown, made=True, operation_id=f"{name}_add", summary=f"Add one {one}")(
            add
        ),
        api.post(
            numbered,
            writes,
            LineShown,
            operation_id=f"{name}_change",
            summary=f"Change one {one}; refused where it was changed since the version that was read",
        )(changes),
        api.post(
            f"{numbered}/end",
            writes,
            LineShown,
            operation_id=f"{name}_end",
            summary=f"End one {one}; it stays on record",
        )(end),
        api.post(
            f"{numbered}/begin-again",
            writes,
            LineShown,
            operation_id=f"{name}_begin_again",
            summary=f"Take the end of one {one} back",
        )(begin_again),
    )
    return api


def body_of(register: Register) -> type[Schema]:
    """Make the schema of what a register's form takes."""
    fields: dict[str, Any] = {name: _field(field) for name, field in register.form.base_fields.items()}
    stem = "".join(part.capitalize() for part in register.name.split("-"))
    return create_model(f"{stem}Body", __base__=Strict, **fields)


def _field(field: forms.Field) -> tuple[Any, Any]:
    """Give the type of a form's field, and what it says of it. The form itself looks at the value again."""
    about: dict[str, Any] = {"description": str(field.label or "")}
    kind: Any = str
    match field:
        case forms.BooleanField():
            kind = bool
        case forms.MultipleChoiceField():
            kind = list[str]
        case forms.IntegerField():
            kind = int
            about |= {"ge": field.min_value, "le": field.max_value}
        case forms.CharField() if field.max_length:
            about["max_length"] = field.max_length
    if field.required and not isinstance(field, forms.BooleanField):
        return kind, Field(..., **{name: one for name, one in about.items() if one is not None})
    return kind | None, Field(None, **{name: one for name, one in about.items() if one is not None})


def _cleaned(form: type[LineForm], body: Any) -> dict[str, Any]:
    """Give what a request says, as the form takes it. Raises HttpError 422 with the sentences of the form."""
    given = {name: getattr(body, name) for name in form.base_fields}
    filled = form({name: "" if value is None else value for name, value in given.items()})
    if not filled.is_valid():
        found = "; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in filled.errors.items())
        raise HttpError(422, found)
    return filled.says()


def _line(register: Register, number: int) -> Any:
    found = queries.lines_of(register.model).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise HttpError(404, f"There is no such {register.one} here.")
    return found


def _shown(request: HttpRequest, line: Line) -> dict[str, Any]:
    """Give a line; what tells who a person is stands there for those who may see people."""
    named = may(request, May.SEE_PEOPLE)
    said = services.values_of(line)
    return {
        "id": str(line),
        "number": line.pk,
        "version": line.version,
        "says": {name: value for name, value in said.items() if named or name not in line.PERSON},
        "changed": line.changed,
        "ended": line.ended,
        "why_ended": line.why_ended,
    }
