"""Verbs on what may be a vendor: onto the register as its form says, or no vendor, because."""

from __future__ import annotations

from assay_web.queries.vendor_discovery import Suggestion
from assay_web.records.accounts import Account
from assay_web.records.vendors import NotVendor, Vendor
from assay_web.services import registers
from assay_web.services.registers import Says


def add_found(found: Suggestion, says: Says, *, by: Account) -> Vendor:
    """Add a vendor that was found, with the records by which sources show it."""
    return registers.add(Vendor, says, by=by, shown_by=list(found.shown_by))


def dismiss(found: Suggestion, why: str, *, by: Account) -> NotVendor:
    """Say that something is no vendor, because."""
    return registers.add(NotVendor, {"key": found.key, "name": found.name, "why": why}, by=by)


def ask_again(dismissed: NotVendor, *, version: int, by: Account) -> None:
    """Let something be suggested again. Raises LineMovedError."""
    registers.end(dismissed, "Asked again.", version=version, by=by)
