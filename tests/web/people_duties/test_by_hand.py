"""Workers entered by hand become a list, and so evidence, like those of an HR system."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

SignIn = Callable[[str], "Client"]
NINA = {
    "email": "Nina@northwind.example",
    "kind": "adviser",
    "title": "Board",
    "department": "",
    "manager": "",
    "started": "2026-02-01",
    "ended": "",
    "github_login": "",
    "aws_user_name": "",
}


@pytest.fixture(autouse=True)
def _asked(home: object, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The look is asked for; here the tests look by themselves."""
    asked: list[Any] = []
    monkeypatch.setattr(
        "assay_web.services.people.ask_for", lambda *a, **given: asked.append(given["sources"])
    )
    return asked


def _look() -> None:
    from assay.home.collect_source import collect_from
    from assay.home.sources import sources
    from assay_web.home import current_home
    from tests.web.people_duties.lists import judge_again

    home = current_home()
    [source] = [one for one in sources(home) if one.id == "workers-by-hand"]
    collect_from(home, source, asked_by="schedule")
    judge_again()


def _entry() -> Any:
    from assay.evidence.ledger import Kind
    from assay_web.home import current_home

    ledger = current_home().ledger
    return ledger.body(ledger.last(Kind.ACT))


def test_a_worker_entered_by_hand_is_one_act_and_evidence_after_the_next_look(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    from assay_web.home import current_home
    from assay_web.queries.workers import register_now

    client = signed_in("lead")
    size = current_home().ledger.size()
    assert client.post("/people/add/", NINA).headers["Location"] == "/people/"
    assert current_home().ledger.size() == size + 1
    said = _entry()
    assert (said["act"], said["by"], said["details"]["source"]) == (
        "source.connected",
        cast["lead"].actor,
        "workers-by-hand",
    )
    assert "nina" not in str(said).lower()
    assert "evidence after the next look" in client.get("/people/").content.decode()
    _look()
    nina = register_now().by_email("nina@northwind.example")
    assert nina is not None
    assert (nina.kind, nina.title, nina.has_left) == ("adviser", "Board", False)
    assert "seen as evidence" in client.get("/people/").content.decode()


def test_whom_a_list_names_already_is_refused_and_two_editors_are_told(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    from assay_web.records.people import HandWorker

    client = signed_in("lead")
    taken = client.post("/people/add/", {**NINA, "email": "ben@northwind.example"})
    assert "is on a list of workers already" in taken.content.decode()
    client.post("/people/add/", NINA)
    worker = HandWorker.objects.get()
    there = f"/people/by-hand/{worker.pk}/"
    assert client.post(there, {**NINA, "title": "Chair", "version": 1}).status_code == 302
    second = signed_in("owner").post(there, {**NINA, "title": "Treasurer", "version": 1}).content.decode()
    assert ("Chair" in second, "Treasurer" in second, "Someone changed this entry" in second) == (True,) * 3
    assert client.post(there, {"deed": "remove", "version": 2}).status_code == 302
    _look()
    assert HandWorker.objects.count() == 0


def test_a_last_day_before_the_first_is_refused(cast: dict[str, Account], signed_in: SignIn) -> None:
    answer = signed_in("lead").post("/people/add/", {**NINA, "ended": "2026-01-01"})
    assert "The last day lies before the first." in answer.content.decode()
