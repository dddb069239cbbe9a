"""Keeps what was typed until it becomes an act. Nothing here enters the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from assay_web.records.accounts import Account
from assay_web.records.drafts import Draft


def keep_draft(
    purpose: str, part: str, typed: Mapping[str, Any], *, by: Account, base: int | None = None
) -> None:
    """Keep one page of a draft; its other pages stay. `base` counts for the first page alone."""
    with transaction.atomic():
        draft, _ = Draft.objects.select_for_update().get_or_create(
            purpose=purpose, defaults={"base": base, "by": by, "saved": timezone.now()}
        )
        draft.parts = {**draft.parts, part: _storable(dict(typed))}
        draft.by, draft.saved = by, timezone.now()
        draft.save()


def _storable(value: Any) -> Any:
    """Leave out U+0000, which PostgreSQL stores in no text."""
    match value:
        case str():
            return value.replace("\x00", "")
        case list():
            return [_storable(one) for one in value]
        case dict():
            return {name: _storable(one) for name, one in value.items()}
        case _:
            return value


def drop_draft(purpose: str) -> None:
    """Forget a draft: it was done, or given up."""
    with transaction.atomic():
        Draft.objects.filter(purpose=purpose).delete()


def drop_part(purpose: str, part: str) -> None:
    """Forget one page of a draft; the draft goes with its last."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(purpose=purpose).first()
        if draft is None:
            return
        draft.parts = {name: typed for name, typed in draft.parts.items() if name != part}
        if draft.parts:
            draft.save(update_fields=["parts"])
        else:
            draft.delete()
