"""Which account owns a thing, and which address names a user of IAM Identity Center."""

from __future__ import annotations

from typing import Any

import pytest

from assay.tables.derivations import ownership
from assay.tables.shapes import identitystore


def test_a_thing_is_owned_by_the_account_that_was_asked_or_by_another() -> None:
    assert ownership.owned_by("111122223333", "111122223333") is True
    assert ownership.owned_by("444455556666", "111122223333") is False


def test_an_owner_that_is_no_number_is_malformed() -> None:
    with pytest.raises(ValueError, match="account"):
        ownership.owned_by({"Id": "111122223333"}, "111122223333")


@pytest.mark.parametrize(
    ("user", "email"),
    [
        (
            {
                "Emails": [
                    {"Value": "old@northwind.example"},
                    {"Value": "Ben@Northwind.example", "Primary": True},
                ]
            },
            "ben@northwind.example",
        ),
        ({"Emails": [{"Value": "ben@northwind.example"}], "UserName": "ben"}, "ben@northwind.example"),
        ({"Emails": [{"Value": "a@x.example"}, {"Value": "b@x.example"}], "UserName": "ben"}, None),
        ({"UserName": "Ben@northwind.example"}, "ben@northwind.example"),
        ({"UserName": "ben", "Emails": []}, None),
        ({"UserName": "ben", "Emails": [{"Type": "work"}]}, None),
    ],
)
def test_the_address_of_a_user(user: dict[str, Any], email: str | None) -> None:
    (found,) = identitystore.users({"Users": [user]})
    assert found.get("Email") == email
