"""A year (docs/reference/promises.md): what it takes on the disk, and how long 100 checks over the whole of it take."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.bench.year import ACCOUNT, CONTENT, DAYS, SPECS, Year, collection, day_at, statement
from tests.home.world import Clock
from tests.tampering.small_home import SMALL

from assay.checks import Check, parse_check
from assay.checks.over_time import EpisodeSet, OverTimeEvaluator, Span, Stretch, VersionsInput, over_time
from assay.conclusions.versions import columns_of_history
from assay.content_tree import Content
from assay.evidence.bag import check_container, read_container
from assay.evidence.ledger import Kind
from assay.home import Home, Surroundings, create_home, signer
from assay.home.histories import CACHE
from assay.home.judging_over_time import judge_over, period_basis_of
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.sources import Source, connect_source
from assay.verification import Trusted, verify_pack

CHECKS, TIMED, JOINING = 100, 20, 10
SPAN = (day_at(0), day_at(DAYS))
DAYS_KEPT = 5
LARGEST = 60e6
LONGEST = 15.0
VERIFIED_WITHIN = 120.0

HEADER = """/*
title: Bench
controls: [NET-01]
tables: [{tables}]
parameters: [days]
kind: item
severity: low
shows: Bench.
does_not_show: Bench.
remedy: {{cli: none}}
cases: [{{name: none, expect: []}}]
*/
"""

PLAIN = {
    "retention_days": "coalesce(t.retention_days, 0) >= $days",
    "public": "not t.public or t.retention_days < 0",
    "encryption": "t.encryption = 'aws:kms' or t.size >= 1600",
    "version": "t.version not like '0.0' and t.version not like '1.1' and t.version not like '2.2' and t.version not like '3.3' and t.version not like '4.4'",
    "size": "t.size >= 800",
    "class": "t.class <> 'class-1' or t.size > 6400",
    "state": "t.state <> 'in-use' or t.size > 1600",
}


def plain(number: int) -> str:
    name = list(PLAIN)[number % len(PLAIN)]
    return f"""select t.key as item, case when {PLAIN[name]} then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when {PLAIN[name]} then 'as it must be' else 'not as it must be' end as reason, t.{name} as saw_{name}, t.name as saw_name
from aws_thing as t"""


def timed(number: int) -> str:
    return f"""select t.key as item,
  case when t.created + to_days(300) > $as_of or t.size > {800 + number} then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when t.created + to_days(300) > $as_of or t.size > {800 + number} then 'young' else 'old' end as reason,
  case when t.created + to_days(300) > $as_of and t.size <= {800 + number} then t.created + to_days(300) end as changes_at, t.created as saw_created
from aws_thing as t"""


def joining(number: int) -> str:
    return f"""select t.key as item, case when o.public and t.size > {number} then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when o.public then 'its owner is public' else 'its owner is not public' end as reason, o.name as saw_owner
