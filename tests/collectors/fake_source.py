"""A source of our own for tests of the engine: answers by call, errors where a test wants them, and what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import yaml

from assay.collectors import NotSeen, PopulationSeen
from assay.collectors.asking import Answer, Ask, CallError
from assay.collectors.engine import Account, collect
from assay.collectors.work import Run, Settings
from assay.content_tree import Content
from assay.evidence.gaps import Reason
from assay.tables import TableSpec, load_tables

ACCOUNT = "111122223333"
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

Reply = Any
"""An answer, a list of pages, an error, or a function of the Ask that gives one of these."""


@dataclass
class FakeSource:
    replies: Mapping[str, Reply]
    asked: list[Ask] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def one(self, ask: Ask) -> Answer:
        return next(self.pages(ask))

    def pages(self, ask: Ask) -> Iterator[Answer]:
        with self._lock:
            self.asked.append(ask)
        reply = self.replies[ask.call]
        reply = reply(ask) if callable(reply) else reply
        for number, page in enumerate(reply if isinstance(reply, list) else [reply]):
            if isinstance(page, Exception):
                raise page
            yield Answer(page, f"{ask.call}-{number}")

    def calls(self) -> list[str]:
        return sorted(ask.call for ask in self.asked)


def refused(call: str, code: str = "AccessDenied", reason: Reason = Reason.DENIED) -> CallError:
    return CallError(call, reason, code)


def tables(**specs: str) -> dict[str, TableSpec]:
    """Table specs from YAML by name; each is AWS's unless it says otherwise."""
    files = {f"tables/aws/{name}.yaml": text.encode() for name, text in specs.items()}
    return load_tables(Content(files))


def spec_text(**fields: Any) -> str:
    return yaml.safe_dump(
        {"says": "A thing.", "source": "aws", "reach": "account", "permissions": ["x:ListThings"], **fields},
        sort_keys=False,
    )


def run(
    specs: dict[str, TableSpec],
    replies: Mapping[str, Reply],
    *,
    regions: tuple[str, ...] = ("eu-west-1",),
    parameters: Mapping[str, str] | None = None,
    source: FakeSource | None = None,
    **more: Any,
) -> dict[tuple[str, str], PopulationSeen | NotSeen]:
    """Collect everything; gives what was seen by table and region, in the order in which it came."""
    source = source or FakeSource(replies)
    settings = Settings(parameters or {}, places_at_once=3, records_at_once=4)
    seen = collect(
        Run(source, settings, lambda: NOW, lambda seconds: None), specs, Account(ACCOUNT, regions), **more
    )
    return {place_of(one): one for one in seen}


def place_of(one: PopulationSeen | NotSeen) -> tuple[str, str]:
    return (
        (one.table, one.region) if isinstance(one, PopulationSeen) else (one.gap.table, one.gap.region or "")
    )


def population(one: PopulationSeen | NotSeen) -> PopulationSeen:
    assert isinstance(one, PopulationSeen)
    return one


def by(call: str, replies: Mapping[str, Reply]) -> Callable[[Ask], Reply]:
    """Reply by one argument's value."""

    def reply(ask: Ask) -> Reply:
        return replies[ask.arguments[call]]

    return reply
