"""Economy (docs/reference/promises.md): a published world of at least 2,000 AWS resources of 25 kinds, a quarter of them buckets.

One process collects and is measured; AWS is another process, whose time and memory do not count.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.bench.world import bench_world

MOST_CALLS_A_RESOURCE = 3.5
MOST_CPU = 25.0
MOST_MEMORY = 300_000_000
MOST_HOME = 5_000_000
MOST_GROWTH = 100_000
MOST_CALL_LOG = 40.0

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


@pytest.mark.bench
def test_economy(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with bench_world() as aws:
        resources = count_resources(aws)
        first = collect(home, aws.endpoint, "first")
        size = size_of(home)
        second = collect(home, aws.endpoint, "again")
    growth = size_of(home) - size - second["call_log"]
    print(
        f"\n{resources:,} resources, {first['records']:,} records, {first['calls']:,} calls ({first['calls'] / resources:.2f} a resource)"
    )
    print(
        f"{first['cpu']:.1f} s CPU, {first['memory'] / 1e6:.0f} MB memory, {size / 1e6:.2f} MB home, again +{growth:,} bytes"
    )
    print(f"call log {first['call_log'] / first['calls']:.1f} bytes a call; {len(first['gaps'])} gaps")
    for service, number in calls_by_service(home, first["call_object"]).most_common():
        print(f"  {service:18} {number:6,}")
    assert first["calls"] / resources <= MOST_CALLS_A_RESOURCE
    assert first["cpu"] <= MOST_CPU
    assert first["memory"] <= MOST_MEMORY
    assert size <= MOST_HOME
    assert growth <= MOST_GROWTH
    assert first["call_log"] / first["calls"] <= MOST_CALL_LOG


def count_resources(aws: Any) -> int:
    from tests.bench.world import count_kinds

    kinds = count_kinds(aws.session())
    assert len(kinds) >= 25
    total = sum(kinds.values())
    assert total >= 2_000
    return total
