"""Saying whose assets are and what they hold. Each is one act; the assets themselves are never written."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from assay_web.records.accounts import Account
from assay_web.records.continuity import AssetAssignment
from assay_web.services.registers import LineMovedError, add, change, end


@dataclass(frozen=True, slots=True)
class Target:
    """What is assigned: all of a kind, those with a tag, or one asset by its key, called `label`."""

    reach: str
    kind: str
    match: str
    label: str


def assign(
    target: Target, *, owner: Account | None, data_class: str, version: int, by: Account
) -> AssetAssignment:
    """Say whose `target` is and what it holds; what was said of it before (read as `version`, 0 for nothing) is changed. Raises LineMovedError."""
    found = AssetAssignment.objects.filter(
        reach=target.reach, kind=target.kind, match=target.match, ended=None
    ).first()
    says = {
        "reach": target.reach,
        "kind": target.kind,
        "match": target.match,
        "label": target.label,
        "owner": owner,
        "data_class": data_class,
    }
    if found is not None:
        return change(found, says, version=version, by=by)
    try:
        with transaction.atomic():
            return add(AssetAssignment, says, by=by)
    except IntegrityError as error:
        raise LineMovedError(
            "Someone else said so of this at the same moment. Look at what stands now, then say it again."
        ) from error


def unassign(assignment: AssetAssignment, *, version: int, by: Account, why: str) -> None:
    """Take an assignment back, with the reason. Raises LineMovedError."""
    end(assignment, why or "No longer so.", version=version, by=by)
