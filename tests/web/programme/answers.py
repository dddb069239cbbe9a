"""One company's answers to the guided start, as its browser sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "company": {
        "company": "Northwind Metrics",
        "sells": "Usage analytics, by subscription",
        "people": "12",
        "zone": "europe/berlin",
    },
    "system": {"system": "saas"},
    "categories": {
        "availability": "yes",
        "confidentiality": "no",
        "processing_integrity": "no",
        "privacy": "no",
    },
    "running": {
        "uses_cloud": "yes",
        "own_data_centre": "no",
        "develops_software": "yes",
        "customers_sign_in": "yes",
        "single_tenant": "no",
        "uses_sso": "yes",
    },
    "parts": {
        "production": "AWS account northwind-prod\nmetrics-web",
        "tools": "Admin page",
        "access": "Google Workspace",
        "outside": "Marketing site: holds no customer data",
    },
    "data": {"kinds": ["customer-content", "contact-details"], "transfers_personal_data": "no"},
    "vendors": {"vendors": ["Amazon Web Services"], "own": "Hosting Co-op: servers for copies"},
    "people": {"has_contractors": "yes", "office": "remote_only", "workers": "file"},
    "target": {"target": "2028-06-30", "asked": "type_2"},
}


def answer_all(client: Client, **instead: dict[str, str | list[str]]) -> None:
    """Answer every page; each must lead on to the next."""
    for slug, given in {**ANSWERS, **instead}.items():
        went = client.post(f"/start/{slug}/", {**given, "to": "next"})
        assert went.status_code == 302, (slug, went.content.decode()[:3000])
