"""The access review that the browser walks: over the demonstration's accounts, the owner's to review, one removal asked for."""

from __future__ import annotations

from datetime import timedelta


def prepare() -> dict[str, str]:
    """Start it and give its id, by the name that addresses have for it."""
    from django.utils import timezone

    from assay_web.queries.review_plan import Choice, Plan, offered
    from assay_web.records.accounts import Account
    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.reviews import start

    owner = Account.objects.get(email="owner@northwind.example")
    lead = Account.objects.get(email="lead@northwind.example")
    systems = tuple(Choice(one.source, one.table, owner, remover=lead) for one in offered())
    due = timezone.localdate() + timedelta(days=14)
    review = start(Plan("Access, fourth quarter", due, systems), by=lead)
    line = review.lines.get(number=1)
    decide(review, {1: line.version}, Verdict("remove", "Not needed any more."), by=owner)
    return {"review": review.pk}
