"""The permission matrix of the programming interface: what each token gets of every operation, as tests/web/api_permission_matrix.txt says by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.homes import HOST
from tests.web.test_permission_matrix import NUMBER, OTHER, _task_and_acceptance

if TYPE_CHECKING:
    from assay_web.records.accounts import Account

FILE = Path(__file__).with_name("api_permission_matrix.txt")
LINES = FILE.read_text().splitlines()
PRINCIPALS = next(line for line in LINES if "none session" in line).lstrip("# ").split()
ROWS = [line.split() for line in LINES if line and not line.startswith("#")]


def test_every_operation_has_a_row(home: Path) -> None:
    """An operation that nobody reviewed fails here, whatever it does."""
    from django.urls import resolve

    from assay_web.api.everything import schema, urls

    routes = {str(one.pattern) for one in urls()}
    assert {resolve(_path(address, "x")).route for _, address, *_ in ROWS} == routes
    described = [(method.upper(), path) for path, there in schema()["paths"].items() for method in there]
    assert len(described) == len(ROWS) - 1, "the description itself is no operation"
    assert len({(method, address) for method, address, *_ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_each_token_gets_what_the_matrix_says(home: Path, cast: dict[str, Account], principal: str) -> None:
    from django.test import Client

    from assay_web.records.jobs import Job, JobKind

    job = Job.objects.create(kind=JobKind.JUDGE, asked_by="host").pk
    _task_and_acceptance(cast)
    client = Client(headers={"host": HOST})
    if principal == "session":
        client.force_login(cast["owner"])
    secret = _secret(principal, cast)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    wrong = []
    for method, address, *gets in sorted(ROWS):
        path = _path(address, job)
        asked = [(method, gets[PRINCIPALS.index(principal)]), *((other, "405") for other in OTHER)]
        for verb, wanted in asked:
            got = str(
                client.generic(verb, path, "{}", content_type="application/json", headers=headers).status_code
            )
            wrong += [] if got == wanted else [f"{verb} {address}: {got}, not {wanted}"]
        _forget_the_count()
    assert "\n".join(wrong) == ""


def _path(address: str, job: str) -> str:
    return address.partition("?")[0].format(task=NUMBER, job=job) + (
        "?" + address.partition("?")[2] if "?" in address and job != "x" else ""
    )


def _secret(principal: str, cast: dict[str, Account]) -> str:
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.records.accounts import Account, State
    from assay_web.records.tokens import ApiToken, TokenScope
    from assay_web.services.tokens import make_token, revoke_token

    if principal in {"none", "session"}:
        return ""
    role, _, scope = principal.partition(":")
    owner = cast["owner"]
    account = cast.get(role, owner)
    made, secret = make_token(account, name="matrix", scope=TokenScope(scope or "manage"), days=1)
    match principal:
        case "revoked":
            revoke_token(made, by=owner)
        case "expired":
            ApiToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
        case "disabled":
            Account.objects.filter(pk=owner.pk).update(state=State.DISABLED)
    return secret


def _forget_the_count() -> None:
    """Tokens that do not hold are counted, and many are sent here."""
    from django.core.cache import cache

    cache.clear()
