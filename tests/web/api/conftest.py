"""Programs that send a token of one of the cast."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.homes import HOST

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from assay_web.records.accounts import Account

BASE = "/api/v1"


class Program:
    """Sends requests with one token; gives status and JSON."""

    def __init__(self, client: Client, secret: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return _read(self.client.get(BASE + path, query, headers=self.headers))

    def post(self, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return _read(
            self.client.post(BASE + path, body or {}, content_type="application/json", headers=headers)
        )


def _read(answer: HttpResponse) -> tuple[int, Any]:
    return answer.status_code, answer.json()  # type: ignore[attr-defined]


@pytest.fixture
def program(cast: dict[str, Account]) -> Callable[..., Program]:
    """Give a program with a token of one of the cast, of a scope."""
    from django.test import Client

    from assay_web.records.tokens import TokenScope
    from assay_web.services.tokens import make_token

    def give(role: str, scope: str = "manage", days: int = 90) -> Program:
        _, secret = make_token(cast[role], name="for a test", scope=TokenScope(scope), days=days)
        return Program(Client(headers={"host": HOST}), secret)

    return give


@pytest.fixture
def without_token(home: object) -> Program:
    from django.test import Client

    return Program(Client(headers={"host": HOST}), "")
