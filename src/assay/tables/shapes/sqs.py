"""Queues out of sqs.list_queues, which gives their URLs alone."""

from __future__ import annotations

from collections.abc import Iterator

from assay.evidence.canonical import Json

__all__ = ["queues"]


def queues(answer: Json) -> Iterator[dict[str, str]]:
    """Give each queue with its `QueueUrl` and its `Name`, the URL's last step. AWS leaves the list away where there is no queue."""
    for url in answer.get("QueueUrls") or []:
        name = url.rpartition("/")[2]
        if not name:
            raise ValueError("a queue's URL ends with its name")
        yield {"QueueUrl": url, "Name": name}
