"""Lets conclusions follow an act that changes what they rest on."""

from __future__ import annotations

from assay_web.jobs import judge_soon
from assay_web.records.accounts import Account


def conclude_soon(*, by: Account) -> None:
    """Have everything judged anew in the background, after the transaction that is under way."""
    judge_soon(by=by.actor)
