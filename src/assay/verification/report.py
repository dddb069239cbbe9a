"""The readiness report out of a book, the home's or a pack's: the same facts are gathered from the same entries, so the bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from assay.audit import (
    CheckFacts,
    Company,
    ControlFacts,
    CriterionFacts,
    Evaluation,
    EvidenceFacts,
    FamilyFacts,
    GapFacts,
    PopulationFacts,
    ReadinessInputs,
    Seal,
    SourceFacts,
    TableFacts,
    changed_items,
    readiness,
)
from assay.catalogue import (
    Catalogue,
    CriterionStanding,
    Scope,
    Standing,
    System,
    Trait,
    load_catalogue,
    tailor,
)
from assay.checks import Check, TableInput, load_checks
from assay.conclusions import Basis, CollectionEntry, EvidenceReader, ObservedTable, observed
from assay.conclusions.inputs import missing_table, table_input
from assay.content_tree import Content
from assay.evidence.book import Book, Entry
from assay.evidence.canonical import Json, encode, instant_text, parse
from assay.evidence.checkpoint import parse_checkpoint
from assay.evidence.gaps import Gap
from assay.evidence.ledger import Kind
from assay.evidence.note import parse_note
from assay.tables import TableSpec, load_tables

ASSUMED_PEOPLE = 20


class ReadableBook(Book, EvidenceReader, Protocol):
    """A book whose populations can be read."""

    def entry(self, ordinal: int) -> Entry: ...


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One evaluation with what it rested on: its basis, what had been seen, and each table's rows."""

    entry: Entry
    basis: Basis
    body: Json
    seen: Mapping[str, ObservedTable]
    inputs: Mapping[str, TableInput]
    gaps: tuple[Gap, ...]


def readiness_report(book: ReadableBook, newest: Entry, checkpoint: bytes) -> Json:
    """Give the readiness report on the conclusions of entry `newest`, under a signed checkpoint."""
    return readiness(readiness_inputs(book, newest, checkpoint))


def report_again(book: ReadableBook, newest: Entry, checkpoint: bytes) -> bytes:
    """Give the canonical bytes of the readiness report."""
    return encode(readiness_report(book, newest, checkpoint))


def readiness_inputs(book: ReadableBook, newest: Entry, checkpoint: bytes) -> ReadinessInputs:
    """Gather every fact of the readiness report on the conclusions of entry `newest`.

    1. Content and scope in force. 2. The newest evaluation, the first, and the one of the day before. 3. Manual evidence up to then.
    """
    body = book.body(newest)
    content = Content.from_archive(book.object(body["content"]))  # 1
    catalogue, specs = load_catalogue(content), load_tables(content)
    checks = load_checks(content, specs)
    scope = scope_of(book, body)
    collections = [
        CollectionEntry(entry.ordinal, book.body(entry)) for entry in book.entries(kind=Kind.COLLECTION)
    ]
    now = _drawn(book, newest, specs, checks, collections)  # 2
    earlier = [entry for entry in book.entries(kind=Kind.CONCLUSIONS) if entry.ordinal < newest.ordinal]
    before = _day_before(book, earlier, body)
    was = None if before is None else _drawn(book, before, specs, checks, collections)
    facts = tuple(_check_facts(check) for check in checks.values())
    evaluation, evaluation_before = _evaluation(book, now), None if was is None else _evaluation(book, was)
    return ReadinessInputs(
        company=_company(scope),
        criteria=tuple(_criteria(catalogue, scope)),
        controls=tuple(_controls(catalogue, scope)),
        now=evaluation,
        checks=facts,
        tables=tuple(
            TableFacts(spec.name, spec.source, spec.says, bool(spec.personal)) for spec in specs.values()
        ),
        families=tuple(_families(catalogue)),
        sources=tuple(_sources(now, collections)),
        populations=tuple(_populations(now)),
        gaps=tuple(_gap_facts(gap, collections) for gap in now.gaps),
        evidence=tuple(_evidence(book, newest)),  # 3
        start=_start(book, earlier),
        before=evaluation_before,
        observed={}
        if was is None or evaluation_before is None
        else _rows_that_drifted(facts, evaluation_before, evaluation, was, now),
        seal=seal_of(checkpoint),
    )


