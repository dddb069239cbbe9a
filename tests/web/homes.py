"""Homes for tests of the workspace, and how a process that served one comes to serve another."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from assay.catalogue import Category, Scope, System, Trait
from assay.evidence.manual import How, ManualEvidence, Method
from assay.home import Home, Surroundings, create_home
from assay.home.judging import SCOPE, basis_of, judge
from assay.home.manual import add_evidence
from assay.home.personal import personal
from assay.home.settings import set_setting

COMPANY = "Northwind Metrics"
HOST = "localhost:8321"


@cache
def _first_home() -> Path:
    """Make the home that every other is copied from, with Django's tables: a scope, one piece of evidence, judged once. Nothing is connected."""
    path = Path(tempfile.mkdtemp(prefix="assay-web-")) / "home"
    home = create_home(path, COMPANY, Surroundings.real())
    scope = Scope(
        company=COMPANY,
        sells="Usage analytics",
        system=System.SAAS,
        people=20,
        zone="Europe/Berlin",
        categories=frozenset({Category.SECURITY}),
        traits=frozenset({Trait.USES_CLOUD, Trait.DEVELOPS_SOFTWARE}),
    )
    set_setting(home, SCOPE, scope.to_object(), home.now() - timedelta(hours=1), "ada")
    _add_evidence(home)
    with personal(home) as people:
        judge(home, basis_of(home, home.now()), people.sealer)
    home.close()
    from assay_web.serving import ready

    ready(path)
    from django.db import connection

    from assay_web.queries.standing import standing

    standing()  # its report is kept in the home, and so in every copy
    connection.close()
    return path


def _add_evidence(home: Home) -> None:
    add_evidence(
        home,
        ManualEvidence(
            by="ada",
            control="GOV-03",
            shows="The board appointed a security lead.",
            observed=datetime.now(UTC) - timedelta(days=2),
            captured_by="ada",
            how=How(Method.OBSERVATION),
            note="Seen in the minutes.",
        ),
    )


@contextmanager
def served(folder: Path) -> Iterator[Path]:
    """Serve a copy of the first home in `folder`: it is the one that Django's connection, and so every page, reads."""
    first = _first_home()
    path = folder / "home"
    shutil.copytree(first, path)
    serve_instead(path)
    yield path
    from django.db import connection

    connection.close()


def serve_instead(path: Path) -> None:
    """Let this process serve another home: for tests alone; the product serves one in its life."""
    from django.conf import settings
    from django.core.cache import cache as django_cache
    from django.db import connection

    from assay_web.home import current_home, forget_home

    connection.close()
    connection.settings_dict["NAME"] = str(path / "assay.db")
    settings.ASSAY_HOME = path
    forget_home()
    current_home()
    django_cache.clear()
