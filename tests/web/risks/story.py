"""A home with one day of the demonstration's story, collected and judged: repositories with their changes, buckets, devices."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from tests.web.homes import serve_instead, served

LAST = date(2026, 11, 22)


@cache
def _first(folder: Path) -> Path:
    from django.core.management import call_command

    from assay.demo.years import Judged, make_year

    path = make_year(folder, days=1, until=LAST, judged=Judged(last=1, every=91, throughout=False))
    serve_instead(path)
    call_command("migrate", verbosity=0)
    from django.db import connection

    from assay_web.queries.standing import standing

    standing()  # its report is kept in the home, and so in every copy
    connection.close()
    return path


@contextmanager
def story(folder: Path) -> Iterator[Path]:
    """Serve a copy of it."""
    with served(folder / "first"):  # the first makes Django ready
        path = folder / "story"
        shutil.copytree(_first(_place()), path)
        serve_instead(path)
        yield path
    from django.db import connection

    connection.close()


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="assay-web-story-")) / "year"
