"""The readiness report out of a book, the home's or a pack's: the same facts are gathered from the same entries, so the bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from assay.audit import (
    CheckFacts,
    Evaluation,
    EvidenceFacts,
    GapFacts,
    ReadinessInputs,
    Seal,
    changed_items,
    from_content,
    from_ledger,
    readiness,
)
from assay.audit.drift import drift
from assay.catalogue import Scope, System, Trait, load_catalogue, tailor
from assay.checks import Check, TableInput, load_checks
from assay.conclusions import Basis, CollectionEntry, EvidenceReader, observed
from assay.conclusions.inputs import missing_table, table_input
from assay.content_tree import Content
from assay.errors import AssayError
from assay.evidence.book import Book, Entry
from assay.evidence.canonical import Json, encode, instant_text, parse
from assay.evidence.checkpoint import parse_checkpoint
from assay.evidence.cosignature import cosigned_at
from assay.evidence.gaps import Gap, matters
from assay.evidence.ledger import Kind
from assay.evidence.note import parse_note
from assay.evidence.stamped import is_stamp, stamps
from assay.tables import TableSpec, load_tables
from assay.tables.actions import action_of

ASSUMED_PEOPLE = 20
WAY_OUT = "way_out."
"""How the settings of ways out are named (formats.md, section 7)."""


class ReadableBook(Book, EvidenceReader, Protocol):
    """A book whose populations can be read."""

    def entry(self, ordinal: int) -> Entry: ...


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One evaluation with what it rested on: its basis, each table's rows, and the gaps over them."""

    entry: Entry
    basis: Basis
    body: Json
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
    facts = from_content.check_facts(checks)
    evaluation, evaluation_before = _evaluation(book, now), None if was is None else _evaluation(book, was)
    tailoring = tailor(catalogue, scope)
    runs = from_ledger.newest([(one.ordinal, one.body) for one in collections], now.basis.collections)
    return ReadinessInputs(
        company=from_content.company(scope),
        criteria=from_content.criterion_facts(catalogue, tailoring),
        controls=from_content.control_facts(catalogue, tailoring),
        now=evaluation,
        checks=facts,
        tables=from_content.table_facts(specs),
        families=from_content.family_facts(catalogue),
        sources=from_ledger.source_facts(runs),
        populations=from_ledger.population_facts(runs),
        gaps=_gaps(from_ledger.gap_facts(runs), now.gaps, now.basis),
        evidence=tuple(_evidence(book, newest)),  # 3
        start=_start(book, earlier),
        before=evaluation_before,
        observed={}
        if was is None or evaluation_before is None
        else _rows_that_drifted(facts, evaluation_before, evaluation, was, now),
        actions=_actions(specs),
        seal=replace(seal_of(checkpoint), sent_to=tuple(_sent_to(book, newest))),
    )


def drift_between(book: ReadableBook, before: Entry, after: Entry) -> Json:
    """Give what concluded differently between two evaluations, item by item, by the content of the later one."""
    content = Content.from_archive(book.object(book.body(after)["content"]))
    specs = load_tables(content)
    checks = load_checks(content, specs)
    collections = [
        CollectionEntry(entry.ordinal, book.body(entry)) for entry in book.entries(kind=Kind.COLLECTION)
    ]
    was, now = (_drawn(book, one, specs, checks, collections) for one in (before, after))
    facts = from_content.check_facts(checks)
    earlier, later = _evaluation(book, was), _evaluation(book, now)
    personal = frozenset(name for name, spec in specs.items() if spec.personal)
    rows = _rows_that_drifted(facts, earlier, later, was, now)
    return drift(facts, earlier, later, personal, rows)


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
    """Give what a report says of the checkpoint that it rests on; who cosigned or stamped it is proven by `assay verify --witness --timestamp-root`."""
    note = parse_note(checkpoint)
    head = parse_checkpoint(note.text)
    others = [line for line in note.signatures if line.name != head.origin and not is_stamp(line)]
    return Seal(
        size=head.size,
        root=head.root.hex(),
        origin=head.origin,
        witnesses=tuple((line.name, instant_text(cosigned_at(line))) for line in others),
        timestamps=tuple((one.name, instant_text(one.at)) for one in stamps(note)),
    )


def _sent_to(book: ReadableBook, newest: Entry) -> Iterator[tuple[str, str]]:
    """Give the buckets and mailboxes to which the home was set to send its checkpoints, by name: their word is not in a pack, so it is named apart."""
    found: dict[str, Json] = {}
    for details in _settings_set(book, newest):
        name = details.get("name")
        if isinstance(name, str) and name.startswith(WAY_OUT):
            found[name.removeprefix(WAY_OUT)] = details.get("value")
    for name, value in sorted(found.items()):
        kind = value.get("kind") if isinstance(value, dict) else None
        if kind in ("bucket", "mailbox"):
            yield kind, name


def _settings_set(book: ReadableBook, newest: Entry) -> Iterator[Json]:
    """Give what each act before `newest` says that set a setting; one that a pack does not disclose is passed over."""
    for entry in book.entries(kind=Kind.ACT):
        if entry.ordinal > newest.ordinal:
            return
        try:
            body = book.body(entry)
        except AssayError:
            continue
        if body["act"] == "setting.set":
            yield body["details"]


def _gaps(lasting: tuple[GapFacts, ...], judged: tuple[Gap, ...], basis: Basis) -> tuple[GapFacts, ...]:
    """Give the gaps that bear on the period: those that collections named, and those that judging found besides, such as tables that nobody connected."""
    named = {Gap.from_json(dict(one.gap)).order() for one in lasting}
    lasting = tuple(one for one in lasting if matters(Gap.from_json(dict(one.gap)), basis.period[0]))
    return (*lasting, *(GapFacts(gap.to_json()) for gap in judged if gap.order() not in named))


def _actions(specs: Mapping[str, TableSpec]) -> dict[str, str]:
    calls = {
        call.name
        for spec in specs.values()
        if spec.source == "aws"
        for call in (spec.list.call, *spec.each, *spec.once)
    }
    return {call: action_of(call) for call in sorted(calls) if "." in call}


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
    return _Drawn(entry, basis, body, inputs, tuple(gaps))


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
    return from_ledger.evaluation(body, lambda digest: parse(book.object(digest)), keys)


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
                found[table, row[0]] = {
                    name: plain_value(value) for name, value in zip(columns, row, strict=True)
                }
    return found


def plain_value(value: object) -> Json:
    """Give a value of a row as JSON holds it: instants and decimals as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain_value(member) for member in value]
    return str(value)


def _evidence(book: ReadableBook, newest: Entry) -> Iterator[EvidenceFacts]:
    for entry in book.entries(kind=Kind.EVIDENCE):
        if entry.ordinal < newest.ordinal:
            yield EvidenceFacts(book.body(entry), instant_text(entry.at), entry.ordinal)
