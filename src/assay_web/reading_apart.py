"""Reads a file that someone sent in a process of its own, bounded in memory and time: the one that answers requests never parses it.

`python -m assay_web.reading_apart TABLE` takes the bytes on standard input and writes the proposal, or a sentence, as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from assay.collectors.files import load_headings, propose, read_sheet
from assay.content_tree import Content
from assay.errors import AssayError
from assay.tables import load_tables

MEMORY = 1024 * 1024 * 1024
SECONDS = 30


class UnreadableError(AssayError):
    """The file could not be read as a list."""


def proposal_of(home: Path, table: str, content: bytes, zone: str) -> dict[str, Any]:
    """Propose how to read a file into a table: `mapping`, `sure` columns, `unread` headings, `unfilled` columns, `questions`. Raises UnreadableError."""
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    command = [sys.executable, "-m", "assay_web.reading_apart", str(home / "content"), table, zone]
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


def _proposed(overlay: Path, table: str, zone: str, content: bytes) -> dict[str, Any]:
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


def main() -> None:
    """Answer for the arguments: the overlay's folder, the table, the zone."""
    overlay, table, zone = sys.argv[1:4]
    content = sys.stdin.buffer.read()
    _bounded()
    try:
        said = _proposed(Path(overlay), table, zone, content)
    except AssayError as error:
        said = {"error": str(error)}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
