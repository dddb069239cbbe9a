"""A home for each test, served; the cast; and clients that are signed in as one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.homes import HOST, served

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

PASSWORD = "a long enough pass phrase"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of the home that is served in this test."""
    with served(tmp_path) as path:
        yield path


@pytest.fixture
def cast(home: Path) -> dict[str, Account]:
    """One account for each role, by the role's name; none of them needs a second factor."""
    from assay_web.records.accounts import Account, Role
    from assay_web.services.accounts import make_account

    names = {
        "owner": "Olga",
        "lead": "Ada",
        "engineer": "Ben",
        "reader": "Rosa",
        "worker": "Will",
        "auditor": "Chloe",
        "adviser": "Dora",
    }
    made = {
        role.value: make_account(
            by="host",
            name=f"{names[role.value]} Example",
            email=f"{names[role.value].lower()}@northwind.example",
            role=role,
            needs_second_factor=False,
        )
        for role in Role
    }
    Account.objects.update(password=_hashed())  # hashed once: it takes a while on purpose
    return {role: Account.objects.get(pk=account.pk) for role, account in made.items()}


@cache
def _hashed() -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def anonymous(home: Path) -> Client:
    """A browser that is not signed in."""
    from django.test import Client

    return Client(headers={"host": HOST}, enforce_csrf_checks=False)


@pytest.fixture
def signed_in(cast: dict[str, Account]) -> Callable[[str], Client]:
    """Give a browser that is signed in as one of the cast."""
    from django.test import Client

    def sign_in(role: str) -> Client:
        client = Client(headers={"host": HOST})
        client.force_login(cast[role])
        return client

    return sign_in
