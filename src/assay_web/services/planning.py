"""Verbs on what there is one of: the plan, the budget, the request for proposal. Each is one act."""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, transaction

from assay_web.records.accounts import Account
from assay_web.records.auditor import ONLY
from assay_web.records.registers import Line
from assay_web.services.registers import LineMovedError, Says, add, change

L = TypeVar("L", bound=Line)


def keep(kind: type[L], says: Says, *, version: int, by: Account) -> L:
    """Keep what the one line of a kind says, read as `version`, 0 where there was none. Raises LineMovedError where someone was faster."""
    found = kind._default_manager.filter(pk=ONLY).first()
    if found is not None:
        return change(found, says, version=version, by=by)
    try:
        with transaction.atomic():
            return add(kind, says, by=by, pk=ONLY)
    except IntegrityError as error:
        raise LineMovedError(
            "Someone else saved this at the same moment. Both versions are below; nothing of yours is lost."
        ) from error
