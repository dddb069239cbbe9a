"""The recorded answers that a demo year begins with: what the stand-ins of AWS and GitHub answered to the real collectors, kept as one small file.

    assay demo --keep DEMO && python -m assay.demo.years.recording DEMO/home

writes the file anew, which is due when a table asks for more. Kept are the account and one region, and the newest four weeks of events.
Each line of the file is a JSON list: `["record", source, table, account, region, key, parent, record]` or `["gap", source, gap]`, and
`["place", source, table, account, region]` for a place, with or without records.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import zstandard

from assay.collectors import SeenRecord
from assay.demo.northwind import DAY_TWO
from assay.evidence.canonical import encode, instant_text
from assay.evidence.gaps import Gap
from assay.evidence.ledger import Kind
from assay.evidence.records import Place

FILE = "answers.jsonl.zst"
RECORDED_ON = DAY_TWO.date()
REGION = "eu-central-1"
ACCOUNT = "111122223333"
EVENTS_FROM = instant_text(DAY_TWO - timedelta(days=28))
EVENTS = {
    "github_commit_on_default": ("commits", "commit", "committer", "date"),
    "github_deployment": ("deployments", "created_at"),
    "github_pull_request": ("pulls", "closed_at"),
    "github_pull_request_review": ("reviews", "submitted_at"),
    "github_workflow_run": ("runs", "created_at"),
}
"""Tables of events, and where in a record the instant is by which it is kept."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?=T\d\d:|-\d\d-\d\d)")
At = tuple[str, Place]


class Answers:
    """What the sources answer: by source and place the records by key, and the gaps that are always there. The records may be changed."""

    def __init__(self) -> None:
        self.places: dict[At, dict[str, SeenRecord]] = {}
        self.gaps: dict[str, list[Gap]] = {}

    def at(self, source: str, table: str) -> dict[str, SeenRecord]:
        """Give the records of a table at its only place. Raises KeyError for a table that the source does not have."""
        return next(
            found for (name, place), found in self.places.items() if (name, place.table) == (source, table)
        )

    def put(self, source: str, table: str, key: str, parent: str | None, record: dict[str, Any]) -> None:
        """Add a record, or replace it."""
        self.at(source, table)[key] = SeenRecord(key, parent, record)


def recorded(first: date) -> Answers:
    """Give the recording, moved in time so that it was made on the day `first`."""
    packed = (files("assay.demo.years") / FILE).read_bytes()
    text = moved(zstandard.ZstdDecompressor().decompress(packed).decode(), first - RECORDED_ON)
    answers = Answers()
    for what, source, *rest in map(json.loads, text.splitlines()):
        if what == "place":
            answers.places[source, Place(*rest)] = {}
        elif what == "gap":
            answers.gaps.setdefault(source, []).append(Gap.from_json(rest[0]))
        else:
            table, account, region, key, parent, record = rest
            answers.places[source, Place(table, account, region)][key] = SeenRecord(key, parent, record)
    return answers


def moved(text: str, by: timedelta) -> str:
    """Move every date that has a time of day behind it; a version such as 2012-10-17 has none and stays."""
    return _DATE.sub(lambda found: str(date.fromisoformat(found[0]) + by), text)


def record(home_folder: Path) -> bytes:
    """Give the file's bytes, from the newest collections of a demonstration's home."""
    from assay.home import Surroundings, open_home
    from assay.home.collecting import Run
    from assay.home.personal import personal
    from assay.home.sources import sources
    from assay.tables import load_tables

    home = open_home(home_folder, Surroundings.real())
    specs = load_tables(home.content)
    newest = {}
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        newest[body["source"]["id"]] = body
    lines: list[Any] = []
    with personal(home) as people:
        for source in sources(home):
            if source.kind == "file":
                continue
            run = Run(home, source, specs, 0, "", people.sealer, False, set())
            lines += _lines(source.kind, newest[source.id], run)
    home.close()
    text = "".join(encode(line).decode() + "\n" for line in lines)
    return zstandard.ZstdCompressor(level=19).compress(text.encode())


def _lines(kind: str, body: Any, run: Any) -> Iterator[Any]:
    kept: set[str] = set()
    for one in body["populations"]:
        place = Place(one["table"], one["account"], one["region"])
        if place.region not in ("", REGION):
            continue
        yield ["place", kind, place.table, place.account, place.region]
        for seen in run.newest(place):
            if _is_recent(place.table, seen.record) and _belongs(place.table, seen, kept):
                kept.add(seen.key)
                yield [
                    "record",
                    kind,
                    place.table,
                    place.account,
                    place.region,
                    seen.key,
                    seen.parent,
                    seen.record,
                ]
    for gap in body["gaps"]:
        if _is_lasting(gap):
            yield ["gap", kind, gap]


def _is_recent(table: str, record: Any) -> bool:
    value = record
    for name in EVENTS.get(table, ()):
        value = value[name]
    return table not in EVENTS or value >= EVENTS_FROM


def _belongs(table: str, seen: SeenRecord, kept: set[str]) -> bool:
    """A review is kept with its pull request."""
    return table != "github_pull_request_review" or seen.parent in kept


def _is_lasting(gap: Any) -> bool:
    """Of the gaps those stay that the plan or the token leaves, not those of a day or of time."""
    return gap["reason"] in ("not_enabled", "unavailable") or gap["columns"] == ["bypass_actors"]


if __name__ == "__main__":
    written = record(Path(sys.argv[1]))
    (Path(__file__).parent / FILE).write_bytes(written)
    sys.stdout.write(f"{FILE}: {len(written):,} bytes\n")
