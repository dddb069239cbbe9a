"""Accounts and grants out of collected evidence, as they were last seen: what an access review is frozen from, and what a later look holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.audit.grants import Grant, GrantSpec, counts, gives_access, grants_of, hides_rights, load_grants
from assay.conclusions import Population
from assay.evidence.book import place_of
from assay.evidence.canonical import Json, read_canonical
from assay.evidence.carrying import PARENT
from assay.evidence.gaps import Gap
from assay.evidence.ledger import Kind
from assay.evidence.population import commitment_of
from assay.evidence.records import Erased, Line, Place, Sealed, Whole
from assay.home import Home
from assay.home.judging import HomeBook
from assay.home.personal import Personal
from assay.home.populations import Located, current_lines
from assay.home.sources import Source, sources
from assay.tables import TableSpec, load_tables, seen_row
from assay_web.home import current_home
from assay_web.queries.past import collections

MOST_LOOKS = 120
"""How many collections of a source are gone back through for one that saw a table completely."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it was seen: its place, the collection, its key, its commitment, whom it is sealed under, and the columns that were seen.

    Of what was `erased` only the commitment is left, and outside of personal tables the key.
    """

    place: Place
    entry: int
    key: str
    parent: str | None
    commitment: str
    subject: str
    row: Mapping[str, Any]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """A right with the record that gives it. `email` is whose account it is by the record itself, where that says so."""

    record: Record
    grant: Grant
    email: str


@dataclass(frozen=True, slots=True)
class TableSeen:
    """One table of one source as it was last seen: where it stands in the ledger, its rights, and all that was left out or not seen."""

    source: str
    table: str
    cites: tuple[dict[str, Json], ...]
    gaps: tuple[Gap, ...]
    complete: dict[str, Json] | None
    access: tuple[Access, ...]
    ended: int
    erased: int
    unsure: int

    @property
    def name(self) -> str:
        """Give what forms say for it."""
        return f"{self.source}:{self.table}"


@dataclass
class Reading:
    """Reads tables as they stood at one size of the ledger, each once. `people` opens what is sealed."""

    home: Home
    people: Personal
    specs: Mapping[str, TableSpec] = field(default_factory=dict)
    grants: Mapping[str, GrantSpec] = field(default_factory=dict)
    _bodies: dict[str, list[tuple[int, Json]]] = field(default_factory=dict)
    _records: dict[tuple[str, str], tuple[list[Record], int]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home, people: Personal) -> Reading:
        specs = load_tables(home.content)
        return cls(home, people, specs, load_grants(home.content, specs))

    def offered(self) -> Iterator[tuple[Source, str]]:
        """Give each connected source with each table of it that holds access, by name."""
        for source in sources(self.home):
            for table in self.grants:
                wanted = source.settings["mapping"]["table"] if source.kind == "file" else table
                if self.specs[table].source == source.kind and wanted == table:
                    yield source, table

    def table(self, source: str, table: str) -> TableSeen:
        """1. The newest look at it, and its gaps. 2. The records where it last was seen. 3. Their rights, with what stands beside them."""
        gaps, complete = self._looks(source, table)  # 1
        records, erased = self.records(source, table)  # 2
        access, ended, unsure = self._access(source, self.grants[table], records)  # 3
        return TableSeen(
            source, table, self._cites(source, table), gaps, complete, tuple(access), ended, erased, unsure
        )

    def records(self, source: str, table: str) -> tuple[list[Record], int]:
        """Give the records of a table as last seen, and how many can be opened no more."""
        if (source, table) not in self._records:
            located = [
                Located(source, Place(table, account, region), entry, statement)
                for account, region, entry, statement in self._places(source, table)
            ]
            self._records[source, table] = self._read(located)
        return self._records[source, table]

    def _unseen(self, source: str, table: str) -> list[Gap]:
        """Give all gaps that the newest look at a table met, those over columns that decide nothing too."""
        for _, body in self._history(source):
            gaps = [Gap.from_json(one) for one in body["gaps"] if one["table"] == table]
            if gaps or any(one["table"] == table for one in body["populations"]):
                return gaps
        return []

    def _read(self, located: Iterable[Located]) -> tuple[list[Record], int]:
        found: list[Record] = []
        erased = 0
        for one in located:
            gaps = self._unseen(one.source, one.place.table)
            for record in records_at(self.home, self.people, self.specs[one.place.table], one, gaps):
                if record.erased:
                    erased += 1
                else:
                    found.append(record)
        return found, erased

    def _access(
        self, source: str, spec: GrantSpec, records: Iterable[Record]
    ) -> tuple[list[Access], int, int]:
        """Give the rights of records, how many records are ended, and of how many it was not seen whether they give access: those count as if they did."""
        beside = {name: self._beside(source, name, spec) for name in spec.beside}
        access: list[Access] = []
        ended = unsure = 0
        for record in records:
            said = gives_access(spec, record.row)
            ended += said is False and counts(spec, record.row)
            unsure += said is None
            if said is not False:
                row = joined(spec, record.row, beside)
                access += [Access(record, one, _email(spec, row)) for one in grants_of(spec, row)]
        return access, ended, unsure

    def _beside(self, source: str, name: str, spec: GrantSpec) -> dict[Any, Mapping[str, Any]]:
        one = spec.beside[name]
        return {
            record.row[one.theirs]: record.row
            for record in self.records(source, one.table)[0]
            if record.row.get(one.theirs) is not None
        }

    def _cites(self, source: str, table: str) -> tuple[dict[str, Json], ...]:
        return tuple(
            {
                "account": account,
                "entry": entry,
                "held": held_at(self._body(source, entry), statement),
                "region": region,
                "root": statement["root"],
                "size": statement["size"],
            }
            for account, region, entry, statement in self._places(source, table)
        )

    def _places(self, source: str, table: str) -> Iterator[tuple[str, str, int, Json]]:
        rows = self.home.database.rows(
            "select account, region, entry from current_population where source = ? and table_name = ? order by account, region",
            (source, table),
        )
        for account, region, entry in rows:
            body = self._body(source, entry)
            statement = next(
                one for one in body["populations"] if place_of(one) == Place(table, account, region)
            )
            yield account, region, entry, statement

    def _looks(self, source: str, table: str) -> tuple[tuple[Gap, ...], dict[str, Json] | None]:
        """Give the gaps of the newest collection that asked for a table, and the newest that saw all of it."""
        newest: tuple[Gap, ...] | None = None
        for entry, body in self._history(source):
            gaps = tuple(self._gaps(body, table))
            seen = [one for one in body["populations"] if one["table"] == table]
            if newest is None and (gaps or seen):
                newest = gaps
            if seen and not gaps:
                held = min(held_at(body, one) for one in seen)
                return newest or (), {"entry": entry, "held": held}
        return newest or (), None

    def _gaps(self, body: Json, table: str) -> Iterator[Gap]:
        """Give the gaps under which rights can be missing."""
        for one in body["gaps"]:
            gap = Gap.from_json(one)
            if one["table"] == table and (
                table not in self.grants or hides_rights(self.grants[table], gap.columns)
            ):
                yield gap

    def _history(self, source: str) -> list[tuple[int, Json]]:
        """Give the newest collections of a source, newest first."""
        if source not in self._bodies:
            entries = [one.entry for one in collections() if one.source == source]
            wanted = {table for one, table in self.offered() if one.id == source} or {""}
            found: list[tuple[int, Json]] = []
            for entry in reversed(entries[-MOST_LOOKS:]):
                body = self.home.ledger.body(self.home.ledger.entry(entry))
                found.append((entry, body))
                wanted -= {table for table in wanted if self._is_whole(body, table)}
                if not wanted:
                    break
            self._bodies[source] = found
        return self._bodies[source]

    def _is_whole(self, body: Json, table: str) -> bool:
        seen = not table or any(one["table"] == table for one in body["populations"])
        return seen and not any(self._gaps(body, table))

    def _body(self, source: str, entry: int) -> Json:
        found = next((body for at, body in self._bodies.get(source, []) if at == entry), None)
        return found if found is not None else self.home.ledger.body(self.home.ledger.entry(entry))


def records_at(
    home: Home, people: Personal, spec: TableSpec, located: Located, gaps: Iterable[Gap]
) -> Iterator[Record]:
    """Give the records of one population, with only the columns that were seen."""
    book = HomeBook(home, people.sealer)
    population = Population(located.source, located.place, located.entry, located.statement)
    there = [gap for gap in gaps if gap.account in (None, located.place.account)]
    for line in current_lines(home, located):
        yield _record(book, spec, population, line, there)


def held_at(body: Json, statement: Json) -> str:
    """Give the instant of which a population speaks: of an exported list when it was exported, otherwise when the collection ended."""
    exported = (statement["made"].get("file") or {}).get("exported") or {}
    return str(exported.get("at") or body["ended"])


def joined(
    spec: GrantSpec, row: Mapping[str, Any], beside: Mapping[str, Mapping[Any, Mapping[str, Any]]]
) -> dict[str, Any]:
    """Give a row with the columns that stand beside it, those as `name.column`."""
    found = dict(row)
    for name, one in spec.beside.items():
        other = beside[name].get(row.get(one.ours)) or {}
        found |= {f"{name}.{column}": value for column, value in other.items()}
    return found


def _record(book: HomeBook, spec: TableSpec, population: Population, line: Line, gaps: list[Gap]) -> Record:
    place, entry = population.place, population.ordinal
    commitment = commitment_of(line).hex()
    subject = line.subject if isinstance(line, Sealed) else ""
    version = line if isinstance(line, Whole) else None
    if isinstance(line, Sealed):
        version = book.open(population, line)
    if version is None:
        kept = line.key or "" if isinstance(line, Erased) else ""
        return Record(place, entry, kept, None, commitment, subject, {}, erased=True)
    record = read_canonical(version.record)
    parent = record.pop(PARENT, None)
    values, lacking = seen_row(spec, version.key, place.account, place.region, parent, record)
    hidden = lacking | _hidden(gaps, version.key if not spec.personal else commitment, place)
    names = ("key", "account", "region", "parent", *spec.columns)
    row = {name: value for name, value in zip(names, values, strict=True) if name not in hidden}
    return Record(place, entry, version.key, parent, commitment, subject, row)


def _hidden(gaps: list[Gap], name: str, place: Place) -> frozenset[str]:
    """Give the columns of a record that gaps say were not seen in the newest look."""
    found: frozenset[str] = frozenset()
    for gap in gaps:
        if gap.columns and gap.key in (None, name) and (gap.region or "") in ("", place.region):
            found |= gap.columns
    return found


def _email(spec: GrantSpec, row: Mapping[str, Any]) -> str:
    own = next((own for hr, own in spec.person if hr == "email"), None)
    return str(row.get(own) or "").lower() if own else ""


def last_collection() -> int:
    """Give the ledger's index of the newest collection, -1 where there is none: a review is previewed and started on the same."""
    last = current_home().ledger.last(Kind.COLLECTION)
    return -1 if last is None else last.ordinal


def people_of(reading: Reading) -> list[dict[str, Any]]:
    """Give the rows of every list of workers."""
    return [
        dict(record.row)
        for source in sources(reading.home)
        if source.kind == "file" and source.settings["mapping"]["table"] == "hr_person"
        for record in reading.records(source.id, "hr_person")[0]
    ]
