"""Figures for whoever watches, and a log that programs read."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.web.api.conftest import Program


def test_figures_are_written_as_prometheus_reads_them(program: Callable[..., Program], home: Path) -> None:
    sent = program("reader", "read")
    answer = sent.client.get("/api/v1/metrics", headers=sent.headers)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.content.decode().splitlines()
    from assay_web.home import current_home

    assert f"assay_ledger_entries {current_home().ledger.size()}" in lines
    assert 'assay_jobs{state="waiting"} 0' in lines
    assert 'assay_controls{state="in place"} 1' in lines
    assert lines.count("# TYPE assay_controls gauge") == 1
    assert "northwind" not in answer.content.decode().casefold()


def test_labels_are_escaped(home: Path) -> None:
    from assay_web.api.metrics import written

    said = written([("a", "What.", {"b": 'x"\\\ny'}, 1.0)])
    assert said == '# HELP a What.\n# TYPE a gauge\na{b="x\\"\\\\\\ny"} 1\n'


def test_the_log_can_be_json_lines_without_the_tokens_of_links(home: Path) -> None:
    from assay_web.logs import JsonLines
    from assay_web.people.log_lines import WithoutTokens

    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", ("/link/secret-token/",), None
    )
    WithoutTokens().filter(record)
    said = json.loads(JsonLines().format(record))
    assert (said["level"], said["message"]) == ("WARNING", "Not Found: /link/…/")
    assert said["at"].endswith("+00:00")


def test_an_unknown_form_of_the_log_stops_the_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import assay_web.settings"],
        env={"ASSAY_LOG": "xml", "ASSAY_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ASSAY_LOG is “xml”. Write text or json." in done.stderr
