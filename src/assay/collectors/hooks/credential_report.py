"""IAM's credential report: asked for, waited for, read as CSV (IAM User Guide, "Getting credential reports")."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from assay.collectors.asking import Ask, CallError
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason

_TRIES = 30
_WAIT = 2.0
_NEEDED = ("user", "arn", "password_enabled", "mfa_active")
# The report's own words for “there is none”; the column is then null.
_NOTHING = frozenset({"N/A", "n/a", "no_information", "not_supported", ""})


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give one answer `{"Users": [...]}`, each user the report's columns by name; what the report calls N/A is null."""
    _wait_until_made(run, ask, tally)
    answer = run.source.one(ask)
    tally.count(answer, page=True)
    content = answer.body.get("Content")
    if not isinstance(content, bytes | str):
        raise CallError(ask.call, Reason.MALFORMED, "NoReport")
    return [{"Users": _users(ask.call, content)}]


def _wait_until_made(run: Run, ask: Ask, tally: Tally) -> None:
    generate = replace(ask, call="iam.generate_credential_report", arguments={})
    for _ in range(_TRIES):
        answer = run.source.one(generate)
        tally.count(answer)
        if answer.body.get("State") == "COMPLETE":
            return
        run.sleep(_WAIT)
    raise CallError(generate.call, Reason.TIMEOUT, "ReportNotMade")


def _users(call: str, content: bytes | str) -> list[dict[str, str | None]]:
    try:
        text = content.decode() if isinstance(content, bytes) else content
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise CallError(call, Reason.MALFORMED, "UnreadableReport") from None
    if not rows or not set(_NEEDED) <= set(rows[0]) or any(len(row) != len(rows[0]) for row in rows):
        raise CallError(call, Reason.MALFORMED, "IncompleteReport")
    return [
        {name: None if value in _NOTHING else value for name, value in zip(rows[0], row, strict=True)}
        for row in rows[1:]
    ]
