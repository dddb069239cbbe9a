"""Accounts that nobody could be matched to: said by a person, used everywhere, each one act, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]
BEN = {"system": "crm", "name": "b.okafor", "kind": "person", "email": "ben@northwind.example"}


def _unmatched() -> list[str]:
    from assay_web.queries.workers import register_now

    return [one.name for one in register_now().unmatched]


def test_a_confirmed_match_is_used_everywhere_and_can_be_taken_back(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.queries.workers import ref_of
    from assay_web.records.people import AccountMatch

    client = signed_in("lead")
    assert _unmatched() == ["b.okafor", "calendar-sync"]
    assert client.post("/people/accounts/match/", BEN).headers["Location"] == "/people/accounts/"
    assert _unmatched() == ["calendar-sync"]
    theirs = client.get(f"/people/{ref_of('ben@northwind.example')}/").content.decode()
    assert "b.okafor" in theirs
    assert "b.okafor" in signed_in("engineer").get("/own/").content.decode()
    match = AccountMatch.objects.get()
    client.post(f"/people/accounts/{match.pk}/undo/")
    assert _unmatched() == ["b.okafor", "calendar-sync"]
    said = acts()[-2:]
    assert [one["act"] for one in said] == ["account_match.made", "account_match.undone"]
    assert {one["by"] for one in said} == {cast["lead"].actor}
    assert "okafor" not in str(said)
    assert "ben@" not in str(said)


def test_a_service_account_has_an_owner_and_a_reason(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    client = signed_in("lead")
    given = {"system": "crm", "name": "calendar-sync", "kind": "service", "email": "ada@northwind.example"}
    before = len(acts())
    refused = client.post("/people/accounts/match/", given)
    assert "Say why the account is no single person" in refused.content.decode()
    assert len(acts()) == before
    client.post("/people/accounts/match/", {**given, "reason": "Copies meetings."})
    page = client.get("/people/accounts/").content.decode()
    assert ("service account" in page, "Copies meetings." in page) == (True, True)
    assert _unmatched() == ["b.okafor"]


def test_what_is_no_unmatched_account_is_not_there(cast: dict[str, Account], signed_in: SignIn) -> None:
    client = signed_in("lead")
    for name in ("will", "nobody"):
        assert client.post("/people/accounts/match/", {**BEN, "name": name}).status_code == 404
    assert client.post("/people/accounts/9/undo/").status_code == 404
    assert "Choose a worker" in client.get("/people/accounts/?system=crm&name=b.okafor").content.decode()
    stranger = client.post("/people/accounts/match/", {**BEN, "email": "x@elsewhere.example"})
    assert stranger.status_code == 200
    assert _unmatched() == ["b.okafor", "calendar-sync"]
