"""Every check judged over what had been seen: the same code the first time, in the home, and whenever it is performed again, from a pack.

A conclusion is a pure function of what the `conclusions` body names: collections, content, parameters, instants, zone and evaluator.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from assay import __version__
from assay.checks import Check, ConclusionSet, EvaluationError, Evaluator, Moment, TableInput
from assay.conclusions.inputs import EvidenceReader, missing_table, table_input
from assay.conclusions.observed import CollectionEntry, observed
from assay.evidence.canonical import Json, encode, instant_text, parse_instant
from assay.evidence.gaps import Gap, matters
from assay.tables import TableSpec

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What a set of conclusions rests on besides the evidence itself (formats.md, section 9)."""

    as_of: datetime
    zone: str
    period: tuple[datetime, datetime]
    collections: Mapping[str, int]
    kinds: Mapping[str, str]
    scope: int | None
    parameters: Mapping[str, Json]
    content_digest: str

    def to_json(self) -> Json:
        return {
            "as_of": instant_text(self.as_of),
            "collections": dict(self.collections),
            "content": self.content_digest,
            "evaluator": __version__,
            "format": FORMAT,
            "kinds": dict(self.kinds),
            "parameters": dict(self.parameters),
            "period": {"end": instant_text(self.period[1]), "start": instant_text(self.period[0])},
            "scope": self.scope,
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, body: Json) -> Basis:
        """Read the basis in a `conclusions` body."""
        period = (parse_instant(body["period"]["start"]), parse_instant(body["period"]["end"]))
        return cls(
            parse_instant(body["as_of"]),
            body["zone"],
            period,
            body["collections"],
            body["kinds"],
            body["scope"],
            body["parameters"],
            body["content"],
        )


@dataclass(frozen=True, slots=True)
class Concluded:
    """One check's conclusion set: its check's digest, counts, the bytes of its object, and the object's digest."""

    check: str
    digest: str
    counts: Mapping[str, int]
    content: bytes

    def to_json(self) -> Json:
        object_id = hashlib.sha256(self.content).hexdigest()
        return {"check": self.check, "counts": dict(self.counts), "digest": self.digest, "object": object_id}


def conclude(
    basis: Basis,
    checks: Mapping[str, Check],
    specs: Mapping[str, TableSpec],
    collections: Iterable[CollectionEntry],
    reader: EvidenceReader,
    on_check: Callable[[str], None] = lambda _: None,
) -> list[Concluded]:
    """Judge every check and give the conclusion sets in the order of the checks' ids.

    1. What had been seen. 2. Rows and gaps of each table that a check reads. 3. Each check, in one sealed engine.
    """
    seen = observed(collections, basis.collections)  # 1
    inputs: dict[str, TableInput] = {}
    gaps: list[Gap] = []
    for name in sorted({table for check in checks.values() for table in check.tables}):  # 2
        spec = specs[name]
        inputs[name], table_gaps = (
            table_input(spec, seen[name], reader) if name in seen else missing_table(spec, basis.kinds)
        )
        gaps += table_gaps
    moment = Moment(_plain(basis.as_of), basis.zone, _plain(basis.period[0]), _plain(basis.period[1]))
    bearing = [gap for gap in gaps if matters(gap, basis.period[0])]
    ordered = [checks[check_id] for check_id in sorted(checks)]
    work = [(check, {name: basis.parameters[name] for name in check.parameters}) for check in ordered]
    # Items of personal tables go by their commitments already (see `table_input`), so each names itself.
    names = {name: {row[0]: row[0] for row in inputs[name].rows} for name in inputs if specs[name].personal}
    with Evaluator(inputs.values(), specs) as evaluator:  # 3
        concluded = []
        for check, answer in zip(ordered, evaluator.evaluate_each(work, moment, bearing), strict=True):
            on_check(check.id)
            concluded.append(_concluded(check, answer, specs, names))
        return concluded


def _concluded(
    check: Check,
    answer: ConclusionSet | EvaluationError,
    specs: Mapping[str, TableSpec],
    names: Mapping[str, Mapping[str, str]],
) -> Concluded:
    """Give one check's conclusion set as it is stored. A check that cannot be evaluated leaves its items unknown; it never stops the others."""
    if isinstance(answer, EvaluationError):
        stated = _unknown(check, str(answer))
        return Concluded(check.id, check.digest, _counts(stated), encode(stated))
    counts = {str(conclusion): number for conclusion, number in answer.counts.items()}
    if any(specs[name].personal for name in check.tables):
        stated = answer.to_object(names)
        stated["notes"] = [{**note, "saw": {}} for note in stated["notes"]]
        return Concluded(check.id, check.digest, counts, encode(stated))
    return Concluded(check.id, check.digest, counts, answer.encoded())


def _unknown(check: Check, problem: str) -> Json:
    note = {
        "account": None,
        "changes_at": None,
        "conclusion": "UNKNOWN",
        "item": None,
        "reason": "failed",
        "region": None,
        "saw": {"problem": problem},
        "table": check.items[0],
    }
    return {"check": check.id, "codes": "", "flips": [], "format": FORMAT, "notes": [note]}


def _plain(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


def _counts(answer: Json) -> dict[str, int]:
    """Count conclusions in an object of formats.md section 9: coded items, and unknown things without an item."""
    codes = answer["codes"]
    return {
        "CONFORMS": codes.count("C"),
        "DEVIATES": codes.count("D"),
        "NOT_APPLICABLE": codes.count("N"),
        "UNKNOWN": sum(note["conclusion"] == "UNKNOWN" for note in answer["notes"]),
    }
