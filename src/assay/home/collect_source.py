"""Collecting from a connected source: the right collector is given what the source needs, and its answers go into a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assay.catalogue import load_catalogue
from assay.collectors import NotSeen, PopulationSeen, Progress
from assay.collectors.aws import AwsAccount, Machine, Watch, collect_aws
from assay.collectors.files import Delivery, Exported, Mapping, collect_files, file_at, load_headings
from assay.collectors.github import ROOT, GithubRun, collect_github, github_http
from assay.collectors.github_auth import AppAccess, token_access
from assay.collectors.github_events import Earlier
from assay.collectors.github_plan import permissions_of
from assay.collectors.work import Settings
from assay.errors import AssayError
from assay.evidence.canonical import Json, parse_instant
from assay.evidence.records import Place
from assay.home.collecting import Fence, Run, end_run, run_of, unfenced
from assay.home.judging import parameters_at
from assay.home.personal import personal
from assay.home.place import Home
from assay.home.publishing import publish
from assay.home.sources import Source, credentials
from assay.outbound.addresses import NO_ALLOWANCE, Allowance
from assay.outbound.aws import AwsAccess
from assay.outbound.http import Clock
from assay.outbound.secret import Secret
from assay.tables import TableSpec, load_tables

Seen = PopulationSeen | NotSeen


@dataclass
class _Told:
    """What a collector tells besides its answers."""

    principals: list[str] = field(default_factory=list)


def collect_from(
    home: Home,
    source: Source,
    *,
    asked_by: str,
    tables: Iterable[str] = (),
    on_progress: Callable[[Progress], None] = lambda _: None,
    fence: Fence = unfenced,
) -> int:
    """Collect from one source, all its tables or only some, and give the collection's ledger index. `fence` can refuse each write."""
    named = list(tables)
    specs = tables_wanted(home, source, named)
    left_out = {} if named else _left_out(home, source, specs)
    told = _Told()
    with personal(home) as people, run_of(home, source, specs, people.sealer, fence) as run:
        for seen in _COLLECTORS[source.kind](home, run, told, on_progress):
            run.see(seen)
        principal = ", ".join(told.principals) or None
        entry = end_run(run, asked_by=asked_by, principal=principal, left_out=left_out)
    publish(home)
    return entry


def tables_wanted(home: Home, source: Source, tables: Iterable[str]) -> dict[str, TableSpec]:
    """Give the tables that a run over a source asks for: all that need no opt-in or were given it, or those named with what they are listed for.

    Raises AssayError for a table that the source does not have.
    """
    specs = {name: spec for name, spec in load_tables(home.content).items() if spec.source == source.kind}
    if source.kind == "file":
        specs = {name: specs[name] for name in [source.settings["mapping"]["table"]] if name in specs}
    asked = list(tables)
    unknown = [name for name in asked if name not in specs]
    if unknown:
        raise AssayError(
            f"The source {source.id} has no table “{unknown[0]}”. `assay show tables` lists what there is."
        )
    if not asked:
        return {
            name: spec
            for name, spec in specs.items()
            if spec.needs is None or spec.needs in source.settings.get("opt_in", [])
        }
    from assay.collectors.engine import tables_needed

    return tables_needed(specs, asked)


def _left_out(home: Home, source: Source, wanted: Iterable[str]) -> dict[str, TableSpec]:
    """Give the tables of the source's kind that a whole run over it does not ask for."""
    specs = load_tables(home.content)
    asked = set(wanted)
    return {name: spec for name, spec in specs.items() if spec.source == source.kind and name not in asked}


def _from_aws(home: Home, run: Run, told: _Told, on_progress: Callable[[Progress], None]) -> Iterator[Seen]:
    sealed, settings = credentials(home, run.source.id), run.source.settings
    values = parameters_at(home, load_catalogue(home.content), home.now())
    keys = (
        (settings["access_key_id"], Secret(sealed["secret_access_key"]))
        if "secret_access_key" in sealed
        else None
    )
    access = AwsAccess(
        run_id=f"{home.id}-{run.id}",
        role_arn=settings.get("role_arn"),
        external_id=Secret(sealed["external_id"]) if "external_id" in sealed else None,
        region=settings.get("region") or "us-east-1",
        endpoint_url=settings.get("endpoint_url"),
        profile=settings.get("profile"),
        keys=keys,
    )
    accounts = [
        AwsAccount(
            access, settings.get("account"), tuple(settings["regions"]) if settings.get("regions") else None
        )
    ]
    watch = Watch(
        on_call=run.on_call,
        on_progress=on_progress,
        on_principal=lambda _, principal: told.principals.append(principal),
        on_skew=lambda least, most: run.skews.extend((least, most)),
    )
    yield from collect_aws(
        run.specs,
        accounts,
        settings=Settings(parameters={name: str(value) for name, value in values.items()}),
        watch=watch,
        machine=Machine(clock=home.surroundings.clock),
        done=run.done,
        known=run.known,
    )