def scope_of(book: ReadableBook, conclusions: Json) -> Scope:
    """Give the scope that conclusions were drawn in; until the company sets one, a small software company is assumed."""
    if conclusions["scope"] is not None:
        return Scope.from_object(book.body(book.entry(conclusions["scope"]))["details"]["value"])
    home = book.body(book.entry(0))
    return Scope(
        company=home["name"],
        sells="not said yet",
        system=System.SAAS,
        people=ASSUMED_PEOPLE,
        zone="UTC",
        traits=frozenset({Trait.USES_CLOUD, Trait.DEVELOPS_SOFTWARE, Trait.REMOTE_ONLY}),
    )


def seal_of(checkpoint: bytes) -> Seal:
    """Give what a report says of the checkpoint that it rests on."""
    head = parse_checkpoint(parse_note(checkpoint).text)
    return Seal(size=head.size, root=head.root.hex(), origin=head.origin)


def _drawn(
    book: ReadableBook,
    entry: Entry,
    specs: Mapping[str, TableSpec],
    checks: Mapping[str, Check],
    collections: list[CollectionEntry],
) -> _Drawn:
    body = book.body(entry)
    basis = Basis.from_json(body)
    seen = observed(collections, basis.collections)
    inputs: dict[str, TableInput] = {}
    gaps: list[Gap] = []
    for name in sorted({table for check in checks.values() for table in check.tables}):
        spec = specs[name]
        inputs[name], found = (
            table_input(spec, seen[name], book) if name in seen else missing_table(spec, basis.kinds)
        )
        gaps += found
    return _Drawn(entry, basis, body, seen, inputs, tuple(gaps))


def _day_before(book: ReadableBook, earlier: list[Entry], body: Json) -> Entry | None:
    """Give the last evaluation of an earlier day, or where all were drawn on this day, the one before."""
    other_day = [entry for entry in earlier if book.body(entry)["as_of"][:10] != body["as_of"][:10]]
    candidates = other_day or earlier
    return candidates[-1] if candidates else None


def _evaluation(book: ReadableBook, drawn: _Drawn) -> Evaluation:
    keys = {name: frozenset(row[0] for row in table.rows) for name, table in drawn.inputs.items()}
    return _sets(book, drawn.body, keys)


def _start(book: ReadableBook, earlier: list[Entry]) -> Evaluation | None:
    return _sets(book, book.body(earlier[0]), None) if earlier else None


def _sets(book: ReadableBook, body: Json, keys: Mapping[str, frozenset[str]] | None) -> Evaluation:
    sets = {
        one["check"]: {**parse(book.object(one["object"])), "counts": one["counts"]} for one in body["sets"]
    }
    return Evaluation(body["as_of"], sets, (body["period"]["start"], body["period"]["end"]), keys)


def _rows_that_drifted(
    checks: tuple[CheckFacts, ...], before: Evaluation, after: Evaluation, was: _Drawn, now: _Drawn
) -> dict[tuple[str, str], tuple[Json, Json]]:
    wanted = changed_items(checks, before, after)
    old, new = _rows(was, wanted), _rows(now, wanted)
    return {name: (old.get(name), new.get(name)) for name in wanted}


def _rows(drawn: _Drawn, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Json]:
    found = {}
    for table in {table for table, _ in wanted}:
        keys = {key for name, key in wanted if name == table}
        columns = [name for name, _ in drawn.inputs[table].columns]
        for row in drawn.inputs[table].rows:
            if row[0] in keys:
                found[table, row[0]] = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
    return found


def _plain(value: object) -> Json:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return str(value)


