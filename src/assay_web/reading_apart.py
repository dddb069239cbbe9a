"""Reads a file that someone sent in a process of its own, bounded in memory and time: the one that answers requests never parses it.

`python -m assay_web.reading_apart table OVERLAY TABLE ZONE` takes the bytes on standard input and writes how to read them into a table, `… rows` writes the
rows of a register's file; either writes a sentence instead where the file cannot be read. All of it is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assay.collectors.files import load_headings, propose, read_sheet
from assay.collectors.files.sheet import Cell, Limits, Unreadable
from assay.content_tree import Content
from assay.errors import AssayError
from assay.tables import load_tables

LINES = Limits(bytes=2**22, rows=5_000, columns=120, cells=200_000)
"""How much of a register's file is read."""
MEMORY = 1024 * 1024 * 1024
SECONDS = 30


class UnreadableError(AssayError):
    """The file could not be read as a list."""


def proposal_of(home: Path, table: str, content: bytes, zone: str) -> dict[str, Any]:
    """Propose how to read a file into a table: `mapping`, `sure` columns, `unread` headings, `unfilled` columns, `questions`. Raises UnreadableError."""
    return _read_apart(content, "table", str(home / "content"), table, zone)


def rows_of(content: bytes) -> dict[str, Any]:
    """Give the `headings` of a CSV, XLSX or JSON file and its `rows`, each with its number first and every cell as text. Raises UnreadableError."""
    return _read_apart(content, "rows")


def _read_apart(content: bytes, *arguments: str) -> dict[str, Any]:
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    command = [sys.executable, "-m", "assay_web.reading_apart", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and module
            command, input=content, capture_output=True, timeout=2 * SECONDS, env=environment, check=False
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise UnreadableError(
            "This file could not be read within its limits of memory and time. Export it again as CSV, with the heading in the first row."
        ) from error
    if "error" in said:
        raise UnreadableError(str(said["error"]))
    return dict(said)


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _proposed(overlay: Path, table: str, zone: str, *, content: bytes) -> dict[str, Any]:
    found = Content.shipped().overlaid(Content.from_folder(overlay))
    spec = load_tables(found)[table]
    proposal = propose(spec, read_sheet(content), load_headings(found), zone)
    return {
        "mapping": proposal.mapping.to_json(),
        "questions": list(proposal.questions),
        "sure": [column for column, how in proposal.confidence.items() if str(how) == "sure"],
        "unfilled": list(proposal.unfilled),
        "unread": list(proposal.unread),
    }


def _rows(content: bytes) -> dict[str, Any]:
    sheet = read_sheet(content, LINES)
    if sheet.broken:
        return {"error": f"Row {sheet.broken[0].number}: {sheet.broken[0].why}"}
    for row in sheet.rows:
        for heading, cell in zip(sheet.headings, row.cells, strict=True):
            if isinstance(cell, Unreadable):
                return {"error": f"Row {row.number}: the cell under “{heading}” {cell.why}."}
    return {
        "headings": list(sheet.headings),
        "rows": [[one.number, *map(_text, one.cells)] for one in sheet.rows],
    }


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case tuple():
            return ", ".join(cell)
        case datetime() | date():
            return cell.isoformat()
        case _:
            return str(cell)


def main() -> None:
    """Answer for the arguments."""
    what, *about = sys.argv[1:]
    content = sys.stdin.buffer.read()
    _bounded()
    try:
        said = _rows(content) if what == "rows" else _proposed(Path(about[0]), *about[1:], content=content)
    except AssayError as error:
        said = {"error": str(error)}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