def _from_github(
    home: Home, run: Run, told: _Told, on_progress: Callable[[Progress], None]
) -> Iterator[Seen]:
    sealed, settings = credentials(home, run.source.id), run.source.settings
    allowance = Allowance.loopback(settings["loopback_port"]) if "loopback_port" in settings else NO_ALLOWANCE
    root, organization = settings.get("root", ROOT), settings["organization"]
    told.principals.append(f"app {settings['app_id']}" if "app_id" in settings else "fine-grained token")
    access: Callable[[], Secret]
    if "private_key" in sealed:
        permissions = permissions_of(run.specs.values())
        access = AppAccess(
            settings["app_id"],
            settings["installation_id"],
            Secret(sealed["private_key"]),
            permissions,
            root,
            allowance,
        )
    else:
        access = token_access(Secret(sealed["token"]))
    clock = Clock(wall=lambda: home.surroundings.clock().timestamp())
    http = github_http(root, access, allowance=allowance, clock=clock)
    try:
        yield from collect_github(
            GithubRun(
                organization=organization,
                http=http,
                events_from=parse_instant(settings["events_from"]),
                root=root,
                earlier=lambda table: _earlier(run, table, organization),
                clock=home.surroundings.clock,
            ),
            run.specs,
            on_call=run.on_call,
            on_progress=on_progress,
            on_events=lambda evidence: run.completeness.__setitem__(
                evidence.table, {"events": evidence.to_json()}
            ),
            on_skew=run.skews.append,
            done=frozenset(run.done),
            known=run.known,
        )
    finally:
        http.close()


def _earlier(run: Run, table: str, organization: str) -> Earlier | None:
    """Give what the last collection left of a table of events, so that only what is newer is asked for."""
    place = Place(table, organization, "")
    row = run.home.database.one(
        "select entry from current_population where source = ? and table_name = ? and account = ? and region = ''",
        (run.source.id, table, organization),
    )
    if row is None:
        return None
    body = run.home.ledger.body(run.home.ledger.entry(row[0]))
    torn = frozenset(
        gap["parent"] or gap["key"]
        for gap in body["gaps"]
        if gap["table"] == table and (gap["parent"] or gap["key"]) and gap["call"]
    )
    return Earlier(run.newest(place), _began(run.home, row[0], body), torn)


def _began(home: Home, ordinal: int, body: Json) -> datetime:
    """Give the instant up to which a collection surely saw events, by GitHub's clock: ours may have been ahead of it, or stepped back since."""
    began = home.ledger.times().since(ordinal, parse_instant(body["started"]))
    skew = body["skew_ms"] or {"least": 0, "most": 0}
    return began - timedelta(milliseconds=max(abs(skew["least"]), abs(skew["most"])))


def _from_files(home: Home, run: Run, told: _Told, on_progress: Callable[[Progress], None]) -> Iterator[Seen]:
    settings = run.source.settings
    path = Path(settings["path"])
    exported = settings["exported"]
    told.principals.append(exported["by"])
    delivery = Delivery(
        account=run.source.id,
        file_name=path.name,
        mapping=Mapping.from_json(settings["mapping"]),
        exported=Exported(
            exported["system"],
            exported["by"],
            parse_instant(exported["at"]),
            exported.get("query"),
            exported.get("rows"),
        ),
        read=file_at(path),
    )
    yield from collect_files(
        [delivery],
        run.specs,
        load_headings(home.content),
        clock=home.surroundings.clock,
        on_call=run.on_call,
        on_progress=on_progress,
        done=run.done,
    )


_COLLECTORS: dict[str, Callable[[Home, Run, _Told, Callable[[Progress], None]], Iterator[Any]]] = {
    "aws": _from_aws,
    "file": _from_files,
    "github": _from_github,
}