def _company(scope: Scope) -> Company:
    return Company(
        name=scope.company,
        sells=scope.sells,
        people=scope.people,
        categories=tuple(
            category.label
            for category in sorted(scope.categories, key=list(type(next(iter(scope.categories)))).index)
        ),
        zone=scope.zone,
    )


def _criteria(catalogue: Catalogue, scope: Scope) -> Iterator[CriterionFacts]:
    for id_, tailored in tailor(catalogue, scope).criteria.items():
        criterion = catalogue.criteria[id_]
        if tailored.standing is CriterionStanding.OUT_OF_SCOPE:
            continue
        yield CriterionFacts(
            id=id_,
            category=criterion.category.label,
            gist=criterion.title,
            controls=tailored.controls,
            points=len(criterion.points),
            left_out=tailored.reason if tailored.standing is CriterionStanding.NOT_RELEVANT else None,
            note=tailored.reason if tailored.standing is CriterionStanding.CARRIED else None,
        )


def _controls(catalogue: Catalogue, scope: Scope) -> Iterator[ControlFacts]:
    for id_, tailored in tailor(catalogue, scope).controls.items():
        control = catalogue.controls[id_]
        yield ControlFacts(
            id=id_,
            domain=control.domain,
            statement=control.statement,
            kind=str(control.kind),
            nature=str(control.nature),
            cadence=str(control.cadence or ""),
            trigger=str(control.trigger or ""),
            owner=control.owner,
            type1=control.type1,
            left_out=None if tailored.standing is Standing.RECOMMENDED else tailored.reason,
        )


def _families(catalogue: Catalogue) -> Iterator[FamilyFacts]:
    for family in sorted(catalogue.families.values(), key=lambda one: one.order):
        yield FamilyFacts(family.id, family.title, family.controls, family.not_shown, family.says)


def _check_facts(check: Check) -> CheckFacts:
    ways = {"cli": check.remedy.cli, "console": check.remedy.console, "terraform": check.remedy.terraform}
    remedy = {way: text for way, text in ways.items() if text is not None}
    return CheckFacts(
        check.id,
        check.title,
        check.controls,
        str(check.severity),
        check.reads,
        check.items,
        check.shows,
        check.does_not_show,
        remedy,
    )


def _sources(drawn: _Drawn, collections: list[CollectionEntry]) -> Iterator[SourceFacts]:
    for source, upto in sorted(drawn.basis.collections.items()):
        body = next(one.body for one in collections if one.ordinal == upto)
        places = {
            one["account"]: one["account"] for one in (*body["populations"], *body["gaps"]) if one["account"]
        }
        yield SourceFacts(source, body["source"]["kind"], source, body["ended"], body["complete"], places)


def _populations(drawn: _Drawn) -> Iterator[PopulationFacts]:
    for table, seen in drawn.seen.items():
        for one in seen.populations:
            yield PopulationFacts(
                table,
                one.place.account,
                one.place.region,
                one.statement["size"],
                one.statement["root"],
                one.source,
            )


def _gap_facts(gap: Gap, collections: list[CollectionEntry]) -> GapFacts:
    """Say since which collection a gap lasts without a break, and when its place was last seen without it."""
    mine, since, last_seen = gap.order(), None, None
    for collection in reversed(collections):
        body = collection.body
        if not any(one["table"] == gap.table for one in (*body["populations"], *body["gaps"])):
            continue
        if any(Gap.from_json(one).order() == mine for one in body["gaps"] if one["table"] == gap.table):
            since = body["started"]
        else:
            place = (gap.account, gap.region)
            seen = any(
                (one["account"], one["region"]) == place
                for one in body["populations"]
                if one["table"] == gap.table
            )
            last_seen = body["ended"] if seen else None
            break
    return GapFacts(gap.to_json(), since, last_seen)


def _evidence(book: ReadableBook, newest: Entry) -> Iterator[EvidenceFacts]:
    for entry in book.entries(kind=Kind.EVIDENCE):
        if entry.at <= newest.at:
            yield EvidenceFacts(book.body(entry), instant_text(entry.at), entry.ordinal)
