"""Scopes that name vendors, set on the served home."""

from __future__ import annotations

from dataclasses import replace

from assay.catalogue import Boundary, Relation, Scope, Supplier


def scope_with(*names: str, relation: Relation = Relation.VENDOR) -> None:
    """Set the scope in force anew, with these vendors in it."""
    from assay.home.judging import SCOPE
    from assay.home.settings import set_setting
    from assay_web.home import current_home
    from assay_web.queries.scoping import scope_in_force

    setting = scope_in_force()
    assert setting is not None
    suppliers = tuple(Supplier(one, "Bookkeeping", relation, ("billing-records",)) for one in names)
    scope = replace(Scope.from_object(setting.value), boundary=Boundary(vendors=suppliers))
    home = current_home()
    set_setting(home, SCOPE, scope.to_object(), home.now(), "ada")
