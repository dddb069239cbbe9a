"""Must hold 7, the part that needs no clock: a page asks the database as often over three rows as over one, and never more than sixty times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

MOST = 60


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert client.get(address).status_code == 200  # what is kept in memory is read by the first
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def _account() -> None:
    from assay_web.records.accounts import Account, Role
    from assay_web.services.accounts import make_account

    number = Account.objects.count()
    make_account(by="host", name=f"N{number}", email=f"n{number}@x.example", role=Role.READER)


def _job() -> None:
    from assay_web.records.jobs import Job, JobKind, JobState

    Job.objects.create(kind=JobKind.JUDGE, asked_by="host", state=JobState.DONE)


def _evidence() -> None:
    from datetime import UTC, datetime

    from assay.evidence.manual import How, ManualEvidence, Method
    from assay.home.manual import add_evidence
    from assay_web.home import current_home

    shown = ManualEvidence(
        by="ada",
        control="GOV-03",
        shows="Seen.",
        observed=datetime(2026, 11, 1, tzinfo=UTC),
        captured_by="ada",
        how=How(Method.OBSERVATION),
        note="Seen.",
    )
    add_evidence(current_home(), shown)


def _source() -> None:
    from assay.home.sources import Source, connect_source, sources
    from assay_web.home import current_home

    home = current_home()
    connect_source(home, Source(f"aws-{len(sources(home))}", "aws", {"profile": "p"}), {}, "ada")


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("/accounts/", _account),
        ("/jobs/", _job),
        ("/activity/", _account),
        ("/evidence/", _evidence),
        ("/controls/GOV-03/", _evidence),
    ],
)
def test_a_page_asks_as_often_over_three_rows_as_over_one(
    signed_in: Callable[[str], Client], address: str, more: Callable[[], None]
) -> None:
    client = signed_in("owner")
    more()
    once = _queries(client, address)
    more()
    more()
    assert (_queries(client, address), once <= MOST) == (once, True)


def test_sources_cost_a_few_queries_each_and_no_page_more_than_sixty(
    signed_in: Callable[[str], Client],
) -> None:
    """How many calls the next run will make is asked for each source: bounded, and told apart from pages that list rows."""
    client = signed_in("owner")
    _source()
    once = _queries(client, "/sources/")
    _source()
    _source()
    assert _queries(client, "/sources/") - once <= 2 * 6
    pages = (
        "/",
        "/criteria/",
        "/criteria/CC6.1/",
        "/controls/",
        "/checks/",
        "/checks/aws.kms.rotation/",
        "/gaps/",
        "/coverage/",
        "/drift/",
        "/people/",
        "/search/?q=a",
        "/verifying/",
        "/account/",
    )
    assert {one: count for one in pages if (count := _queries(client, one)) > MOST} == {}
