"""The page Privacy: an owner finds a person, sees where they stand, and erases them; holds refuse it; what is due is purged once a word was typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assay.evidence.ledger import Kind
from assay_web.home import current_home

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

GONE = "will@northwind.example"


def asked(**more: str) -> dict[str, str]:
    return {"person": GONE, "also": "Will Example", **more}


def test_looking_shows_where_they_stand_and_changes_nothing(signed_in: Callable[[str], Client]) -> None:
    owner, size = signed_in("owner"), current_home().ledger.size()
    page = owner.post("/privacy/find/", asked()).content.decode()
    assert '1 in <span class="id">records_account</span>' in page
    assert "1 account that lets nobody in afterwards" in page
    assert current_home().ledger.size() == size
    nobody = owner.post("/privacy/find/", {"person": "nobody@northwind.example"}).content.decode()
    assert "This person is nowhere in the home" in nobody


def test_an_owner_erases_a_person_and_everyone_signs_in_anew(
    signed_in: Callable[[str], Client], cast: dict[str, Account]
) -> None:
    owner, reader, size = signed_in("owner"), signed_in("reader"), current_home().ledger.size()
    mistyped = owner.post("/privacy/erase/", asked(basis="asked", again="will@northwind"))
    assert "This is not whom you looked for" in mistyped.content.decode()
    assert current_home().ledger.size() == size
    done = owner.post("/privacy/erase/", asked(basis="They asked for it.", again=GONE))
    assert "The person is erased" in done.content.decode()
    (erasure,) = current_home().ledger.entries(size, Kind.ERASURE)
    body = current_home().ledger.body(erasure)
    assert (body["by"], body["basis"]) == (cast["owner"].actor, "They asked for it.")
    assert [client.get("/").status_code for client in (owner, reader)] == [302, 302]
    worker = cast["worker"]
    worker.refresh_from_db()
    assert (worker.name, worker.email, worker.state) == (f"[erased {body['mark']}]",) * 2 + ("disabled",)
    signed_in("lead")
    page = signed_in("owner").get("/accounts/").content.decode()
    assert GONE not in page
    assert f"[erased {body['mark']}]" in page


def test_a_hold_refuses_the_erasure_until_it_is_lifted(signed_in: Callable[[str], Client]) -> None:
    owner = signed_in("owner")
    owner.post("/privacy/holds/", {"reason": "a claim", "person": GONE})
    page = owner.get("/privacy/").content.decode()
    assert "a claim" in page
    assert GONE not in page
    refused = owner.post("/privacy/erase/", asked(basis="asked", again=GONE)).content.decode()
    assert "Nothing was erased" in refused
    from assay.home.holds import holds

    (hold,) = holds(current_home())
    owner.post(f"/privacy/holds/{hold.id}/lift/")
    assert (
        "The person is erased"
        in owner.post("/privacy/erase/", asked(basis="asked", again=GONE)).content.decode()
    )


def test_a_hold_needs_both_days_or_none(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("owner").post("/privacy/holds/", {"reason": "x", "first": "2026-01-01"}).content.decode()
    assert "Give both days, or none." in page


def test_what_is_due_is_purged_once_the_word_was_typed(
    signed_in: Callable[[str], Client], cast: dict[str, Account]
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.records.drafts import Draft

    Draft.objects.create(purpose="old", parts={}, by=cast["lead"], saved=timezone.now() - timedelta(days=400))
    Draft.objects.create(purpose="new", parts={}, by=cast["lead"], saved=timezone.now())
    owner, size = signed_in("owner"), current_home().ledger.size()
    assert "1 thing is due" in owner.get("/privacy/?due").content.decode()
    owner.post("/privacy/purge/", {"word": ""})
    assert (Draft.objects.count(), current_home().ledger.size()) == (2, size)
    owner.post("/privacy/purge/", {"word": "purge"})
    assert [one.purpose for one in Draft.objects.all()] == ["new"]
    (act,) = current_home().ledger.entries(size)
    said = current_home().ledger.body(act)
    assert (said["act"], said["by"], said["details"]) == (
        "retention.purged",
        cast["owner"].actor,
        {"rows": {"records_draft": 1}},
    )


def test_what_this_process_remembers_is_forgotten_when_another_erases(
    signed_in: Callable[[str], Client], home: Path, cast: dict[str, Account]
) -> None:
    """The worker, the command line and the pages are processes of their own; each looks at the mark of erasures before it uses what it holds."""
    engineer = signed_in("engineer")
    from assay.evidence.manual import How, ManualEvidence, Method
    from assay.home.manual import add_evidence
    from assay_web.queries.evidence import pieces

    home_now = current_home()
    add_evidence(
        home_now,
        ManualEvidence(
            by=cast["owner"].actor,
            control="GOV-03",
            shows=f"{GONE} was trained.",
            observed=home_now.now(),
            captured_by=cast["owner"].actor,
            how=How(Method.OBSERVATION),
            note="Seen.",
        ),
    )
    assert pieces()[0].evidence.shows == f"{GONE} was trained."
    command = [sys.executable, "-m", "assay", "--home", str(home), "erase", GONE, "--basis", "asked", "--yes"]
    looked = subprocess.run(
        [*command[:7], "--dry-run", "--json"], env={**os.environ}, capture_output=True, text=True, check=True
    )
    assert json.loads(looked.stdout)["accounts"] == 1
    done = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert pieces()[0].evidence.shows.startswith("[erased ")
    assert GONE not in signed_in("engineer").get("/evidence/").content.decode()
    assert engineer.get("/evidence/").status_code == 302


def test_no_query_remembers_anything_that_an_erasure_would_not_take_away() -> None:
    import assay_web

    root = Path(assay_web.__file__).parent / "queries"
    assert [one.name for one in sorted(root.glob("*.py")) if "lru_cache" in one.read_text()] == []
