"""Pages of vendors ask the database as often over three as over one, and never more than sixty times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.web.test_query_counts import MOST, _queries
from tests.web.vendors.conftest import signed
from tests.web.vendors.test_reports import added

if TYPE_CHECKING:
    from django.test import Client


def test_pages_ask_as_often_over_three_vendors_as_over_one(
    signed_in: Callable[[str], Client], vendor: Callable[..., Any]
) -> None:
    client = signed_in("owner")

    def more(name: str) -> Any:
        made = vendor(name=name)
        found = added(client, made)
        base = f"/vendor_reports/{found.pk}/points"
        client.post(f"{base}/exceptions/", {"lines": "One.\nTwo."})
        client.post(f"{base}/expected/", {"lines": "One.\nTwo."})
        client.post(f"/vendors/{made.pk}/review/", signed("high"))
        return made

    first = more("One")
    pages = (
        "/vendors/",
        "/vendor_reports/",
        "/vendors/subservice/",
        "/vendors/found/",
        "/search/?q=one",
        f"/vendors/{first.pk}/",
        f"/vendors/{first.pk}/review/",
        "/vendor_reports/1/",
    )
    once = {one: _queries(client, one) for one in pages}
    more("Two")
    more("Three")
    assert {one: _queries(client, one) for one in pages} == once
    assert max(once.values()) <= MOST
