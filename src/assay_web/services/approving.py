"""Approving what was asked for, by another person where there is one. The rule for every approval stands here once."""

from __future__ import annotations

from typing import Any

from assay.errors import AssayError
from assay_web.access import May, allowed
from assay_web.queries.approving import approvers_for
from assay_web.records.accounts import Account


class SegregationError(AssayError):
    """Somebody may not approve this: another person has to, or the right is not theirs."""


def segregation(permission: May, *, by: Account, asked_by: Account, makes_up: str) -> dict[str, Any]:
    """Give what the act of an approval says of the separation of duties; nothing where another person approves.

    Who asked can approve only where nobody else could, and says in `makes_up` which compensating control makes up for it. To be called
    inside the transaction of the approval. Raises SegregationError.
    """
    if not allowed(by, permission):
        raise SegregationError(f"{by} cannot approve this. Ask an owner or an adviser.")
    if by.pk != asked_by.pk:
        return {}
    others = approvers_for(permission, asked_by=asked_by).others
    if others:
        raise SegregationError(
            f"You asked for this yourself. Another person has to approve it: {', '.join(map(str, others[:3]))} can."
        )
    if not makes_up.strip():
        raise SegregationError(
            "Nobody else can approve this, so you may, and it is recorded that duties were not segregated. Say what makes up for it: who looks at it later, or what limits the harm."
        )
    return {"compensating": makes_up, "lack_of_segregation": True}
