"""One served home for each module, with a log-in for each role, and what its ledger gained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.homes import HOST, served

if TYPE_CHECKING:
    from django.test import Client

SignIn = Callable[[str], "Client"]
Acts = Callable[[Callable[[], object]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the served home."""
    with served(tmp_path_factory.mktemp("planning")) as path:
        from django.conf import settings

        allowed, settings.ALLOWED_HOSTS = settings.ALLOWED_HOSTS, ["localhost"]
        _accounts()
        yield path
        settings.ALLOWED_HOSTS = allowed


def _accounts() -> None:
    from assay_web.records.accounts import Role
    from assay_web.services.accounts import make_account

    for role in Role:
        make_account(
            by="host",
            name=f"{role.label} Example",
            email=f"{role.value}@northwind.example",
            role=role,
            needs_second_factor=False,
        )


@pytest.fixture
def sign_in(company: Path) -> SignIn:
    """Give a browser that is signed in as a role."""
    from django.test import Client

    from assay_web.records.accounts import Account

    def client(role: str) -> Client:
        found = Client(headers={"host": HOST})
        found.force_login(Account.objects.get(role=role))
        return found

    return client


@pytest.fixture
def acts_of(company: Path) -> Acts:
    """Give the acts that the ledger gained while something was done."""
    from assay_web.home import current_home

    def acts(do: Callable[[], object]) -> list[dict[str, Any]]:
        home = current_home()
        size = home.ledger.size()
        do()
        return [home.ledger.body(one) or {} for one in current_home().ledger.entries(size)]

    return acts
