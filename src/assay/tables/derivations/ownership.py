"""Which account a thing belongs to, where an answer also lists what other accounts own."""

from __future__ import annotations

from assay.evidence.canonical import Json

__all__ = ["owned_by"]


def owned_by(owner: Json, account: str) -> bool:
    """Say whether the number of the owning account is that of the account that was asked."""
    if not isinstance(owner, str):
        raise ValueError("the number of an account is text")  # noqa: TRY004 — a malformed answer, not a mistake of ours
    return owner == account
