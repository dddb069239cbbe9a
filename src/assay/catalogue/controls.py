"""Control templates: what a company can say it does, one file each, named by its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.catalogue.conditions import ALWAYS, Rule, read_rule
from assay.catalogue.reading import Fields, stem
from assay.catalogue.vocabulary import Cadence, EvidenceKind, Kind, Nature, Trigger


@dataclass(frozen=True, slots=True)
class ControlTemplate:
    """A control of the catalogue. It names no criterion, parameter or check: those name it.

    `type1` is the evidence as of a date, `type2` over a period. `applies` says where the control makes sense at all,
    `recommended` where a company starts with it. `monitors_providers`: it can be our own control over a carved-out provider.
    """

    id: str
    domain: str
    statement: str
    kind: Kind
    cadence: Cadence | None
    trigger: Trigger | None
    owner: str
    nature: Nature
    evidence_kind: EvidenceKind
    type1: str
    type2: str
    applies: Rule
    recommended: Rule
    monitors_providers: bool


_ID = re.compile(r"[A-Z]{3,5}-[0-9]{2,3}")


def read_control(fields: Fields) -> ControlTemplate:
    """Read a control file. Raises CatalogueError where a field is missing, misspelt, or at odds with the kind."""
    control = ControlTemplate(
        id=stem(fields.path),
        domain=fields.text("domain"),
        statement=_sentence(fields, "statement"),
        kind=fields.choice("kind", Kind),
        cadence=fields.optional_choice("cadence", Cadence),
        trigger=fields.optional_choice("trigger", Trigger),
        owner=fields.text("owner"),
        nature=fields.choice("nature", Nature),
        evidence_kind=fields.choice("evidence", EvidenceKind),
        type1=fields.text("type1"),
        type2=fields.text("type2"),
        applies=read_rule(fields.fields("applies")) if "applies" in fields else ALWAYS,
        recommended=_read_recommended(fields),
        monitors_providers=fields.boolean("monitors_providers") if "monitors_providers" in fields else False,
    )
    fields.done()
    _check_kind(fields, control)
    return control


def _sentence(fields: Fields, field: str) -> str:
    text = fields.text(field)
    if not text.endswith(".") or "\n" in text or ". " in text:
        raise fields.error(field, "must be one sentence that ends with a full stop")
    return text


def _read_recommended(fields: Fields) -> Rule:
    if isinstance(value := fields.take("recommend"), str):
        if value != "always":
            raise fields.error(
                "recommend",
                f"is {value!r}; write `always`, or conditions under `when` and a reason under `otherwise`",
            )
        return ALWAYS
    rule = read_rule(Fields(fields.path, value, "recommend"))
    if any(condition.without and condition.because is None for condition in rule.when):
        raise fields.error(
            "recommend.when", "has `without` and no `because`; say why the control is recommended then"
        )
    return rule


def _check_kind(fields: Fields, control: ControlTemplate) -> None:
    if not _ID.fullmatch(control.id):
        raise fields.error("The file name", f"gives the id {control.id!r}, which must look like IAM-04")
    match control.kind:
        case Kind.PERIODIC if control.cadence in (None, Cadence.CONTINUOUS):
            raise fields.error("cadence", "must say how often a periodic control operates")
        case Kind.PER_EVENT if control.trigger is None:
            raise fields.error("trigger", "must say which event calls for a control of the kind per event")
        case Kind.CONFIGURATION if control.cadence not in (Cadence.CONTINUOUS, Cadence.DAILY):
            raise fields.error("cadence", "of a configuration must be continuous or daily")
        case _ if control.cadence is None and control.trigger is None:
            raise fields.error("cadence", "or trigger must be given")
