"""Setting the scope: one act, whose value is the whole scope with its boundary."""

from __future__ import annotations

from django.db import transaction

from assay.catalogue import Scope, load_catalogue, tailor
from assay.errors import AssayError
from assay.home.judging import SCOPE
from assay.home.settings import set_setting, setting_at
from assay_web.home import current_home
from assay_web.queries.start import PURPOSE
from assay_web.records.accounts import Account
from assay_web.services.concluding import conclude_soon
from assay_web.services.drafts import drop_draft


class ScopeMovedError(AssayError):
    """Someone else set the scope since the preview was drawn."""


def set_scope(scope: Scope, *, by: Account, over: int | None) -> int:
    """Set the scope from now on, in place of the version that entry `over` set; gives the act's index, and lets conclusions follow.

    Raises ScopeError where it cannot stand, ScopeMovedError where another version is in force by now.
    """
    home = current_home()
    tailor(load_catalogue(home.content), scope)
    with transaction.atomic():
        found = setting_at(home, SCOPE, home.now())
        if (found.entry if found else None) != over:
            raise ScopeMovedError(
                "Someone else set the scope since this page was drawn. It now compares with the newest version; look again, then confirm."
            )
        entry = set_setting(home, SCOPE, scope.to_object(), home.now(), by.actor)
        drop_draft(PURPOSE)
    conclude_soon(by=by)
    return entry
