"""What a collection of the demonstration's world costs: the calls that were announced, counted and logged are one number, and a second look at an unchanged world stores nothing anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from assay.evidence.call_log import calls_in
from assay.evidence.canonical import Json, parse
from assay.evidence.ledger import Kind
from assay.home import Home
from assay.home.judging import collections_of
from assay.home.planning import planned
from assay.home.sources import source
from assay.tables.actions import operation_of
from tests.fakes.aws_proxy import AwsProxy
from tests.promises.company import Company, collect, first_collection
from tests.promises.conftest import Whole

POLLED = "iam.generate_credential_report"
"""Asked again until the report is made: how often, nobody can announce."""
OTHERWISE_ON_THE_WIRE = {"s3:GetBucketLifecycleConfiguration": "s3:GetBucketLifecycle"}
"""Operations that share one request with an older one, by which the proxy knows it."""


@pytest.fixture(scope="module")
def home(whole: Whole, company: Company) -> Iterator[Home]:
    with company.copy(whole.path, "economy") as home:
        yield home


def logged(home: Home, body: Json) -> Counter[str]:
    """Calls by `service.method`, as the collection's own log has them."""
    return Counter(parse(call)[0] for call in calls_in(home.evidence.object(body["calls"]["object"])))


def test_the_log_holds_every_call_that_went_out(home: Home, whole: Whole) -> None:
    on_the_wire = {f"{service}:{operation}": number for service, operation, number in whole.calls}
    in_the_log: Counter[str] = Counter()
    for call, number in logged(home, first_collection(home)).items():
        operation = f"{call.partition('.')[0]}:{operation_of(call)}"
        in_the_log[OTHERWISE_ON_THE_WIRE.get(operation, operation)] += number
    assert {name.lower(): number for name, number in in_the_log.items()} == {
        name.lower(): number for name, number in on_the_wire.items()
    }


def test_calls_by_service(home: Home, whole: Whole) -> None:
    by_service: Counter[str] = Counter()
    for service, _, number in whole.calls:
        by_service[service] += number
    body = first_collection(home)
    assert sum(by_service.values()) == body["calls"]["count"]
    records = sum(one["size"] for one in body["populations"])
    assert body["calls"]["count"] <= 3.5 * records
    assert by_service["s3"] + by_service["s3control"] <= 8 * 12  # twelve buckets


def test_the_announced_number_is_the_number_made(home: Home) -> None:
    """Of an unchanged world, what is said before a run is what the call log before it holds; how often the credential report is asked for again is left."""
    first = first_collection(home)
    plan = planned(home, source(home, "aws-main"))
    assert plan is not None
    assert plan.calls is not None
    again = logged(home, first)
    assert sum(again.values()) == first["calls"]["count"]
    assert abs(plan.calls - sum(again.values())) <= again[POLLED]
    assert (plan.regions, plan.records) == (3, sum(one["size"] for one in first["populations"]))
    assert plan.fewest < plan.calls


def test_a_second_look_at_an_unchanged_world_adds_nothing(home: Home, whole: Whole, proxy: AwsProxy) -> None:
    before = set(home.evidence.store.names("objects/"))
    first = first_collection(home)
    second = collect(home)
    added = set(home.evidence.store.names("objects/")) - before
    assert before
    assert len(added) == 1
    assert next(iter(added)).rsplit("/", 1)[-1].startswith(second["calls"]["object"])
    assert [
        one
        for one in second["populations"]
        if one["added"] or one["changed"] or one["removed"] or one["records"]
    ] == []
    assert [one["root"] for one in second["populations"]] == [one["root"] for one in first["populations"]]
    again = {call for call in proxy.table() if call[1] != "GenerateCredentialReport"}
    assert again == {call for call in whole.calls if call[1] != "GenerateCredentialReport"}
    assert len(collections_of(home)) == len(list(home.ledger.entries(kind=Kind.COLLECTION))) == 2
