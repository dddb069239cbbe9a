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
    api = Operations(register.many)
    _reading(api, register)
    _writing(api, register)
    _ending(api, register)
    return api


def _named(register: Register, deed: str, summary: str) -> dict[str, Any]:
    return {"operation_id": f"{register.name.replace('-', '_')}_{deed}", "summary": summary}


def _reading(api: Operations, register: Register) -> None:
    base, one = f"/{register.name}", register.one

    @api.get(base, register.reads, Page[LineShown], **_named(register, "list", f"List {register.many}"))
    def lines(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
        found, following = page_of(queries.lines_of(register.model), asked, lambda line: str(line.pk))
        return {"items": [_shown(request, line) for line in found], "next": following}

    @api.get(f"{base}/{{int:number}}", register.reads, LineShown, **_named(register, "get", f"One {one}"))
    def line(request: HttpRequest, number: int) -> dict[str, Any]:
        return _shown(request, _line(register, number))

    said = _named(register, "history", f"What happened to one {one}, the newest first")

    @api.get(f"{base}/{{int:number}}/history", register.reads, list[DeedShown], **said)
    def happened(request: HttpRequest, number: int) -> list[Any]:
        return [one.event for one in queries.history(_line(register, number))]


def _writing(api: Operations, register: Register) -> None:
    """Adding and changing take what the form takes, so their bodies are made of it."""
    base, one, says = f"/{register.name}", register.one, body_of(register)
    version = (int, Field(ge=1, description="The version that was read."))
    change = create_model(f"{says.__name__}Change", __base__=says, version=version)

    def add(request: HttpRequest, body: Any) -> Any:
        made = register.add(register.model, _cleaned(register.form, body), by=who(request))
        return Status(201, _shown(request, made))

    def changes(request: HttpRequest, number: int, body: Any) -> dict[str, Any]:
        found, said = _line(register, number), _cleaned(register.form, body)
        return _shown(request, register.change(found, said, version=body.version, by=who(request)))

    add.__annotations__["body"] = says
    changes.__annotations__["body"] = change
    api.post(base, register.writes, LineShown, made=True, **_named(register, "add", f"Add one {one}"))(add)
    said = f"Change one {one}; refused where it was changed since the version that was read"
    api.post(f"{base}/{{int:number}}", register.writes, LineShown, **_named(register, "change", said))(
        changes
    )


def _ending(api: Operations, register: Register) -> None:
    numbered, one = f"/{register.name}/{{int:number}}", register.one
    stays = _named(register, "end", f"End one {one}; it stays on record")
    back = _named(register, "begin_again", f"Take the end of one {one} back")

    @api.post(f"{numbered}/end", register.writes, LineShown, **stays)
    def end(request: HttpRequest, number: int, body: Why) -> dict[str, Any]:
        register.finish(_line(register, number), body.why, version=body.version, by=who(request))
        return _shown(request, _line(register, number))

    @api.post(f"{numbered}/begin-again", register.writes, LineShown, **back)
    def begin_again(request: HttpRequest, number: int, body: Why) -> dict[str, Any]:
        services.begin_again(_line(register, number), body.why, version=body.version, by=who(request))
        return _shown(request, _line(register, number))


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
