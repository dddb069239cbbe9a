"""Verbs on the register of commitments. Each is one act; an import is one act over the root of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone

from assay.errors import AssayError
from assay.evidence.canonical import Json, encode
from assay.evidence.merkle import root_of_data
from assay_web.records.accounts import Account
from assay_web.records.commitments import Commitment
from assay_web.services.acting import acting


class CommitmentMovedError(AssayError):
    """Someone else changed a commitment since it was read."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a line of the register says."""

    sort: str
    source: str
    reference: str
    dated: date
    text: str
    criteria: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()

    def to_object(self) -> Json:
        """Give the line as canonical JSON holds it."""
        return {
            **asdict(self),
            "controls": list(self.controls),
            "criteria": list(self.criteria),
            "dated": str(self.dated),
        }


def add_commitment(promise: Promise, *, by: Account) -> Commitment:
    """Add a line."""
    with acting("commitment.added", by, says=promise.to_object(), version=1) as act:
        commitment = _made(promise, by)
        commitment.save(force_insert=True)
        act.details["commitment"] = str(commitment)
    return commitment


def change_commitment(commitment: Commitment, promise: Promise, *, version: int, by: Account) -> None:
    """Change the line that was read as `version`. Raises CommitmentMovedError where it was changed or retired since."""
    details = {"commitment": str(commitment), "says": promise.to_object(), "version": version + 1}
    with acting("commitment.changed", by, **details):
        found = _unmoved(commitment, version)
        _fill(found, promise)
        _changed(found, by)


def retire_commitment(commitment: Commitment, why: str, *, version: int, by: Account) -> None:
    """Retire a line: it stays in the register with the day and the reason. Raises CommitmentMovedError as above."""
    with acting("commitment.retired", by, commitment=str(commitment), version=version + 1, why=why):
        found = _unmoved(commitment, version)
        found.retired, found.why_retired = timezone.now(), why
        _changed(found, by)


def import_commitments(promises: Sequence[Promise], *, by: Account) -> list[Commitment]:
    """Add many lines, or none: one act with their number and the root (RFC 6962) over them in order."""
    root = root_of_data(encode(one.to_object()) for one in promises).hex()
    with acting("commitments.imported", by, root=root, rows=len(promises)) as act:
        made = [_made(one, by) for one in promises]
        for one in made:
            one.save(force_insert=True)
        act.details |= {"first": str(made[0]), "last": str(made[-1])}
    return made


def _made(promise: Promise, by: Account) -> Commitment:
    commitment = Commitment(changed=timezone.now(), changed_by=by)
    _fill(commitment, promise)
    return commitment


def _fill(commitment: Commitment, promise: Promise) -> None:
    for name, value in asdict(promise).items():
        setattr(commitment, name, list(value) if isinstance(value, tuple) else value)


def _unmoved(commitment: Commitment, version: int) -> Commitment:
    found = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if found.version != version or found.retired is not None:
        raise CommitmentMovedError(
            f"{found} was changed since you opened it. Both versions are below; nothing of yours is lost."
        )
    return found


def _changed(commitment: Commitment, by: Account) -> None:
    commitment.version += 1
    commitment.changed, commitment.changed_by = timezone.now(), by
    commitment.save(force_update=True)
