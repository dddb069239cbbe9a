"""Vendors on a served home: what is typed of one, how a review is answered, and the ledger's acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.programme.conftest import judged, ledger_since, ledger_size

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["judged", "ledger_since", "ledger_size"]

HOST = {
    "name": "Cumulus Hosting",
    "does": "Hosts the product",
    "website": "https://cumulus.example",
    "contact_email": "canary.person@cumulus.example",
    "contact_name": "Canary Contact",
    "stage": "in_use",
    "data_kinds": ["customer-content", "backups"],
    "access": "changes",
    "bond": "carve_out",
    "why_bond": "The product runs there.",
    "expected_controls": "Guards its data centres",
}
TOOL = {
    "name": "Tickets Ltd",
    "does": "Support desk",
    "stage": "in_use",
    "data_kinds": ["support-conversations"],
    "access": "none",
    "bond": "vendor",
}


@pytest.fixture
def vendor(signed_in: Callable[[str], Client]) -> Callable[..., Any]:
    """Add a vendor as the lead, and give it."""

    def add(**says: Any) -> Any:
        from assay_web.records.vendors import Vendor

        answer = signed_in("lead").post("/vendors/add/", {**HOST, **says})
        assert answer.status_code == 302, answer.content.decode()
        return Vendor.objects.latest("pk")

    return add


def signed(tier: str, **more: Any) -> dict[str, Any]:
    """Give what one sends to sign a review of a tier: yes to everything."""
    from django.utils import timezone

    from assay.catalogue.questionnaires import questionnaire_for
    from assay_web.home import current_home

    today = timezone.localdate()
    asked = questionnaire_for(current_home().content, tier).questions
    answers = {f"q-{one.id}": "yes" for one in asked}
    begun = {
        "starts": today.isoformat(),
        "ends": today.isoformat(),
        "conclusion": "keep",
        "says": "Read and fine.",
        "version": "1",
    }
    return {**answers, **begun, **more}
