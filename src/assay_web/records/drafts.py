"""What people have typed and not yet done: one draft a purpose for the whole home. Drafts are operational: the ledger learns of what comes of them."""

from __future__ import annotations

from django.db import models

from assay_web.records.accounts import Account


class Draft(models.Model):
    """`parts` holds what was typed on each page, field by field, as the browser sent it; `base` is the ledger entry that it began from."""

    purpose = models.CharField(primary_key=True, max_length=60)
    parts = models.JSONField(default=dict)
    base = models.BigIntegerField(null=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    saved = models.DateTimeField()

    def __str__(self) -> str:
        return self.purpose
