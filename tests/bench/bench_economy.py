"""Economy (docs/reference/promises.md): a published world of at least 2,000 AWS resources of 25 kinds, a quarter of them buckets.

One process collects and is measured; AWS is another process, whose time and memory do not count.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.bench.world import bench_world, count_kinds

from assay.demo.aws_server import AwsServer

MOST_CALLS_A_RESOURCE = 3.5
MOST_CPU = 25.0
MOST_MEMORY = 300_000_000
MOST_HOME = 5_000_000
MOST_GROWTH = 100_000
MOST_CALL_LOG = 40.0
MOST_MEMORY_OF_TEN_WORLDS = 1.5

COLLECTING = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from assay.home import Surroundings, create_home, open_home
from assay.home.collect_source import collect_from
from assay.home.sources import Source, connect_source, source

path, endpoint, first = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "first"
surroundings = Surroundings.real()
if first:
    home = create_home(path, "Northwind Metrics", surroundings)
    settings = {"access_key_id": "AKIAEXAMPLE", "endpoint_url": endpoint, "region": "eu-central-1"}
    connect_source(home, Source("aws-main", "aws", settings), {"secret_access_key": "unused"}, "ada")
else:
    home = open_home(path, surroundings)
body = home.ledger.body(home.ledger.entry(collect_from(home, source(home, "aws-main"), asked_by="ada")))
home.close()
used = resource.getrusage(resource.RUSAGE_SELF)
calls = body["calls"]
log = next((path / "evidence" / "objects").rglob(calls["object"]))
print(json.dumps({
    "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024, "calls": calls["count"], "call_log": log.stat().st_size,
    "records": sum(one["size"] for one in body["populations"]), "gaps": body["gaps"], "call_object": calls["object"],
}))
"""


def collect(home: Path, endpoint: str, which: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", COLLECTING, str(home), endpoint, which],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def size_of(home: Path) -> int:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file())


def calls_by_service(home: Path, digest: str) -> Counter[str]:
    import zstandard

    stored = next((home / "evidence" / "objects").rglob(digest)).read_bytes()
    log = json.loads(zstandard.ZstdDecompressor().decompress(stored, max_output_size=1 << 30))
    return Counter(call.partition(".")[0] for call in log["call"])


@dataclass(frozen=True)
class Measured:
    """What one collection of a world cost; `home` in bytes, `services` counts calls."""

    resources: int
    cost: dict[str, Any]
    home: int
    services: Counter[str]

    def __str__(self) -> str:
        cost = self.cost
        return (
            f"{self.resources:,} resources, {cost['records']:,} records, {cost['calls']:,} calls ({cost['calls'] / self.resources:.2f} a resource), "
            f"{len(cost['gaps'])} gaps\n{cost['cpu']:.1f} s CPU, {cost['memory'] / 1e6:.0f} MB memory, {self.home / 1e6:.2f} MB home, "
            f"call log {cost['call_log'] / cost['calls']:.1f} bytes a call"
        )


def measure(home: Path, aws: AwsServer) -> Measured:
    """Collect a whole world into a new home, in a process of its own."""
    resources = count_resources(aws)
    cost = collect(home, aws.endpoint, "first")
    return Measured(resources, cost, size_of(home), calls_by_service(home, cost["call_object"]))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, int]:
    """The published world, measured, and by how many bytes its home grew when it was collected once more."""
    home = tmp_path_factory.mktemp("economy") / "home"
    with bench_world() as aws:
        measured = measure(home, aws)
        again = collect(home, aws.endpoint, "again")
    return measured, size_of(home) - measured.home - again["call_log"]


@pytest.mark.bench
def test_economy(world: tuple[Measured, int]) -> None:
    measured, growth = world
    cost = measured.cost
    print(f"\n{measured}\nthe same world again +{growth:,} bytes")
    for service, number in measured.services.most_common():
        print(f"  {service:18} {number:6,}")
    assert cost["calls"] / measured.resources <= MOST_CALLS_A_RESOURCE
    assert cost["cpu"] <= MOST_CPU
    assert cost["memory"] <= MOST_MEMORY
    assert measured.home <= MOST_HOME
    assert growth <= MOST_GROWTH
    assert cost["call_log"] / cost["calls"] <= MOST_CALL_LOG


@pytest.mark.bench
def test_ten_times_the_world_costs_at_most_ten_times_as_much_and_no_more_memory(
    world: tuple[Measured, int], tmp_path: Path
) -> None:
    """About seven minutes on two cores. Flat means: at most half as much again, of which the interpreter and boto3 are the larger part."""
    one, _ = world
    with bench_world(scale=10) as aws:
        ten = measure(tmp_path / "home", aws)
    print(f"\n{one}\n{ten}")
    for service, number in ten.services.most_common():
        print(f"  {service:18} {one.services[service]:6,} {number:7,}")
    assert ten.resources >= 9.9 * one.resources
    assert ten.cost["calls"] <= 10 * one.cost["calls"]
    assert ten.cost["cpu"] <= 10 * one.cost["cpu"]
    assert ten.home <= 10 * one.home
    assert ten.cost["memory"] <= MOST_MEMORY_OF_TEN_WORLDS * one.cost["memory"]


def count_resources(aws: AwsServer) -> int:
    kinds = count_kinds(aws.session())
    assert len(kinds) >= 25
    total = sum(kinds.values())
    assert total >= 2_000
    return total
