"""Tokens: what they may do, what ends them, that their secret is kept nowhere, and that guessing is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.api.conftest import Program

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

Give = Callable[..., Program]
PROMISE = {
    "sort": "commitment",
    "source": "sla",
    "dated": "2026-03-31",
    "text": "The service is available 99.9 % of each month.",
}


def test_without_a_token_that_holds_nothing_is_told(without_token: Program) -> None:
    status, said = without_token.get("/standing")
    assert (status, said["title"]) == (401, "A token is needed")
    without_token.headers = {"Authorization": "Bearer assay_" + "x" * 43}
    assert without_token.get("/standing")[0] == 401
    without_token.headers = {"Authorization": "Basic YWRhOnB3"}
    assert without_token.post("/commitments", PROMISE)[0] == 401


def test_a_session_is_no_token(signed_in: Callable[[str], Client]) -> None:
    assert signed_in("owner").get("/api/v1/standing").status_code == 401


def test_a_token_goes_as_far_as_its_scope_and_its_account(program: Give) -> None:
    assert program("owner", "read").get("/standing")[0] == 200
    assert program("owner", "read").post("/commitments", PROMISE)[0] == 403
    assert program("owner", "work").post("/commitments", PROMISE)[0] == 403
    assert program("owner", "work").post("/tasks", {"what": "Look"})[0] == 201
    assert program("reader", "manage").post("/tasks", {"what": "Look"})[0] == 403
    assert program("worker", "manage").get("/standing")[0] == 403
    assert program("owner", "manage").post("/commitments", PROMISE)[0] == 201


@pytest.mark.parametrize("ends", ["revoked", "password", "role", "disabled", "expired"])
def test_what_ends_sessions_ends_tokens(program: Give, cast: dict[str, Account], ends: str) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.records.accounts import Role
    from assay_web.records.tokens import ApiToken
    from assay_web.services import accounts
    from assay_web.services.tokens import revoke_token

    lead, owner = program("lead"), cast["owner"]
    assert lead.get("/standing")[0] == 200
    match ends:
        case "revoked":
            revoke_token(ApiToken.objects.get(), by=cast["lead"])
        case "password":
            accounts.renew_password(
                by=cast["lead"], account=cast["lead"], password="another long pass phrase"
            )
        case "role":
            accounts.change_role(by=owner, account=cast["lead"], role=Role.ENGINEER)
        case "disabled":
            accounts.disable(by=owner, account=cast["lead"])
        case "expired":
            ApiToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert lead.get("/standing")[0] == 401


def test_a_token_is_made_in_the_browser_shown_once_and_kept_as_a_digest(
    signed_in: Callable[[str], Client], home: Path, program: Give
) -> None:
    import re

    from django.db import connection

    browser = signed_in("engineer")
    page = browser.post("/account/tokens/", {"name": "Nightly", "scope": "read", "days": "30"})
    (secret,) = re.findall(r"assay_[\w-]{43}", page.content.decode())
    assert secret not in browser.get("/account/tokens/").content.decode()
    connection.close()
    assert all(secret.encode() not in one.read_bytes() for one in home.rglob("*") if one.is_file())
    sent = program("reader")
    sent.headers = {"Authorization": f"Bearer {secret}"}
    assert sent.get("/standing")[0] == 200
    assert sent.get("/commitments")[0] == 200


def test_nobody_revokes_the_token_of_another(signed_in: Callable[[str], Client], program: Give) -> None:
    from assay_web.records.tokens import ApiToken

    lead = program("lead")
    number = ApiToken.objects.get().pk
    assert signed_in("owner").post(f"/account/tokens/{number}/revoke/").status_code == 404
    assert lead.get("/standing")[0] == 200
    assert signed_in("lead").post(f"/account/tokens/{number}/revoke/").status_code == 302
    assert lead.get("/standing")[0] == 401


def test_guessing_is_counted(without_token: Program) -> None:
    without_token.headers = {"Authorization": "Bearer assay_" + "x" * 43}
    answers = [without_token.get("/standing")[0] for _ in range(31)]
    assert answers == [401] * 30 + [429]


def test_names_of_people_are_for_those_who_may_see_people(program: Give) -> None:
    assert program("reader").get("/activity")[0] == 403
    status, said = program("auditor").get("/activity")
    assert (status, said["items"][0]["says"]) == (200, "Made: token")
