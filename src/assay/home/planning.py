"""How many calls a collection will make, known before it starts from the specs and from what the newest populations took. Nothing is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from assay.collectors.engine import Account
from assay.collectors.planning import Lists, Taken, TakenAt, calls_as_last_time, certain_calls
from assay.evidence.canonical import Json
from assay.home.collect_source import tables_wanted
from assay.home.collecting import staged
from assay.home.place import Home
from assay.home.sources import Source
from assay.tables import TableSpec
from assay.tables.permissions import RUN_CALLS
from assay.wording import counted

WHERE = ("access_key_id", "endpoint_url", "organization", "profile", "role_arn", "root")
"""Settings that say which account is asked: with another value the last run says nothing about the next."""
MORE = {
    "aws": "for each bucket, key, user and so on",
    "github": "for each repository, team, pull request and commit",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """The calls of a run that has not begun.

    `lists` are certain. `regions` is None where they are not known before the run. `calls` is None where nothing like it was seen yet;
    `records` are those that it rests on. `resumed`: an interrupted run goes on, and only what is left counts.
    """

    source: str
    kind: str
    lists: Lists
    regions: int | None
    calls: int | None = None
    records: int = 0
    resumed: bool = False

    @property
    def fewest(self) -> int:
        """The calls that list what is there, over the known regions, over one where none is known."""
        return self.lists.over(1 if self.regions is None else self.regions)

    def to_json(self) -> Json:
        """Give the member object of `--json`."""
        return {
            "calls": self.calls,
            "calls_for_each_region": self.lists.region,
            "calls_for_the_account": self.lists.account,
            "records": self.records,
            "regions": self.regions,
        }

    def sentence(self) -> str:
        """Say it to the person who waits."""
        goes_on = "goes on where it stopped; " if self.resumed else ""
        if self.calls is not None:
            return f"{self.source}: {goes_on}{self._as_last_time()}"
        account = counted(self.lists.account, "call")
        where = f"{account} to list what the organization has"
        if self.kind == "aws":
            where = f"{account} to list what the account has, {self.lists.region:,} in each region"
            if self.regions is not None:
                where += f" ({counted(self.fewest, 'call')} in {counted(self.regions, 'region')})"
        return f"{self.source}: {goes_on}{where}, and more {MORE[self.kind]}; after the first run the number is known."

    def _as_last_time(self) -> str:
        calls = counted(self.calls or 0, "call")
        if self.kind == "github":
            return f"up to about {calls}, as many as last time; of events only the new ones are asked for."
        where = f" in {counted(self.regions, 'region')}" if self.regions else ""
        return f"about {calls}{where}, as its {counted(self.records, 'record')} took last time."


def planned(home: Home, source: Source, tables: Iterable[str] = ()) -> Planned | None:
    """Give what a run over a source will take: 1. the certain lists, 2. the last run like it, 3. what its places took; None where no calls are made.

    Raises AssayError for a table that the source does not have.
    """
    specs = tables_wanted(home, source, tables)
    if source.kind == "file":
        return None
    chosen = source.settings.get("regions")
    lists = certain_calls(specs)  # 1
    lists = Lists(lists.account + _once(source), lists.region)
    done = frozenset(staged(home, source.id))
    last = _last_like(home, source, specs)  # 2
    if last is None:
        return Planned(source.id, source.kind, lists, len(chosen) if chosen else None, resumed=bool(done))
    places = {(one["account"], one["region"]) for one in (*last["populations"], *last["gaps"])}
    regions = tuple(chosen or sorted({region for _, region in places if region}))
    accounts = [Account(name, regions) for name in sorted({name for name, _ in places if name})]
    taken = _taken(home, source)
    calls = sum(calls_as_last_time(specs, one, taken, done) + _once(source) for one in accounts)  # 3
    if not done and _is_same(last, source, specs):
        calls = max(calls, last["calls"]["count"])
    records = sum(_records(specs, one, taken) for one in accounts)
    return Planned(source.id, source.kind, lists, len(regions), calls, records, bool(done))


def _once(source: Source) -> int:
    """Give the calls of a run that no table makes: on AWS who we are, and which regions there are unless they were chosen."""
    if source.kind != "aws":
        return 0
    return len(RUN_CALLS) - bool(source.settings.get("regions"))


def _is_same(last: Json, source: Source, specs: dict[str, TableSpec]) -> bool:
    """Say whether a run asks what the last one asked: then what that took beside its places (roles taken on, refusals) counts, too."""
    same_tables = {name: spec.digest for name, spec in specs.items()} == last["collector"]["specs"]
    return same_tables and bool(last["settings"].get("regions") == source.settings.get("regions"))


def _records(specs: Iterable[str], account: Account, taken: TakenAt) -> int:
    found = (taken(name, account.name, region) for name in specs for region in ("", *account.regions))
    return sum(one.records for one in found if one is not None)


def _last_like(home: Home, source: Source, specs: dict[str, TableSpec]) -> Json | None:
    """Give the newest collection of the same account that asked for most of the tables wanted now, if there is one: a table may be new."""
    for body in _collections(home, source):
        if any(body["settings"].get(name) != source.settings.get(name) for name in WHERE):
            return None
        if body["populations"] and 2 * len(specs.keys() & body["collector"]["specs"].keys()) > len(specs):
            return body
    return None


def _collections(home: Home, source: Source) -> Iterator[Json]:
    rows = home.database.rows(
        "select distinct entry from current_population where source = ? order by entry desc", (source.id,)
    )
    for (entry,) in rows:
        yield home.ledger.body(home.ledger.entry(entry))


def _taken(home: Home, source: Source) -> TakenAt:
    """Give by place what its newest population took; each collection's body is read once."""
    rows = home.database.rows(
        "select table_name, account, region, entry from current_population where source = ?", (source.id,)
    )
    entries = {(table, account, region): entry for table, account, region, entry in rows}

    @cache
    def stated(entry: int) -> dict[tuple[str, str, str], Taken]:
        body = home.ledger.body(home.ledger.entry(entry))
        specs = body["collector"]["specs"]
        return {
            (one["table"], one["account"], one["region"]): Taken(
                one["size"], one["made"]["calls"], one["made"]["pages"], specs[one["table"]]
            )
            for one in body["populations"]
        }

    def taken(table: str, account: str, region: str) -> Taken | None:
        place = table, account, region
        return stated(entries[place])[place] if place in entries else None

    return taken
