"""Sources for tests of background work: exported lists, which need no network, and what the ledger then holds of them."""

from __future__ import annotations

from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from assay.collectors.files import load_headings, propose, read_sheet
from assay.evidence.canonical import instant_text
from assay.evidence.ledger import Kind
from assay.home import Home, Surroundings, open_home
from assay.home.sources import Source, connect_source
from assay.tables import load_tables

LISTS = {"training-record": "training.csv", "hr-person": "hr_people.csv", "incident": "incidents.csv"}


def connect_lists(path: Path, names: tuple[str, ...] = ("hr-person", "training-record")) -> None:
    """Connect lists to the home in `path`, as files that lie beside it."""
    home = open_home(path, Surroundings.real())
    specs, headings = load_tables(home.content), load_headings(home.content)
    for name in names:
        content = (resources.files("assay.demo") / "files" / LISTS[name]).read_bytes()
        file = list_of(path, name)
        file.write_bytes(content)
        table = specs[name.replace("-", "_")]
        exported: dict[str, Any] = {
            "at": instant_text(home.now() - timedelta(hours=1)),
            "by": "ada",
            "query": None,
            "rows": None,
            "system": "the HR system",
        }
        mapping = propose(table, read_sheet(content), headings, "Europe/Berlin").mapping.to_json()
        settings = {"exported": exported, "mapping": mapping, "path": str(file)}
        connect_source(home, Source(name, "file", settings), {}, "ada")
    home.close()


def list_of(path: Path, name: str) -> Path:
    """Give where the list of a source lies."""
    return path.parent / LISTS[name]


def entries(home: Home, start: int) -> list[str]:
    """Name the entries since an index that background work makes: each source collected, and `judged`."""
    return [
        home.ledger.body(entry)["source"]["id"] if entry.kind == Kind.COLLECTION else "judged"
        for entry in home.ledger.entries(start)
        if entry.kind in {Kind.COLLECTION, Kind.CONCLUSIONS}
    ]
