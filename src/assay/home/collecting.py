"""One collection: what a source answered becomes populations, gaps and one ledger entry.

Each place is staged durably as it is seen, so that an interrupted run goes on where it stopped; nothing already seen is asked again.
Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from assay import __version__
from assay.collectors import CallMade, NotSeen, PopulationSeen, SeenRecord
from assay.collectors.files import FileMade
from assay.errors import AssayError
from assay.evidence.call_log import call_log
from assay.evidence.canonical import Json, encode, instant_text, parse, parse_instant
from assay.evidence.carrying import PARENT, with_carried
from assay.evidence.commitment import new_salt
from assay.evidence.gaps import Gap, Reason
from assay.evidence.ledger import Kind
from assay.evidence.merkle import root_of_data
from assay.evidence.population import Sealer, Seen, advance
from assay.evidence.records import Line, Place, Sealed, Whole, write_records
from assay.home.database import Database
from assay.home.locks import LockedError, locked
from assay.home.place import Home
from assay.home.populations import Located, current_lines, forget_lines, keep_lines
from assay.home.sources import Source
from assay.tables import TableSpec, subject_of

FORMAT = 1
NO_TABLES: Mapping[str, TableSpec] = {}
LONGEST_REQUEST_ID = 36  # a UUID's length; AWS's and GitHub's own are no longer


Fence = Callable[[Database], None]
"""Called within each transaction that a collection or a judging writes; raises where whoever began it is to write no more, which undoes the transaction."""


def unfenced(_: Database) -> None:
    """Let everything be written: who runs a command holds no lease that could run out."""


class RunInProgressError(AssayError):
    """Another process is collecting from this source right now, or ended the collection meanwhile."""


@dataclass
class Run:
    """A collection under way. A collector asks it what is done and known, reports calls to it, and its answers go through `see`."""

    home: Home
    source: Source
    specs: dict[str, TableSpec]
    id: int
    started: str
    sealer: Sealer
    resumed: bool
    done: set[tuple[str, str, str]]
    calls: list[CallMade] = field(default_factory=list)
    skews: list[int] = field(default_factory=list)
    completeness: dict[str, Json] = field(default_factory=dict)
    fence: Fence = unfenced

    def on_call(self, call: CallMade) -> None:
        self.calls.append(call)

    def known(self, table: str, account: str, region: str) -> list[SeenRecord]:
        """Give the records of a place that this run saw before it was interrupted."""
        row = self.home.database.one(
            "select body from staged_place where run = ? and table_name = ? and account = ? and region = ?",
            (self.id, table, account, region),
        )
        if row is None:
            return []
        place = Place(table, account, region)
        lines = current_lines(self.home, Located(self.source.id, place, 0, parse(row[0])["population"]))
        opened = (_open(line, place, self.sealer) for line in lines)
        return [_as_seen(version) for version in opened if version is not None]

    def newest(self, place: Place) -> list[SeenRecord]:
        """Give the records of a place as the newest ended collection left them."""
        opened = (_open(line, place, self.sealer) for line in newest_lines(self.home, self.source.id, place))
        return [_as_seen(version) for version in opened if version is not None]

    def see(self, seen: PopulationSeen | NotSeen) -> None:
        """Take one answer and make it durable."""
        if isinstance(seen, NotSeen):
            gap = seen.gap
            self._stage(
                Place(gap.table, gap.account or "", gap.region or ""),
                {"gaps": [gap.to_json()], "population": None},
            )
        else:
            self._see_population(seen)

    def _see_population(self, seen: PopulationSeen) -> None:
        """Advance a population by a complete answer: 1. from the newest lines, 2. the changes become an object, 3. lines are cached, 4. staged."""
        place, spec = Place(seen.table, seen.account, seen.region), self.specs[seen.table]
        sealer = self.sealer if spec.personal else None
        known = newest_lines(self.home, self.source.id, place)  # 1
        before = (
            {key: parse(version.record) for key, version in _by_key(known, place, sealer).items()}
            if seen.gaps
            else {}
        )
        records = with_carried({one.key: _record(one) for one in seen.records}, before, seen.gaps)
        step = advance(
            known,
            [Seen(key, record, subject_of(spec, record)) for key, record in records.items()],
            place,
            self._new_salt,
            sealer,
        )
        records_object = (
            self.home.evidence.put_object(write_records(place, step.changes)) if step.changes else None
        )  # 2
        root = root_of_data(step.commitments).hex()
        if step.changes or not known:  # otherwise they are in the cache, from where they were read
            keep_lines(self.home, root, place, step.current)  # 3
        gaps = _without_names(seen.gaps, step.by_key) if spec.personal else seen.gaps
        made = seen.made
        statement = {
            "account": place.account,
            "added": step.added,
            "changed": step.changed,
            "made": {
                "calls": made.calls,
                "ended": made.ended,
                **self.completeness.pop(seen.table, {}),
                **({"file": dict(made.file)} if isinstance(made, FileMade) else {}),
                "first_request": made.first_request,
                "last_request": made.last_request,
                "pages": made.pages,
                "started": made.started,
            },
            "records": records_object,
            "region": place.region,
            "removed": step.removed,
            "root": root,
            "size": len(step.commitments),
            "table": place.table,
        }
        self._stage(place, {"gaps": [gap.to_json() for gap in gaps], "population": statement})  # 4

    def _new_salt(self) -> bytes:
        return new_salt(self.home.surroundings.random)

    def _stage(self, place: Place, body: Json) -> None:
        calls = "".join(encode(_call_line(call)).decode() + "\n" for call in self.calls)
        self.calls.clear()
        with self.home.database.transaction() as transaction:
            self.fence(transaction)
            transaction.execute(
                "insert into staged_place (run, table_name, account, region, body, calls) values (?, ?, ?, ?, ?, ?)"
                " on conflict (run, table_name, account, region) do update set body = excluded.body, calls = excluded.calls",
                (self.id, place.table, place.account, place.region, encode(body).decode(), calls),
            )


@contextmanager
def run_of(
    home: Home, source: Source, specs: dict[str, TableSpec], sealer: Sealer, fence: Fence = unfenced
) -> Iterator[Run]:
    """Begin a collection, or take up an interrupted one. A run that is left by an error, a kill or a full disk stays staged, to be taken up by the next.

    Raises RunInProgressError while another process collects from the source.
    """
    try:
        with locked(home.path / f"collect-{source.id}.lock", wait=False):
            yield _begin(home, source, specs, sealer, fence)
    except LockedError as error:
        raise RunInProgressError(
            f"Another process is collecting from “{source.id}” right now. Wait for it to end, then run the command again."
        ) from error


def end_run(
    run: Run,
    *,
    asked_by: str,
    principal: str | None,
    complete: bool = True,
    left_out: Mapping[str, TableSpec] = NO_TABLES,
) -> int:
    """End a collection: everything staged becomes one ledger entry; gives its index. `left_out` are the source's tables that a whole run did not ask for.

    1. Places seen before and neither seen nor missed now become gaps. 2. The call log becomes an object. 3. The entry is appended, and with
    it the newest populations move on.
    """
    home = run.home
    home.ledger.note_clock(parse_instant(run.started))
    staged = home.database.rows(
        "select body, calls from staged_place where run = ? order by table_name, account, region", (run.id,)
    )
    bodies = [parse(body) for body, _ in staged]
    populations = [body["population"] for body in bodies if body["population"] is not None]
    gaps = [Gap.from_json(gap) for body in bodies for gap in body["gaps"]]
    gaps += _no_longer_asked(run, populations, gaps, left_out)  # 1
    lines = "".join(calls for _, calls in staged) + "".join(
        encode(_call_line(call)).decode() + "\n" for call in run.calls
    )
    calls = lines.encode().splitlines()
    statement = _statement(run, populations, gaps, calls, complete=complete)  # 2
    statement |= {"asked_by": asked_by, "principal": principal}
    before = {
        row[0]
        for row in home.database.rows(
            "select root from current_population where source = ?", (run.source.id,)
        )
    }

    def record(transaction: Database, ordinal: int) -> None:
        run.fence(transaction)
        ended = "update collection_run set state = 'ended', entry = ? where id = ? and state = 'running'"
        if not transaction.execute(ended, (ordinal, run.id)):
            raise RunInProgressError(
                f"Another process ended this collection from “{run.source.id}” meanwhile. What it saw is in the ledger; nothing was entered twice."
            )
        for one in populations:
            transaction.execute(
                "insert into current_population (source, table_name, account, region, entry, root) values (?, ?, ?, ?, ?, ?)"
                " on conflict (source, table_name, account, region) do update set entry = excluded.entry, root = excluded.root",
                (run.source.id, one["table"], one["account"], one["region"], ordinal, one["root"]),
            )
        transaction.execute("delete from staged_place where run = ?", (run.id,))

    ordinal = home.ledger.append(Kind.COLLECTION, statement, record)  # 3
    for root in before:
        forget_lines(home, root)
    return ordinal


def _statement(
    run: Run, populations: list[Json], gaps: list[Gap], calls: list[bytes], *, complete: bool
) -> Json:
    """Give what a collection states of itself (formats.md, section 8), but who asked and as whom."""
    return {
        "calls": {
            "count": len(calls),
            "failed": sum(parse(line)[-1] is not None for line in calls),
            "object": run.home.evidence.put_object(call_log(calls)),
            "root": root_of_data(calls).hex(),
        },
        "collector": {
            "specs": {name: run.specs[name].digest for name in sorted(run.specs)},
            "version": __version__,
        },
        "complete": complete and not gaps,
        "ended": instant_text(run.home.now()),
        "format": FORMAT,
        "gaps": [gap.to_json() for gap in sorted(gaps, key=Gap.order)],
        "populations": populations,
        "settings": run.source.settings,
        "skew_ms": {"least": min(run.skews), "most": max(run.skews)} if run.skews else None,
        "source": {"id": run.source.id, "kind": run.source.kind},
        "started": run.started,
    }


def _begin(home: Home, source: Source, specs: dict[str, TableSpec], sealer: Sealer, fence: Fence) -> Run:
    with home.database.transaction() as transaction:
        fence(transaction)
        row = transaction.one(
            "select id, started from collection_run where source = ? and state = 'running'", (source.id,)
        )
        if row is None:
            started = instant_text(home.now())
            run_id = transaction.insert(
                "insert into collection_run (source, state, started) values (?, 'running', ?) returning id",
                (source.id, started),
            )
        else:
            run_id, started = row
    return Run(
        home, source, specs, run_id, started, sealer, row is not None, staged(home, source.id), fence=fence
    )


def staged(home: Home, source_id: str) -> set[tuple[str, str, str]]:
    """Give the places, as table, account and region, that a run under way or interrupted has seen; the next one leaves them out."""
    rows = home.database.rows(
        "select table_name, account, region, body from staged_place"
        " where run = (select id from collection_run where source = ? and state = 'running')",
        (source_id,),
    )
    return {
        (table, account, region)
        for table, account, region, body in rows
        if parse(body)["population"] is not None
    }


def newest_lines(home: Home, source: str, place: Place) -> list[Line]:
    row = home.database.one(
        "select entry, root from current_population where source = ? and table_name = ? and account = ? and region = ?",
        (source, place.table, place.account, place.region),
    )
    return [] if row is None else current_lines(home, Located(source, place, row[0], {"root": row[1]}))


def _by_key(lines: Iterable[Line], place: Place, sealer: Sealer | None) -> dict[str, Whole]:
    opened = (_open(line, place, sealer) for line in lines)
    return {version.key: version for version in opened if version is not None}


def _without_names(gaps: list[Gap], by_key: Mapping[str, bytes]) -> list[Gap]:
    """Name the personal records that gaps are about by their commitments: a key of theirs is personal too. A row number is none."""
    return [
        gap if gap.key is None or gap.key not in by_key else replace(gap, key=by_key[gap.key].hex())
        for gap in gaps
    ]


def _record(one: SeenRecord) -> Json:
    return one.record if one.parent is None else {**one.record, PARENT: one.parent}


def _open(line: Line, place: Place, sealer: Sealer | None) -> Whole | None:
    if isinstance(line, Whole):
        return line
    return sealer.open(place, line) if sealer is not None and isinstance(line, Sealed) else None


def _as_seen(version: Whole) -> SeenRecord:
    record = parse(version.record)
    return SeenRecord(version.key, record.pop(PARENT, None), record)


def _no_longer_asked(
    run: Run, populations: list[Json], gaps: list[Gap], left_out: Mapping[str, TableSpec]
) -> list[Gap]:
    """A place that was seen before and is neither seen nor missed in this run (a region switched off, say) is not covered any more; nor is a
    table that a whole run leaves out, or whose opt-in was taken back. What was concluded of them would otherwise stand for ever."""
    asked = {(one["table"], one["account"], one["region"]) for one in populations}
    missed = {(gap.table, gap.account, gap.region) for gap in gaps}
    rows = run.home.database.rows(
        "select table_name, account, region from current_population where source = ?", (run.source.id,)
    )
    at = instant_text(run.home.now())
    return [
        Gap(
            table,
            Reason.NOT_ENABLED if table in left_out and left_out[table].needs else Reason.NOT_COVERED,
            account,
            region,
            detail="seen before, not asked in this collection",
            at=at,
        )
        for table, account, region in rows
        if (table in run.specs or table in left_out)
        and (table, account, region) not in asked
        and not missed & {(table, account, region), (table, account, None), (table, None, None)}
    ]


def _call_line(call: CallMade) -> Json:
    return [
        call.call,
        call.account,
        call.region,
        call.started_ms,
        call.took_ms,
        call.status,
        call.bytes,
        call.request_id and call.request_id[:LONGEST_REQUEST_ID],
        call.error,
    ]
