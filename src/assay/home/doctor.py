"""What is wrong with an installation, and what to do: one finding a line, worst first."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from assay.collectors.github_plan import PLANS, what_a_plan_lacks
from assay.errors import AssayError
from assay.evidence.canonical import parse, parse_instant
from assay.evidence.ledger import Kind
from assay.evidence.records import Place, Whole
from assay.home import database_place, evidence_place
from assay.home.collecting import newest_lines
from assay.home.place import Home
from assay.home.publishing import published, signer
from assay.home.rotating import begun
from assay.home.sources import Source, credentials, sources
from assay.home.ways_out import outcome, unsent, ways_out
from assay.home.witnessing import standing
from assay.stores import S3Store
from assay.tables import TableSpec, load_tables
from assay.wording import counted

LEAST_FREE = 1 << 30
STALE = timedelta(hours=26)
ORGANIZATION = "github_org"


class Weight(StrEnum):
    """How much a finding matters. A note is nothing wrong: something to know in time."""

    WRONG = "wrong"
    WARNING = "warning"
    NOTE = "note"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to do where it is not fine."""

    weight: Weight
    thing: str
    found: str
    remedy: str = ""


def diagnose(home: Home) -> list[Finding]:
    """Look at keys, disk, database, evidence, log, ways out, clock and sources, and give what was found, worst first."""
    findings = [
        *_keys(home),
        *_disk(home),
        *_database(home),
        *_evidence(home),
        *_log(home),
        *_ways_out(home),
        *_clock(home),
        *_sources(home),
        *_plans(home),
    ]
    return sorted(findings, key=lambda one: list(Weight).index(one.weight))