from aws_thing as t left join aws_owner as o on o.key = t.owner and o.retention_days >= $days"""


def check_texts() -> list[bytes]:
    made = []
    for number in range(CHECKS):
        sql = (
            timed(number)
            if number < TIMED
            else joining(number)
            if number < TIMED + JOINING
            else plain(number)
        )
        tables = "aws_thing, aws_owner" if "aws_owner" in sql else "aws_thing"
        header = HEADER.format(tables=tables)
        made.append((header if "$days" in sql else header.replace("[days]", "[]")).encode() + sql.encode())
    return made


def check_path(number: int) -> str:
    return f"checks/bench/c{number:03}.sql"


def checks() -> list[Check]:
    return [parse_check(check_path(number), text, SPECS) for number, text in enumerate(check_texts())]


def content_in_force() -> Content:
    """The tables and checks of the benchmark, under a catalogue of two criteria."""
    frame = {path: text for path, text in SMALL.files.items() if not path.startswith(("checks/", "tables/"))}
    checks = {check_path(number): text for number, text in enumerate(check_texts())}
    return Content({**frame, **CONTENT.files, **checks})


@dataclass(frozen=True)
class Kept:
    """The year in a home: what it takes on the disk, and where its history lies."""

    home: Home
    parquet: dict[str, Path]
    objects: int
    history: int


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two days' collecting would take hours a year: here the record files are put as collecting puts them, and entered in the ledger."""
    clock = Clock(day_at(0))
    home = create_home(
        tmp_path_factory.mktemp("year") / "home", "Northwind Metrics", Surroundings(clock, os.urandom, {})
    )
    home.__dict__["content"] = content_in_force()
    connect_source(home, Source("aws", "aws", {"account": ACCOUNT}), {}, "ada")
    by_day: dict[int, list[dict[str, Any]]] = {}
    for day, table, file, held in Year(share=float(os.environ.get("ASSAY_BENCH_SHARE", "1"))).files():
        by_day.setdefault(day, []).append(statement(table, home.evidence.put_object(file), held))
        if len(by_day[day]) == len(SPECS):
            clock.now = day_at(day)
            home.ledger.append(Kind.COLLECTION, collection(day, by_day[day], home.evidence.put_object(b"{}")))
    objects = _bytes_below(home.path / "evidence")
    clock.now = day_at(DAYS)
    with personal(home) as people:
        judge_over(home, period_basis_of(home, SPAN), people.sealer)
    parquet = {name: home.cache(CACHE) / f"{name}.parquet" for name in SPECS}
    return Kept(home, parquet, objects, _bytes_below(home.cache(CACHE)))


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.bench
def test_a_year_on_the_disk(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(
            f"\na year, 100,000 resources: objects with salts {kept.objects / 1e6:.1f} MB, history {kept.history / 1e6:.1f} MB"
        )
    assert kept.objects + kept.history <= LARGEST


@pytest.mark.bench
def test_a_hundred_checks_over_a_year(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    work = [(check, [Stretch(SPAN[0], dict.fromkeys(check.parameters, DAYS_KEPT))]) for check in checks()]
    assert all(over_time(check) is not None for check, _ in work)
    span = Span(*SPAN)
    started, cpu = time.perf_counter(), time.process_time()
    inputs = [_input(name, path) for name, path in kept.parquet.items()]
    judged = episodes = items = stored = 0
    with OverTimeEvaluator(inputs, SPECS) as evaluator:
        loaded = time.perf_counter()
        for found in evaluator.evaluate_each(work, span):
            assert isinstance(found, EpisodeSet), found
            judged += found.judged
            items += found.items
            episodes += found.length
            stored += len(found.encoded())
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    with capsys.disabled():
        print(
            f"\n{CHECKS} checks ({TIMED} timed, {JOINING} joining) over a year: {items:,} items, {judged:,} versions judged, {episodes:,} episodes"
            f" of not conforming, {took:.1f} s ({cpu:.1f} s of CPU), of which loading {loaded - started:.1f} s"
        )
    assert took <= LONGEST


def _input(name: str, path: Path) -> VersionsInput:
    return VersionsInput(name, columns_of_history(SPECS[name]), parquet=str(path))


@pytest.mark.bench
def test_the_pack_of_a_year_is_verified(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Container and file digests at a third of the speed of sha256sum; commitments, proofs and conclusions within two minutes."""
    with personal(kept.home) as people:
        write_pack(pack_files(kept.home, people.keys), tmp_path / "pack")
    files = [path for path in (tmp_path / "pack").rglob("*") if path.is_file()]
    started = time.perf_counter()
    subprocess.run(["sha256sum", "--", *map(str, files)], check=True, capture_output=True)
    summed = time.perf_counter() - started
    started = time.perf_counter()
    read = read_container(tmp_path / "pack")
    check_container(read)
    container = time.perf_counter() - started
    started = time.perf_counter()
    result = verify_pack(read, Trusted(signer(kept.home).key))
    took = time.perf_counter() - started
    with capsys.disabled():
        print(
            f"\nthe year's pack: {sum(map(len, read.values())) / 1e6:.0f} MB in {len(read)} files; sha256sum {summed:.2f} s, container and digests {container:.2f} s;"
            f" whole verification {took:.1f} s, {result.populations} populations, {result.records:,} records, {result.conclusions:,} conclusions performed again"
        )
    assert result.findings == []
    assert (result.populations, result.performed) == (DAYS * len(SPECS), 1)
    assert container <= 3 * summed
    assert took <= VERIFIED_WITHIN
