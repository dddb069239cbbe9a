"""The world of the economy promise is as large as the promise says."""

from __future__ import annotations

import pytest

from tests.bench.world import bench_world, count_kinds


@pytest.mark.bench
def test_two_thousand_resources_of_25_kinds_a_quarter_of_them_buckets() -> None:
    with bench_world() as aws:
        counts = count_kinds(aws.session())
    total = sum(counts.values())
    assert total >= 2_000
    assert sum(1 for number in counts.values() if number > 0) >= 25
    assert 0.25 <= counts["aws_s3_bucket"] / total < 0.27
