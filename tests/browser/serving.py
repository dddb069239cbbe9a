"""A served home for browsers: two days of the demonstration's story, one log-in for each role, and the process that answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assay.demo.years import Judged, make_year

PASSWORD = "a long enough pass phrase"
LAST = date(2026, 11, 22)
PREPARE = """
import sys
from pathlib import Path
from assay_web.serving import ready
ready(Path(sys.argv[1]))
from assay_web.records.accounts import Role
from assay_web.records.jobs import Job, JobKind, JobState
from assay_web.services.accounts import make_account
from assay_web.queries.standing import standing
for role in Role:
    made = make_account(
        by="host", name=f"{role.label} Example", email=f"{role.value}@northwind.example",
        role=role, password=sys.argv[2], needs_second_factor=False,
    )
    print(f"{role.value}={made.pk}")
from assay.evidence.ledger import Kind
from assay_web.home import current_home
print(f"evidence={current_home().ledger.last(Kind.EVIDENCE).ordinal}")
print("job=" + Job.objects.create(kind=JobKind.JUDGE, asked_by="host", state=JobState.CANCELLED).pk)
standing()
from tests.browser.of_people import prepare
from tests.browser.of_reviews import prepare as prepare_review
for name, value in {**prepare(), **prepare_review()}.items():
    print(f"{name}={value}")
"""


@dataclass(frozen=True)
class Workspace:
    """Where the workspace answers, and the ids of what was put into it: accounts by role, one job."""

    origin: str
    ids: dict[str, str]
    folder: Path


@contextmanager
def served(folder: Path, days: int = 2) -> Iterator[Workspace]:
    """Make the home with so many days of the story, serve it on a free port, and stop it at the end."""
    home = make_year(
        folder / "year", days=days, until=LAST, judged=Judged(last=2, every=91, throughout=False)
    )
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE, str(home), PASSWORD], check=True, capture_output=True, text=True
    )
    port = free_port()
    origin = f"http://localhost:{port}"
    environment = {**os.environ, "ASSAY_SCHEDULE": "off", "ASSAY_URL": origin}
    command = [sys.executable, "-m", "assay", "--home", str(home), "serve", "--port", str(port)]
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(origin, process)
            yield Workspace(origin, dict(line.split("=") for line in prepared.stdout.split()), folder)
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(origin: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended by itself; its log says why"
        try:
            with urllib.request.urlopen(f"{origin}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the server did not answer")
