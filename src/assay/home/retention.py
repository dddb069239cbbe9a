"""What is kept for how long, and what is purged when its time is up. Numbers are parameters; a purge is an entry of the ledger; nothing that is under a hold goes.

Checkpoints, entries, records and conclusions have no end: they are the evidence. What an entry says outlives its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assay.catalogue import load_catalogue
from assay.evidence.book import erasure_of
from assay.evidence.canonical import Json, parse, parse_instant
from assay.evidence.ledger import Kind
from assay.evidence.records import Sealed
from assay.home.database import Database
from assay.home.database.columns import ColumnKind, FurtherTable, further_tables, plain, quoted, stored
from assay.home.erasure import erase_objects, erase_subjects
from assay.home.forgetting import forget_derived
from assay.home.further_rows import packages
from assay.home.holds import Hold, holds
from assay.home.judging import parameters_at, zone_at
from assay.home.person_search import sealed_lines
from assay.home.personal import personal
from assay.home.place import Home, act_body
from assay.stores.evidence import object_name

BASIS = "Its time was up: {parameter} is {days} days."


@dataclass(frozen=True, slots=True)
class Class:
    """One class of what is kept: its parameter, what it is, and from when its days count."""

    parameter: str
    what: str
    counts_from: str


CLASSES = (
    Class("sign_in_record_days", "Where somebody was signed in", "when they were last seen there"),
    Class("ended_job_days", "Background work that ended", "its end"),
    Class("draft_days", "Drafts that were never sent", "when they were last typed in"),
    Class(
        "call_log_days", "Logs of calls to sources, but for frozen populations", "the end of the collection"
    ),
    Class(
        "evidence_file_days",
        "Files of evidence by hand",
        "the end of what they cover, or when it was observed",
    ),
    Class("leaver_record_days", "What lists say of workers who left", "their last day"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing whose time is up: a row, an object or a person, and the day from which its days counted. `held_by` is a hold that keeps it."""

    parameter: str
    thing: str
    since: date
    held_by: str | None = None
    table: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A class with its days in force, what of it is due, and what a hold keeps."""

    about: Class
    days: int
    due: tuple[Due, ...]
    held: tuple[Due, ...]

    def to_json(self) -> Json:
        return {
            "counts_from": self.about.counts_from,
            "days": self.days,
            "due": len(self.due),
            "held": len(self.held),
            "parameter": self.about.parameter,
            "what": self.about.what,
        }


def days_kept(home: Home) -> list[tuple[Class, int]]:
    """Give each class with its days in force."""
    values = parameters_at(home, load_catalogue(home.content), home.now())
    return [(one, int(values[one.parameter])) for one in CLASSES if one.parameter in values]


def kept(home: Home) -> list[Kept]:
    """Give each class with what of it is due now. Nothing is changed."""
    today = home.now().astimezone(ZoneInfo(zone_at(home, home.now()))).date()
    in_force = holds(home)
    found = []
    for one, days in days_kept(home):
        until = today - timedelta(days=days)
        due = list(_due(_FINDERS[one.parameter](home, until), until, in_force))
        found.append(
            Kept(
                one,
                days,
                tuple(each for each in due if each.held_by is None),
                tuple(each for each in due if each.held_by is not None),
            )
        )
    return found


def purge(home: Home, *, by: str) -> dict[str, int]:
    """Purge what is due and not held; gives how many by parameter. Rows go by one act; objects and people by erasure entries of their own."""
    done: dict[str, int] = {}
    rows: list[Due] = []
    for one in kept(home):
        basis = BASIS.format(parameter=one.about.parameter, days=one.days)
        if not one.due:
            continue
        done[one.about.parameter] = len(one.due)
        match one.about.parameter:
            case "call_log_days" | "evidence_file_days":
                erase_objects(home, sorted({each.thing for each in one.due}), by, basis)
            case "leaver_record_days":
                erase_subjects(home, {each.thing for each in one.due}, by, basis)
            case _:
                rows += one.due
    if rows:
        _purge_rows(home, rows, by)
    if done:
        forget_derived(home)
    return done


def _due(uses: Iterable[Due], until: date, in_force: Iterable[Hold]) -> Iterator[Due]:
    """Give what is due of all that is kept: things none of whose uses has days left, each with the hold over any of these. The same bytes can stand in several entries."""
    in_force = list(in_force)
    by_thing: dict[tuple[str, str], list[Due]] = {}
    for one in uses:
        by_thing.setdefault((one.table, one.thing), []).append(one)
    for same in by_thing.values():
        if all(one.since < until for one in same):
            held = next((hold.id for hold in in_force for one in same if _is_over(hold, one)), None)
            yield replace(max(same, key=lambda one: one.since), held_by=held)


def _is_over(hold: Hold, one: Due) -> bool:
    """Tell whether a hold is over a thing. Whom a row or a file is about nobody can tell for sure, so a hold over any person keeps all of them."""
    if hold.subject is None:
        return hold.covers(one.since, one.since)
    if one.parameter == "leaver_record_days":
        return hold.subject == one.thing
    return one.parameter != "call_log_days"


def _rows_due(parameter: str) -> Callable[[Home, date], list[Due]]:
    def find(home: Home, until: date) -> list[Due]:
        tables = {table.name: table for table in further_tables(home.database)}
        found = []
        for package in packages().values():
            for name, column in package.PURGED.get(parameter, ()):
                if name in tables:
                    found += _old(home.database, tables[name], column, parameter, until)
        return found

    return find


def _old(database: Database, table: FurtherTable, column: str, parameter: str, until: date) -> list[Due]:
    if table.key is None:
        return []
    before = stored(ColumnKind.INSTANT, f"{until.isoformat()}T00:00:00Z", database.dialect)
    statement = (
        f"select {quoted(table.key)}, {quoted(column)} from {quoted(table.name)} where {quoted(column)} < ?"  # noqa: S608 — quoted names of the database's own
    )
    return [
        Due(
            parameter,
            str(plain(table.columns[table.key], key)),
            parse_instant(plain(ColumnKind.INSTANT, at)).date(),
            table=table.name,
        )
        for key, at in database.rows(statement, (before,))
    ]


def _purge_rows(home: Home, rows: list[Due], by: str) -> None:
    counts: dict[str, int] = {}
    for one in rows:
        counts[one.table] = counts.get(one.table, 0) + 1

    def record(transaction: Database, ordinal: int) -> None:
        tables = {table.name: table for table in further_tables(transaction)}
        for one in rows:
            table = tables[one.table]
            key = stored(table.columns[str(table.key)], one.thing, transaction.dialect)
            transaction.execute(f"delete from {quoted(one.table)} where {quoted(str(table.key))} = ?", (key,))  # noqa: S608 — quoted names of the database's own

    home.ledger.append(Kind.ACT, act_body("retention.purged", by, {"rows": counts}), record)


def _call_logs(home: Home, until: date) -> list[Due]:
    frozen = {entry for package in packages().values() for entry in package.frozen(home.database)}
    uses: list[Due] = []
    kept_for_good: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        log = body["calls"]["object"]
        kept_for_good.update([log] if entry.ordinal in frozen else [])
        uses.append(Due("call_log_days", log, parse_instant(body["ended"]).date()))
    there = _there(home, {one.thing for one in uses if one.since < until} - kept_for_good)
    return [one for one in uses if one.thing in there]


def _evidence_files(home: Home, until: date) -> list[Due]:
    uses = [
        Due("evidence_file_days", body["attachment"], _shown(body))
        for body in map(home.ledger.body, home.ledger.entries(kind=Kind.EVIDENCE))
        if body["attachment"] is not None
    ]
    there = _there(home, {one.thing for one in uses if one.since < until})
    return [one for one in uses if one.thing in there]


def _shown(body: Json) -> date:
    """Give the last day of what a piece of evidence shows."""
    return date.fromisoformat((body["covers"] or {}).get("end") or body["observed"][:10])


def _there(home: Home, digests: Iterable[str]) -> set[str]:
    """Give those of some objects that were not erased before."""
    return {
        digest
        for digest in digests
        if home.evidence.store.written(object_name(digest)) is not None
        and erasure_of(home.ledger, digest) is None
    }


def _leavers(home: Home, until: date) -> list[Due]:
    """Give the people whose row of the personnel list, in its newest version, says a last day."""
    last: dict[str, Mapping[str, Json]] = {}
    with personal(home) as people:
        for ordinal, place, line in sealed_lines(home):
            if place.table == "hr_person" and ordinal is not None and isinstance(line, Sealed):
                opened = people.sealer.open(place, line)
                if opened is not None:
                    last[line.subject] = parse(opened.record)
    ended = ((subject, _day(record, "ended")) for subject, record in last.items())
    return [Due("leaver_record_days", subject, day) for subject, day in ended if day is not None]


def _day(record: Json, field: str) -> date | None:
    """Give a day out of a record, whichever call gave it."""
    for part in record.values() if isinstance(record, dict) else ():
        value = part.get(field) if isinstance(part, dict) else None
        if isinstance(value, str) and len(value) >= 10:
            try:
                return datetime.fromisoformat(value).date()
            except ValueError:
                return None
    return None


_FINDERS: Mapping[str, Callable[[Home, date], list[Due]]] = {
    **{name: _rows_due(name) for name in ("sign_in_record_days", "ended_job_days", "draft_days")},
    "call_log_days": _call_logs,
    "evidence_file_days": _evidence_files,
    "leaver_record_days": _leavers,
}