def _keys(home: Home) -> Iterator[Finding]:
    loose = [
        path.name for path in (home.path / "keys").iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if loose:
        yield Finding(
            Weight.WRONG,
            "keys",
            f"others on this machine can read {', '.join(loose)}",
            f"Run: chmod 600 {home.path / 'keys'}/*",
        )
    else:
        yield Finding(Weight.FINE, "keys", "only you can read them")
    for name, command in begun(home):
        yield Finding(
            Weight.WARNING,
            "keys",
            f"a rotation of {name} was begun and not finished; nothing is lost by it",
            f"Run `assay keys rotate {command}` to finish it.",
        )
    try:
        signer(home)
    except AssayError as error:
        yield Finding(Weight.WRONG, "keys", "nothing can be signed with them", str(error))


def _disk(home: Home) -> Iterator[Finding]:
    free = shutil.disk_usage(home.path).free
    if free < LEAST_FREE:
        yield Finding(
            Weight.WARNING,
            "disk",
            f"{free >> 20} MB are free",
            "Free space before the next collection; a full disk loses nothing, but nothing new is kept.",
        )
    else:
        yield Finding(Weight.FINE, "disk", f"{free >> 30} GB are free")


def _database(home: Home) -> Iterator[Finding]:
    """Where the database is, and whether what it acknowledges is kept."""
    if (said := database_place.disagreement(home.path, home.surroundings.environment)) is not None:
        yield Finding(Weight.WARNING, "database", said)
    condition = home.database.condition()
    yield from (Finding(Weight.WRONG, "database", one) for one in condition.wrong)
    yield from (Finding(Weight.WARNING, "database", one) for one in condition.warnings)
    if not condition.wrong:
        yield Finding(Weight.FINE, "database", condition.where)


def _evidence(home: Home) -> Iterator[Finding]:
    """Where the evidence is, and whether its bucket still holds what it is to hold."""
    if (said := evidence_place.disagreement(home.path, home.surroundings.environment)) is not None:
        yield Finding(Weight.WARNING, "evidence", said)
    store = home.evidence.store
    if not isinstance(store, S3Store):
        return
    try:
        problem = store.problem()
    except AssayError as error:
        problem = str(error)
    where = f"s3://{store.url.address.bucket}/{store.url.address.prefix}"
    if problem is not None:
        yield Finding(Weight.WRONG, "evidence", f"{where} is not as it must be", problem)
    else:
        held = (
            f"locked for {store.url.days} days" if store.url.mode else "without Object Lock, as it was set up"
        )
        yield Finding(Weight.FINE, "evidence", f"kept in {where}, {held}")


def _log(home: Home) -> Iterator[Finding]:
    try:
        before = published(home)
    except AssayError as error:
        yield Finding(Weight.WRONG, "log", str(error), "Run `assay fsck`.")
        return
    if before is None or before.checkpoint.size < home.ledger.size():
        yield Finding(
            Weight.WARNING,
            "log",
            "the newest entries are not under a checkpoint yet",
            "Run `assay fsck --repair`.",
        )
    else:
        yield Finding(
            Weight.FINE,
            "log",
            f"{counted(before.checkpoint.size, 'entry', 'entries')} under a signed checkpoint",
        )


def _ways_out(home: Home) -> Iterator[Finding]:
    """Each way out, and that there is one: without, nobody outside remembers the ledger's head."""
    behind = {way.name: last for way, last in unsent(home)}
    for way in ways_out(home):
        if way.name not in behind:
            last = outcome(home, way.name)
            yield Finding(Weight.FINE, way.name, "" if last is None else last.said)
            continue
        last = behind[way.name]
        if last is None:
            yield Finding(Weight.WARNING, way.name, "nothing was sent yet", "Run `assay witness publish`.")
        elif last.error is not None:
            yield Finding(
                Weight.WRONG, way.name, f"the try of {last.tried:%Y-%m-%d %H:%M} UTC failed", last.error
            )
        else:
            yield Finding(
                Weight.WARNING,
                way.name,
                f"it holds {counted(last.size or 0, 'entry', 'entries')}, and the ledger has gone on",
                "Run `assay witness publish`, and let a timer run it daily.",
            )
    try:
        held = standing(home)
    except AssayError:
        return  # said of the log
    if not held.cosigned and not held.stamps and not ways_out(home):
        remedy = "Let your auditor run `assay witness serve`, then `assay witness add` and `assay witness publish`: from then on nobody can change the past unseen, you included."
        yield Finding(
            Weight.WARNING, "witness", "nobody outside remembers the ledger's head (self-witnessed)", remedy
        )


def _clock(home: Home) -> Iterator[Finding]:
    steps = sum(1 for _ in home.ledger.entries(kind=Kind.CLOCK))
    if steps:
        yield Finding(
            Weight.WARNING,
            "clock",
            f"it stepped back {counted(steps, 'time')}; each is in the ledger",
            "Let a time service keep this machine's clock.",
        )
    else:
        yield Finding(Weight.FINE, "clock", "it never stepped back")


def _sources(home: Home) -> Iterator[Finding]:
    newest = {
        body["source"]["id"]: body
        for entry in home.ledger.entries(kind=Kind.COLLECTION)
        for body in [home.ledger.body(entry)]
    }
    connected = sources(home)
    if not connected:
        yield Finding(
            Weight.WARNING,
            "sources",
            "none is connected",
            "Run `assay connect aws`, `assay connect github` or `assay connect file`.",
        )
    for source in connected:
        try:
            credentials(home, source.id)
        except AssayError as error:
            yield Finding(Weight.WRONG, source.id, "its credentials do not open", str(error))
            continue
        body = newest.get(source.id)
        if body is None:
            yield Finding(
                Weight.WARNING, source.id, "nothing was collected yet", f"Run `assay collect {source.id}`."
            )
        elif home.now() - parse_instant(body["ended"]) > STALE:
            yield Finding(
                Weight.WARNING,
                source.id,
                f"last collected {body['ended']}",
                f"Run `assay collect {source.id}`, or let a timer run it daily.",
            )
        elif not body["complete"]:
            yield Finding(
                Weight.WARNING,
                source.id,
                f"{counted(len(body['gaps']), 'thing')} could not be seen",
                f"Run `assay show {source.id}` to see which and why.",
            )
        else:
            yield Finding(Weight.FINE, source.id, f"collected whole at {body['ended']}")


def _plans(home: Home) -> Iterator[Finding]:
    """What GitHub's plan lacks: for every plan before an organization was seen, so that nobody is surprised; for its own plan after."""
    specs = [spec for spec in load_tables(home.content).values() if spec.source == "github"]
    connected = [one for one in sources(home) if one.kind == "github"]
    remedy = "`assay connect github --plans` names them, and the evidence to give instead."
    for source in connected:
        if (plan := _plan_of(home, source, specs)) is not None:
            lacks = what_a_plan_lacks(specs, plan)
            if lacks:
                found = f"the plan “{plan}” lacks {counted(len(lacks), 'table')} of {len(specs)}, whole or in part"
                yield Finding(Weight.NOTE, f"{source.id}, plan", found, remedy)
            continue
        yield Finding(Weight.NOTE, f"{source.id}, plan", _each_plan(specs), remedy)
    if not connected:
        yield Finding(Weight.NOTE, "GitHub", f"not connected; {_each_plan(specs)}", remedy)


def _each_plan(specs: list[TableSpec]) -> str:
    lacks = ((plan, what_a_plan_lacks(specs, plan) or []) for plan in PLANS)
    said = ", ".join(f"{plan.capitalize()} {len(found)}" for plan, found in lacks)
    return f"of {counted(len(specs), 'table')} a plan lacks, whole or in part: {said}"


def _plan_of(home: Home, source: Source, specs: list[TableSpec]) -> str | None:
    """Give the plan of an organization as it was last seen, None where it was not."""
    for spec in specs:
        if spec.name != ORGANIZATION:
            continue
        for line in newest_lines(home, source.id, Place(spec.name, source.settings["organization"], "")):
            if isinstance(line, Whole):
                name = spec.columns["plan"].extract(parse(line.record).get(spec.part) or {})
                return name if isinstance(name, str) else None
    return None
