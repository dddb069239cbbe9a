"""Versions of TLS by the names that AWS gives them, what a registry scans, and queues by their URLs."""

from __future__ import annotations

from typing import Any

import pytest

from assay.tables.derivations import registry, tls
from assay.tables.shapes import sqs


@pytest.mark.parametrize(
    ("names", "oldest"),
    [
        (["TLSv1.3", "TLSv1.2"], "1.2"),
        (["TLSv1.2", "TLSv1.1", "TLSv1"], "1.0"),
        ("TLSv1", "1.0"),
        ("TLSv1_2016", "1.0"),
        ("TLSv1.1_2016", "1.1"),
        ("TLSv1.2_2021", "1.2"),
        ("TLSv1.3_2025", "1.3"),
        ("SSLv3", "0.3"),
        (["SSLv3", "TLSv1.3"], "0.3"),
    ],
)
def test_the_oldest_version(names: Any, oldest: str) -> None:
    assert tls.oldest_version(names) == oldest


@pytest.mark.parametrize("names", [[], "", "TLSv2", "tls", 5, None, ["TLSv1.2", "QUIC"]])
def test_a_name_that_is_none_is_never_read_as_new(names: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        tls.oldest_version(names)


def rule(frequency: str, *filters: str) -> dict[str, Any]:
    return {
        "scanFrequency": frequency,
        "repositoryFilters": [{"filter": one, "filterType": "WILDCARD"} for one in filters],
    }


def test_a_filter_without_a_wildcard_is_every_name_that_contains_it() -> None:
    rules = [
        rule("SCAN_ON_PUSH", "team", "web/*"),
        rule("CONTINUOUS_SCAN", "*"),
        rule("MANUAL", "by-hand"),
        rule("SCAN_ON_PUSH", "team"),
    ]
    assert registry.scanned_on_push(rules) == ["*", "*team*", "web/*"]
    assert registry.scanned_on_push([]) == []


def test_queues_have_the_name_that_ends_their_url() -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs.fifo"
    assert list(sqs.queues({"QueueUrls": [url]})) == [{"QueueUrl": url, "Name": "jobs.fifo"}]
    assert list(sqs.queues({})) == []
    with pytest.raises(ValueError, match="name"):
        list(sqs.queues({"QueueUrls": ["https://sqs.eu-west-1.amazonaws.com/"]}))
