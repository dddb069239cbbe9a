"""A company's home over the demonstration's AWS: connected through a proxy, collected, judged and read, all by the path that `assay` takes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assay.checks import Check, load_checks
from assay.collectors.aws import Machine
from assay.conclusions import conclude
from assay.content_tree import Content
from assay.demo.northwind import DAY_ONE
from assay.evidence.canonical import Json, parse
from assay.evidence.ledger import Kind
from assay.home import Home, Surroundings, create_home, open_home
from assay.home.collect_source import collect_from
from assay.home.judging import HomeBook, basis_of, collections_of
from assay.home.personal import personal
from assay.home.sources import Source, connect_source, sources
from assay.outbound.aws import Limits
from assay.outbound.patience import Patience
from assay.tables import TableSpec, load_tables
from tests.fakes.aws_proxy import AwsProxy
from tests.fakes.silence import give_up_silence
from tests.home.world import Clock, numbered

AS_OF = DAY_ONE + timedelta(hours=6)
SOURCE = "aws-main"


def aws_content() -> Content:
    """Give the shipped content without the checks that need a source which these companies have not connected."""
    shipped = Content.shipped()
    specs = load_tables(shipped)
    checks = load_checks(shipped, specs)
    elsewhere = {
        f"checks/{name.replace('.', '/')}.sql"
        for name, check in checks.items()
        if any(specs[table].source != "aws" for table in check.tables)
    }
    return Content({path: text for path, text in shipped.files.items() if path not in elsewhere})


@dataclass
class Patiently:
    """A steady clock that runs on by itself while somebody waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def steady(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Company:
    """What these tests share: the world's address, the content in force, and where homes are made."""

    endpoint: str
    content: Content
    specs: Mapping[str, TableSpec]
    checks: Mapping[str, Check]
    shelf: Path

    @contextmanager
    def new(self, name: str, endpoint: str | None = None) -> Iterator[Home]:
        """Make a home with the account connected."""
        home = create_home(self.shelf / name, "Northwind Metrics", surroundings())
        home.__dict__["content"] = self.content
        settings = {
            "access_key_id": "AKIADEMONSTRATION00",
            "endpoint_url": endpoint or self.endpoint,
            "region": "eu-central-1",
        }
        connect_source(home, Source(SOURCE, "aws", settings), {"secret_access_key": "unused"}, "ada")
        yield home
        home.close()

    @contextmanager
    def copy(self, original: Path, name: str) -> Iterator[Home]:
        """Open a copy of a home, so that what happens to it happens to nobody else."""
        shutil.copytree(original, self.shelf / name)
        home = open_home(self.shelf / name, surroundings())
        home.__dict__["content"] = self.content
        yield home
        home.close()

    def reading(self, *tables: str) -> dict[str, Check]:
        """Give the checks that read one of these tables."""
        return {name: check for name, check in self.checks.items() if set(tables) & set(check.tables)}

    def concluded(self, home: Home, checks: Mapping[str, Check]) -> dict[str, bytes]:
        """Judge these checks over what the home holds; gives the conclusion sets' bytes by check."""
        with personal(home) as people:
            answers = conclude(
                basis_of(home, AS_OF), checks, self.specs, collections_of(home), HomeBook(home, people.sealer)
            )
        return {one.check: one.content for one in answers}


def surroundings() -> Surroundings:
    return Surroundings(Clock(DAY_ONE + timedelta(minutes=5)), numbered(), {})  # type: ignore[arg-type]


def collect(home: Home, tables: Iterable[str] = ()) -> Json:
    """Collect from the account; gives the body of the collection's entry."""
    (source,) = sources(home)
    return home.ledger.body(home.ledger.entry(collect_from(home, source, asked_by="ada", tables=tables)))


def first_collection(home: Home) -> Json:
    return next(home.ledger.body(entry) for entry in home.ledger.entries(kind=Kind.COLLECTION))


@dataclass(frozen=True)
class Told:
    """A conclusion set, read by hand from its bytes (formats.md, section 9)."""

    codes: str
    notes: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, content: bytes) -> Told:
        said = parse(content)
        return cls(said["codes"], tuple(said["notes"]))

    def unknown(self) -> list[Mapping[str, Any]]:
        return [note for note in self.notes if note["conclusion"] == "UNKNOWN"]

    def others(self) -> list[Mapping[str, Any]]:
        return [note for note in self.notes if note["conclusion"] != "UNKNOWN"]


def hasten(monkeypatch: pytest.MonkeyPatch, proxy: AwsProxy) -> Patiently:
    """Let waiting for a throttled service cost nothing, and a service that stays silent be given up."""
    time = Patiently()
    machine = partial(Machine, steady=time.steady, sleep=time.sleep)
    monkeypatch.setattr("assay.home.collect_source.Machine", machine)
    brief = Limits(patience=Patience(attempts=3, attempts_after_timeout=1, first_guess=0.5))
    monkeypatch.setattr("assay.collectors.aws.Limits", lambda: brief)
    give_up_silence(monkeypatch, proxy)
    return time


__all__ = [
    "AS_OF",
    "SOURCE",
    "AwsProxy",
    "Company",
    "Told",
    "aws_content",
    "collect",
    "first_collection",
    "hasten",
]
