"""Lets conclusions follow an act that changes what they rest on."""

from __future__ import annotations

from assay.home.judging import basis_of, judge, present
from assay.home.personal import personal
from assay_web.home import current_home
from assay_web.records.accounts import Account


def conclude_soon(*, by: Account) -> None:
    """Judge what was collected by the scope and evidence in force. It is done here and now: nothing is fetched."""
    home = current_home()
    with personal(home) as people:
        judge(home, basis_of(home, present(home)), people.sealer)
