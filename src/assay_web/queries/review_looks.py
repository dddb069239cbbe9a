"""What later collections hold of the rights that an access review asked to change or remove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assay.audit.access_review import LookedAt, Removal, hides, removal_after
from assay.audit.grants import GrantSpec, gives_access, grants_of, hides_rights, load_grants
from assay.evidence.book import place_of
from assay.evidence.canonical import Json, parse_instant
from assay.evidence.gaps import Gap
from assay.evidence.records import Place
from assay.home import Home
from assay.home.personal import Personal, personal
from assay.home.populations import Located
from assay.tables import TableSpec, load_tables
from assay_web.home import current_home
from assay_web.queries.past import collections
from assay_web.queries.review_lines import Said, opened
from assay_web.queries.review_population import held_at, records_at
from assay_web.records.reviews import ReviewLine, ReviewSystem


@dataclass(frozen=True, slots=True)
class Looked:
    """A later look: the ledger's index of the collection, from when it speaks, and when it could first be known."""

    entry: int
    since: datetime
    held: datetime


@dataclass
class _Held:
    """What a population holds: the rights by record key, name and value; the keys, or for sealed records the subjects, of which nobody can tell."""

    rights: dict[tuple[str, str, str], str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)


def looks_at(
    system: ReviewSystem, lines: Sequence[ReviewLine]
) -> Iterator[tuple[Looked, list[tuple[ReviewLine, Removal]]]]:
    """Give each collection that nobody looked at yet, in order, with how each line stands after it. Lines are to hold that before the next is asked for."""
    home = current_home()
    specs = load_tables(home.content)
    grants = load_grants(home.content, specs)
    if system.table not in grants:
        return
    texts = zip(lines, opened(lines), strict=True)
    said = {one.pk: text for one, text in texts if not text.erased and one.decided is not None}
    lines = [one for one in lines if one.pk in said]
    start = min((_since(one) for one in lines), default=0)
    with personal(home) as people:
        looking = _Looking(home, people, specs[system.table], grants[system.table])
        for ordinal in [one.entry for one in collections() if one.source == system.source]:
            if not lines or ordinal <= start:
                continue
            body = home.ledger.body(home.ledger.entry(ordinal))
            look = _looked(ordinal, body, system.table)
            spoken = [
                (
                    one,
                    removal_after(Removal(one.removal), found, asked=one.decision, right=said[one.pk].right),
                )
                for one in lines
                if ordinal > _since(one)
                and one.decided is not None
                and look.since >= one.decided
                and (found := looking.look(system.source, look.entry, body, said[one.pk])) is not None
            ]
            if spoken:
                yield look, spoken


@dataclass
class _Looking:
    home: Home
    people: Personal
    spec: TableSpec
    grants: GrantSpec
    _held: dict[tuple[int, Place], _Held] = field(default_factory=dict)

    def look(self, source: str, entry: int, body: Json, said: Said) -> LookedAt | None:
        """Tell what a collection holds of a line; None where it did not ask for the table.

        1. Asked at all. 2. The place was seen whole. 3. No gap lies over the record. 4. What is there.
        """
        table = self.spec.name
        gaps = [Gap.from_json(one) for one in body["gaps"] if one["table"] == table]
        statements = {place_of(one): one for one in body["populations"] if one["table"] == table}
        if not gaps and not statements:
            return None  # 1
        where = said.record["place"]
        place = Place(table, where["account"], where["region"])
        if place not in statements:
            return LookedAt(seen=False)  # 2
        key = None if self.spec.personal else said.record["key"]
        over = {"account": place.account, "region": place.region, "parent": said.record["parent"], "key": key}
        hidden = [one for one in gaps if hides(one, **over) and hides_rights(self.grants, one.columns)]
        if hidden:
            return LookedAt(seen=False)  # 3
        held = self._holds(Located(source, place, entry, statements[place]), gaps)
        return _found(held, said)  # 4

    def _holds(self, located: Located, gaps: list[Gap]) -> _Held:
        name = (located.entry, located.place)
        if name not in self._held:
            self._held = {name: self._read(located, gaps)}
        return self._held[name]

    def _read(self, located: Located, gaps: list[Gap]) -> _Held:
        held = _Held()
        for record in records_at(self.home, self.people, self.spec, located, gaps):
            gives = None if record.erased else gives_access(self.grants, record.row)
            if gives is None:
                held.unsure.add(record.key or record.subject)
            elif gives:
                for one in grants_of(self.grants, record.row):
                    held.rights[record.key, one.name, one.value] = one.right
        return held


def _looked(ordinal: int, body: Json, table: str) -> Looked:
    """Give from when a collection speaks: from its beginning, but a list from its export, however late it is read."""
    held = [held_at(body, one) for one in body["populations"] if one["table"] == table]
    exported = [one for one in held if one != body["ended"]]
    at = parse_instant(min(held, default=body["ended"]))
    return Looked(ordinal, at if exported else parse_instant(body["started"]), at)


def _since(line: ReviewLine) -> int:
    """Give the ledger's index after which collections speak about a line."""
    return max(line.looked, line.decided_entry or 0)


def _found(held: _Held, said: Said) -> LookedAt:
    """Tell whether a right is held. What cannot be opened any more may be it, where it was sealed under the same person or has the same key."""
    grant = said.record["grant"]
    right = held.rights.get((said.record["key"], grant["name"], grant["value"]))
    if right is not None:
        return LookedAt(seen=True, right=right)
    if {said.record["key"], said.record["subject"]} & held.unsure:
        return LookedAt(seen=False)
    return LookedAt(seen=True)
