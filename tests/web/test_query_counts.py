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


def _course() -> None:
    from datetime import date

    from assay_web.records.accounts import Account
    from assay_web.services.training import Given, give_course

    given = Given("A course", "At home", (), True, (), (), True, date(2026, 1, 1))
    give_course(given, by=Account.objects.get(role="owner"))


def _checklist() -> None:
    from datetime import date

    from assay_web.records.accounts import Account
    from assay_web.records.people import Checklist, ChecklistKind
    from assay_web.services.checklists import start

    email = f"n{Checklist.objects.count()}@x.example"
    by = Account.objects.get(role="owner")
    start(kind=ChecklistKind.LEAVER, email=email, day=date(2026, 1, 1), found=False, by=by)


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


def _hold() -> None:
    from assay.home.holds import place
    from assay_web.home import current_home

    place(current_home(), by="ada", reason="a claim")


def _risk() -> None:
    from assay_web.records.accounts import Account
    from assay_web.records.risks import Risk
    from assay_web.services.registers import add

    by = Account.objects.all()[0]
    said = {"what": "It fails", "category": "security", "owner": by, "controls": ["GOV-03"]}
    rated = {"likelihood": 3, "impact": 3, "residual_likelihood": 2, "residual_impact": 2}
    add(Risk, {**said, **rated}, by=by)


def _incident() -> None:
    from datetime import UTC, datetime

    from assay_web.records.accounts import Account
    from assay_web.records.incidents import Incident
    from assay_web.services.registers import add

    detected = datetime(2026, 11, 1, tzinfo=UTC)
    add(Incident, {"title": "It failed", "severity": 1, "detected": detected}, by=Account.objects.all()[0])


def _exercise() -> None:
    from datetime import date

    from assay_web.records.accounts import Account
    from assay_web.records.continuity import RecoveryObjective
    from assay_web.records.incidents import Exercise
    from assay_web.services.registers import add

    by = Account.objects.all()[0]
    system = add(RecoveryObjective, {"system": "S", "tier": 1, "rto_hours": 4, "rpo_hours": 1}, by=by)
    said = {"kind": "restore", "title": "E", "held": date(2026, 11, 1), "people": 1, "outcome": "partly"}
    add(Exercise, {**said, "system": system, "recovered_hours": 3}, by=by)


def _firm() -> None:
    from assay_web.records.accounts import Account
    from assay_web.records.auditor import Firm
    from assay_web.services.registers import add

    add(Firm, {"name": f"Firm {Firm.objects.count()}"}, by=Account.objects.get(role="owner"))


def _told() -> None:
    from assay_web.records.notices import Told

    Told.objects.create(kind="digest", slot=str(Told.objects.count()))


def _provider() -> None:
    from assay_web.queries.openid import provider
    from assay_web.records.accounts import Account
    from assay_web.services.openid import set_provider

    line = provider()
    version = line.version if line else 0
    says = {
        "label": f"N{version}",
        "issuer": "https://accounts.x.example",
        "client_id": "a",
        "domains": ["x.example"],
    }
    set_provider(says, None, version=version, by=Account.objects.get(role="owner"))


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
        ("/calendar/", _evidence),
        ("/calendar/?month=2026-11", _evidence),
        ("/calendar/GOV-03/", _evidence),
        ("/firms/", _firm),
        ("/firms/sheet/", _firm),
        ("/notices/", _told),
        ("/identity-provider/", _provider),
        ("/privacy/", _hold),
        ("/privacy/?due", _evidence),
        ("/controls/GOV-03/", _evidence),
        ("/risks/", _risk),
        ("/risks/map/?cell=2-2", _risk),
        ("/incidents/", _incident),
        ("/exercises/", _exercise),
        ("/recovery/", _exercise),
        ("/people/training/", _course),
        ("/people/checklists/", _checklist),
        ("/own/", _course),
        ("/own/", _checklist),
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
        "/plan/",
        "/budget/",
        "/proposal/",
        "/watch/",
        "/notices/",
    )
    assert {one: count for one in pages if (count := _queries(client, one)) > MOST} == {}
