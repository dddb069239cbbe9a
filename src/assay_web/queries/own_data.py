"""What the company sees of one worker, in words: the worker's own row of every list, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assay_web.queries.workers import Held, Worker


@dataclass(frozen=True, slots=True)
class Part:
    """A thing of theirs, such as a device, with what is known of it."""

    title: str
    facts: tuple[tuple[str, Any], ...]


_MACHINE = (
    ("model", "Model"),
    ("platform", "System"),
    ("os_version", "Version"),
    ("encrypted", "Disk is encrypted"),
    ("screen_lock", "Screen locks by itself"),
    ("managed", "Managed"),
    ("last_report", "Last reported"),
)


def own_data(worker: Worker) -> list[Part]:
    """Give the worker's own row, accounts, devices and courses on lists."""
    return [_work(worker), *map(_account, worker.accounts), *_machines(worker), *_courses(worker)]


def _work(worker: Worker) -> Part:
    return Part(
        "Work",
        (
            ("E-mail address", worker.email),
            ("Kind", worker.kind or None),
            ("Title", worker.title or None),
            ("Department", worker.department or None),
            ("Manager", worker.manager or None),
            ("From", _date(worker.started)),
            ("To", _date(worker.ended) or "no end is known"),
        ),
    )


def _account(one: Held) -> Part:
    return Part(
        f"Account on {one.system}",
        (("Name there", one.name), ("Can sign in", one.active), ("Second factor", one.second_factor)),
    )


def _machines(worker: Worker) -> Iterator[Part]:
    for row in worker.machines:
        facts = tuple((words, row[column]) for column, words in _MACHINE)
        yield Part(f"Device {row['device']}", facts)


def _courses(worker: Worker) -> Iterator[Part]:
    for one in worker.trained:
        yield Part(f"Course on a list: {one.course}", (("Finished", _date(one.finished) or "not finished"),))


def _date(value: Any) -> Any:
    return None if value is None else timezone.localdate(value)
